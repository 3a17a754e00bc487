"""Which sign-in names are one person's: those that differ only by what a reader does not see.

Case, accents, invisible characters, compatibility forms (NFKD) and letters that look alike (Unicode TS 39)
make no difference. A letter and its capital can look like two different letters (Greek eta), so a
name has a key for each spelling, and two names are one person's if they share one.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from monographs.core.visible_text import visible

#: Derived from Unicode's table; the file names its source.
_TABLE_FILE = Path(__file__).with_name("confusables.txt")
#: Small letters that look like others although their capitals do not, and the digit that looks like a letter.
_ALIKE = str.maketrans({"i": "l", "1": "l", "0": "o", "m": "rn"})


def _lookalikes() -> Iterator[tuple[int, str]]:
    lines = _TABLE_FILE.read_text(encoding="utf-8").splitlines()
    for group in (group for line in lines if not line.startswith("#") for group in line.split(";")):
        prototype, _, sources = group.partition(":")
        plain = "".join(chr(int(code, 16)) for code in prototype.split())
        yield from ((int(code, 16), plain) for code in sources.split())


_TABLE = dict(_lookalikes())


def looks_like(letter: str) -> bool:
    """Whether Unicode's table says that ``letter`` looks like a letter or digit of ASCII."""
    return _TABLE.get(ord(letter), "").isascii() and ord(letter) in _TABLE


def _without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return visible("".join(c for c in decomposed if not unicodedata.category(c).startswith("M")))


def _skeleton(text: str) -> str:
    """What ``text`` looks like, in small letters without accents."""
    for _ in range(2):  # what a letter looks like can have a capital that looks like another
        text = _without_marks(_without_marks(text).translate(_TABLE)).casefold()
    return text.translate(_ALIKE)


@lru_cache(maxsize=4096)
def sign_in_keys(username: str) -> frozenset[str]:
    """The keys of a sign-in name; two names that share one are one person's. Empty for a blank name."""
    plain = _without_marks(username)
    spellings = (username, plain.casefold(), plain.upper())
    return frozenset(key for key in map(_skeleton, spellings) if key)


def same_person(one: str, other: str) -> bool:
    """Whether two sign-in names are one person's."""
    return not sign_in_keys(one).isdisjoint(sign_in_keys(other))
