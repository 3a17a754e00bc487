"""Queries that speak of suicide, overdose, poisoning, or of a child that swallowed a medicine.

They are answered with telephone lines before all else, whatever else is found. The phrases are data
(``help_triggers.toml``). A box too many does little harm, a missing one may cost a life: in doubt a query
gets it, but words such as *kills cancer cells* do not.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from rapidfuzz.distance import OSA

from monographs.core.help_lines import HelpLine, emergency_line, poison_line, suicide_line
from monographs.public.search.phrases import phrase_pattern, plain_words

_DATA = Path(__file__).with_name("help_triggers.toml")
#: Words that are recognised although one letter is wrong, two from ``LONG`` letters on.
_RECOGNISED = (
    "suicide",
    "suicidal",
    "overdose",
    "overdosed",
    "poisoned",
    "poisoning",
    "swallowed",
    "toddler",
)
LONG = 8


class Emergency(StrEnum):
    """What a help box is for."""

    SUICIDE = "suicide"
    POISON = "poison"


@dataclass(frozen=True, slots=True)
class HelpBox:
    """The telephone lines that are shown before the results of a query."""

    emergencies: frozenset[Emergency]
    emergency: HelpLine
    suicide: HelpLine | None = None
    poison: HelpLine | None = None

    def as_record(self) -> dict[str, Any]:
        """Return plain data for the API."""
        lines = [line for line in (self.suicide, self.poison, self.emergency) if line]
        return {
            "for": sorted(self.emergencies),
            "lines": [line.as_record() for line in lines],
        }


def help_box(query: str) -> HelpBox | None:
    """Return the help box that ``query`` needs, if any."""
    words = " ".join(map(_spelt, plain_words(query).split()))
    triggers = _triggers()
    found = frozenset(kind for kind in Emergency if triggers[kind].is_met(words))
    if not found:
        return None
    return HelpBox(
        found,
        emergency_line(),
        suicide_line() if Emergency.SUICIDE in found else None,
        poison_line() if Emergency.POISON in found else None,
    )


@dataclass(frozen=True, slots=True)
class _Trigger:
    phrases: re.Pattern[str]
    exceptions: re.Pattern[str]

    def is_met(self, words: str) -> bool:
        return bool(self.phrases.search(self.exceptions.sub(" ", words)))


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(_DATA.read_text("utf-8"))


@cache
def _triggers() -> Mapping[Emergency, _Trigger]:
    data = _data()
    lists = data["lists"]
    phrases = {kind: data[kind]["phrases"] for kind in Emergency}
    patterns = {kind: phrase_pattern(phrases[kind], lists) for kind in Emergency}
    either = re.compile(f"{patterns[Emergency.POISON].pattern}|{_swallowed_by_child()}")
    patterns[Emergency.POISON] = either
    return {
        kind: _Trigger(patterns[kind], phrase_pattern(data[kind]["exceptions"], lists)) for kind in Emergency
    }


def _swallowed_by_child() -> str:
    """Return the pattern of a child, what it did, and a thing that is no food."""
    lists, words = _data()["lists"], _data()["swallowed_by_child"]

    def any_of(choices: list[str]) -> str:
        return phrase_pattern(choices).pattern.replace(r"\b", "")

    child, young, ate, eats = (any_of(lists[name]) for name in ("child", "young", "ate", "eats"))
    thing = rf"(?:{any_of(words['between'])} )*(?!{any_of(words['harmless'])}\b)[a-z]\w+"
    gap = r"(?:\w+ ){0,3}"
    return rf"\b(?:{child} {gap}{ate}|{young} {gap}{eats}) {thing}"


@cache
def _spellings() -> Mapping[str, str]:
    return {wrong: right for right, wrongs in _data()["spellings"].items() for wrong in wrongs}


def _spelt(word: str) -> str:
    """Return the word that ``word`` is a wrong spelling of, if it is one of those that matter here."""
    if known := _spellings().get(word):
        return known
    if word in _data()["never_corrected"]["words"] or word in _RECOGNISED:
        return word
    for right in _RECOGNISED:
        allowed = 2 if len(right) > LONG else 1
        if word[0] == right[0] and OSA.distance(word, right, score_cutoff=allowed) <= allowed:
            return right
    return word
