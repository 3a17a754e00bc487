"""What to write instead of a dose form that has been misread: ``rules.checks.dose_forms`` says where.

Each function takes the passage and the match of a rule's pattern in it.
"""

import re

from monographs.rules.remedy import Remedy, remedy_at
from monographs.rules.text_index import TextPassage

#: Abbreviations of how often, in words.
LATIN = {
    "qd": "every day", "q1d": "every day", "od": "every day", "qod": "every other day",
    "bid": "twice a day", "bd": "twice a day", "tid": "three times a day", "tds": "three times a day",
    "qid": "four times a day", "qds": "four times a day", "hs": "at bedtime", "qhs": "at bedtime",
    "qn": "at bedtime", "prn": "when you need it", "po": "by mouth", "ac": "before meals",
    "pc": "after meals", "biw": "twice a week", "tiw": "three times a week",
}  # fmt: skip
#: Abbreviations of routes, in words.
ROUTES = {"sc": "under the skin", "sq": "under the skin", "subq": "under the skin", "im": "into a muscle"}
#: The names that ISMP's list gives; those left out stand for several medicines.
_MEDICINES = {
    "MSO4": "morphine sulfate", "MgSO4": "magnesium sulfate", "MTX": "methotrexate",
    "HCTZ": "hydrochlorothiazide", "TXA": "tranexamic acid", "ARAC": "cytarabine",
}  # fmt: skip
_SYMBOLS = {"@": "at", "<": "less than", ">": "more than", "≤": "no more than", "≥": "at least"}
_PER = {
    "kg": "for each kilogram", "m2": "for each square meter", "day": "a day", "d": "a day",
    "dose": "for each dose", "week": "a week", "wk": "a week", "h": "an hour", "hr": "an hour",
    "hour": "an hour", "hours": "an hour", "min": "a minute", "minute": "a minute", "minutes": "a minute",
    "tablet": "for each tablet",
}  # fmt: skip
_NOUN = re.compile(r"\s*(injections?|infusions?|shots?|doses?)\b")
#: Words that can follow “under the skin” as they follow “SC”.
_FOLLOWS = re.compile(
    r"(?![\s]*\w)|\s*(?:a|after|and|at|before|by|each|every|for|from|if|in|into|on|once|or|so|that|the|then|to|twice|"
    r"unless|until|when|while|with|you|your)\b|\s*\d"
)
_NUMBER = re.compile(r"[\d,]+(?:\.\d+)?")


def in_words(match: re.Match[str]) -> str:
    """Return the words for the abbreviation of how often or of a route."""
    return (LATIN | ROUTES)[re.sub(r"[^a-z1]", "", match[0].lower())]


def abbreviation_remedy(passage: TextPassage, match: re.Match[str]) -> tuple[Remedy, ...]:
    """Write the abbreviation in words; a route follows its noun (“an injection under the skin”)."""
    words, (start, end) = in_words(match), _without_spaces(match)
    if words in ROUTES.values():
        if noun := _NOUN.match(passage.text, end):
            return remedy_at(passage, (start, noun.end()), f"{noun[1]} {words}")
        if not _FOLLOWS.match(passage.text, end):
            return ()
    return remedy_at(passage, (start, end), words)


def without_zeros(passage: TextPassage, match: re.Match[str]) -> tuple[Remedy, ...]:
    """Leave out the point and the zeros after it."""
    return remedy_at(passage, match.span(), match[0].split(".")[0])


def with_zero(passage: TextPassage, match: re.Match[str]) -> tuple[Remedy, ...]:
    """Write a zero before the point."""
    return remedy_at(passage, match.span(), f"0{match[0]}")


def units_in_full(passage: TextPassage, match: re.Match[str]) -> tuple[Remedy, ...]:
    """Write “units”, or “unit” after 1."""
    one = re.search(r"(?<![\d.,])1$", passage.text[: match.start()])
    return _unit(passage, match, "unit" if one else "units")


def micrograms(passage: TextPassage, match: re.Match[str]) -> tuple[Remedy, ...]:
    """Write “mcg”."""
    return _unit(passage, match, "mcg")


def millilitres(passage: TextPassage, match: re.Match[str]) -> tuple[Remedy, ...]:
    """Write “mL”."""
    return _unit(passage, match, "mL")


def medicine_name(passage: TextPassage, match: re.Match[str]) -> tuple[Remedy, ...]:
    """Show the name, if ISMP's list has one only. A person writes it: the wrong medicine would do harm."""
    name = _MEDICINES.get(match[0], _MEDICINES.get(match[0].upper().replace("-", ""), ""))
    return remedy_at(passage, match.span(), name, only_shown=True) if name else ()


def symbol_in_words(passage: TextPassage, match: re.Match[str]) -> tuple[Remedy, ...]:
    """Write the symbol in words, with spaces around them."""
    words = _SYMBOLS[match[0].strip()]
    before = passage.text[match.start() - 1 : match.start()] if match.start() else ""
    if before and (before.isalnum() or before in ")%"):
        return remedy_at(passage, match.span(), f" {words} ")
    after = "" if match[0] == "@" else " "
    return remedy_at(passage, match.span(), f"{words}{after}")


def with_commas(passage: TextPassage, match: re.Match[str]) -> tuple[Remedy, ...]:
    """Write the number with commas."""
    return remedy_at(passage, match.span(), f"{int(match['number']):,}")


def with_space(passage: TextPassage, match: re.Match[str]) -> tuple[Remedy, ...]:
    """Write a space between the number and its unit."""
    number = _NUMBER.match(match[0])
    if number is None or not match[0][number.end() :].isalpha():
        return ()
    return remedy_at(passage, match.span(), f"{number[0]} {match[0][number.end() :]}")


def per_in_words(passage: TextPassage, match: re.Match[str]) -> tuple[Remedy, ...]:
    """Write “a day”, “for each kilogram” … instead of slashes; nothing for an amount in another amount."""
    amount, *per = match[0].split("/")
    words = [_PER.get(each.replace("^", "").replace("²", "2")) for each in per]
    if None in words:
        return ()
    return remedy_at(passage, match.span(), " ".join([amount, *map(str, words)]))


def _unit(passage: TextPassage, match: re.Match[str], unit: str) -> tuple[Remedy, ...]:
    start, end = _without_spaces(match)
    touches = start > 0 and passage.text[start - 1].isdigit()
    return remedy_at(passage, (start, end), f" {unit}" if touches else unit)


def _without_spaces(match: re.Match[str]) -> tuple[int, int]:
    """Return where the words of the match begin and end."""
    stripped = match[0].strip()
    start = match.start() + match[0].index(stripped)
    return start, start + len(stripped)
