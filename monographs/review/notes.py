"""Notes on a page: which are open, what they are about, and where their words stand now.

Whoever may enter the desk may read them; who may write, answer and close them is decided in ``policy``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from monographs.document.models import BaseDocument
from monographs.redline import SectionRedline, redline
from monographs.review.models import Note, NoteStatus

#: Characters kept of the words before and after a passage (as many as the columns hold).
CONTEXT = 64


def notes_of(key: Any) -> list[Note]:
    """Every note of a page with its answers, oldest first. Two queries."""
    return list(Note.objects.filter(key=key).prefetch_related("replies"))


def open_notes(key: Any) -> list[Note]:
    """Notes that keep a page from being signed, with their answers, oldest first. Two queries."""
    return list(Note.objects.filter(key=key, status=NoteStatus.OPEN).prefetch_related("replies"))


@dataclass(frozen=True, slots=True)
class PlacedNote:
    """A note beside a text.

    ``heading`` is what its section is called. ``found`` says whether the text still has the section and, of a
    passage, the words. ``start`` and ``end`` count characters of the section's words, if it has the passage.
    """

    note: Note
    heading: str
    found: bool
    start: int | None = None
    end: int | None = None

    @property
    def lost(self) -> str:
        """What a reader is told when the text has moved on; empty when it has not."""
        if self.found:
            return ""
        if self.note.quote:
            return "The passage is no longer there."
        return "The section is no longer there."


def beside(notes: Iterable[Note], document: BaseDocument) -> dict[str, list[PlacedNote]]:
    """``notes`` by section (the anchor of ``document``'s redline), each with its place in the text."""
    sections = {section.anchor: section for section in redline(None, document).sections}
    placed: dict[str, list[PlacedNote]] = {}
    for note in notes:
        placed.setdefault(note.section, []).append(_place(note, sections.get(note.section)))
    return placed


def _place(note: Note, section: SectionRedline | None) -> PlacedNote:
    if section is None:
        return PlacedNote(note, heading_of(note.section), found=False)
    if not note.quote:
        return PlacedNote(note, section.heading, found=True)
    place = find_passage(section.new_text, note.quote, note.prefix, note.suffix)
    if place is None:
        return PlacedNote(note, section.heading, found=False)
    return PlacedNote(note, section.heading, True, *place)


def heading_of(anchor: str) -> str:
    """What a section is called that a text no longer has."""
    return anchor.replace("_", " ").capitalize()


def find_passage(text: str, quote: str, prefix: str = "", suffix: str = "") -> tuple[int, int] | None:
    """Where ``quote`` stands in ``text``; of several places the one whose surroundings fit best.

    As W3C's TextQuoteSelector, but blind to spaces: a browser's selection has none, or other ones, between
    lines. None when the words are no longer there.
    """
    places = [n for n, letter in enumerate(text) if not letter.isspace()]
    letters, sought = _letters(text), _letters(quote)
    if not sought:
        return None
    before, after = _letters(prefix), _letters(suffix)
    best: tuple[int, int] | None = None
    start = letters.find(sought)
    while start >= 0:
        end = start + len(sought)
        fit = _common_end(letters[:start], before) + _common_start(letters[end:], after)
        if best is None or fit > best[0]:
            best = (fit, start)
        start = letters.find(sought, start + 1)
    if best is None:
        return None
    return places[best[1]], places[best[1] + len(sought) - 1] + 1


def _letters(text: str) -> str:
    return "".join(text.split())


def _common_start(text: str, other: str) -> int:
    return next(
        (n for n, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), min(len(text), len(other))
    )


def _common_end(text: str, other: str) -> int:
    return _common_start(text[::-1][: len(other)], other[::-1])
