"""The texts of editions that this process has read last, so that the database need not send them again.

A text is known by its hash, which is that of nothing else, so an entry never becomes wrong.
"""

from dataclasses import dataclass
from threading import Lock

from cachetools import LRUCache

#: Texts that are known per process: 34 kB for a long one.
_CACHE_SIZE = 256

#: A path, and the number of an edition if it is not the current one.
Place = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class KnownText:
    """The canonical text of an edition and its hash."""

    sha256: str = ""
    canonical: str | None = None


class LastTexts:
    """The last text at each place."""

    def __init__(self) -> None:
        self._texts: LRUCache[Place, KnownText] = LRUCache(maxsize=_CACHE_SIZE)
        self._lock = Lock()

    def at(self, place: Place) -> KnownText:
        """Return the text that was last at a place, an empty one if there was none."""
        with self._lock:
            return self._texts.get(place, KnownText())

    def text_of(self, place: Place, sent: str | None, sha256: str | None, known: KnownText) -> str | None:
        """Return the text with ``sha256``: what was sent, or what was known; None without an edition."""
        if sent is not None and sha256 is not None:
            with self._lock:
                self._texts[place] = KnownText(sha256, sent)
            return sent
        return known.canonical if sha256 is not None and sha256 == known.sha256 else None


known_texts = LastTexts()
