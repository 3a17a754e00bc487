"""What abbreviations stand for: ``expansions.toml``, and what the text itself explains later."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from monographs.rules.remedy import Remedy, remedy_at
from monographs.rules.text_index import TextPassage

_ARTICLE = re.compile(r"\b(an?)\s+$", re.IGNORECASE)


@cache
def _listed() -> dict[str, str]:
    found: dict[str, str] = tomllib.loads(Path(__file__).with_name("expansions.toml").read_text("utf-8"))[
        "expansions"
    ]
    return found


def expansion_of(short: str, texts: Iterable[str]) -> str:
    """Return what ``short`` stands for, empty if that is not known.

    What one of ``texts`` explains, as “cytokine release syndrome (CRS)”, goes before the list.
    """
    letters = [letter for letter in short if letter.isalpha()]
    initials = r"[\s-]+(?:(?:of|the|and|in|for)\s+)?".join(rf"{re.escape(letter)}\w*" for letter in letters)
    explained = re.compile(rf"\b({initials})\s+\({re.escape(short)}\)", re.IGNORECASE)
    for text in texts if len(letters) > 1 else ():
        if match := explained.search(text):
            words = match[1]
            return words[0].lower() + words[1:] if words[1:2].islower() else words
    return _listed().get(short, "")


def expansion_remedy(passage: TextPassage, span: tuple[int, int], expansion: str) -> tuple[Remedy, ...]:
    """Return the remedy that writes ``expansion`` before the abbreviation, with the article that fits it."""
    start, end = span
    short = passage.text[start:end]
    replacement = f"{expansion} ({short})"
    if article := _ARTICLE.search(passage.text[:start]):
        fitting = "an" if expansion[0].lower() in "aeiou" else "a"
        fitting = fitting.capitalize() if article[1][0].isupper() else fitting
        return remedy_at(passage, (article.start(), end), f"{fitting} {replacement}")
    return remedy_at(passage, span, replacement)
