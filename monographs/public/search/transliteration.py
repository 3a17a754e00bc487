"""Cyrillic and Greek names in Latin letters, to compare them by sound with names of medicines.

What it gives is never taken for a misspelt name without asking.
"""

from functools import cache
from pathlib import Path

_LETTERS = Path(__file__).with_name("data") / "letters.txt"


def in_latin(normalised: str) -> str:
    """Return a normalised name in Latin letters; other scripts, such as Arabic and Chinese, stay."""
    if normalised.isascii():
        return normalised
    for letters, sound in _readings():
        normalised = normalised.replace(letters, sound)
    return normalised


@cache
def _readings() -> tuple[tuple[str, str], ...]:
    lines = _LETTERS.read_text(encoding="utf-8").splitlines()
    fields = (line.split() for line in lines if line and not line.startswith("#"))
    return tuple((letters, "".join(sound)) for letters, *sound in fields)
