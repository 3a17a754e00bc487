"""Words of labels and of pages that mean the same: ``label_terms.toml``."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

#: The reason that names no medicine: it counts where a label names no other reason.
ANOTHER_MEDICINE = "another medicine that must not be given with it"


@dataclass(frozen=True, slots=True)
class LabelTerm:
    """A reason or an effect: its ``name`` in plain words, and patterns of a label's and of a page's words."""

    name: str
    in_label: re.Pattern[str]
    in_page: re.Pattern[str]


@cache
def reason_terms() -> tuple[LabelTerm, ...]:
    """Return the reasons for which labels say that somebody must not have a medicine."""
    return _terms("reason")


@cache
def effect_terms() -> tuple[LabelTerm, ...]:
    """Return the side effects, the longer names first."""
    return _terms("effect")


def _terms(kind: str) -> tuple[LabelTerm, ...]:
    entries = tomllib.loads(Path(__file__).with_name("label_terms.toml").read_text("utf-8"))[kind]
    return tuple(
        LabelTerm(
            entry["name"],
            re.compile(rf"\b(?:{entry['label']})", re.IGNORECASE),
            re.compile(rf"\b(?:{entry['page']}|{entry['label']})", re.IGNORECASE),
        )
        for entry in entries
    )


def effects_named(text: str) -> tuple[str, ...]:
    """Return the names of the effects that a page's ``text`` names.

    Words that a longer name has taken are no second effect: “fever while white cells are low” is not “fever”.
    """
    found = []
    for term in effect_terms():
        text, count = term.in_page.subn(" ", text)
        found += [term.name] if count else []
    return tuple(found)


def effect_of_row(name: str) -> str:
    """Return the effect that a row of a label's table counts; "" if it counts another, or several."""
    for term in effect_terms():
        rest, count = term.in_label.subn(" ", name)
        if count:
            return "" if _NO_WORD.sub("", _QUALIFIERS.sub("", rest)) else term.name
    return ""


#: Words that leave a row of a table the same effect.
_QUALIFIERS = re.compile(
    r"\b(?:all|any|total|general|peripheral|superficial|localized|increased|decreased|count|reactions?|events?|NOS)\b",
    re.IGNORECASE,
)
#: Marks of footnotes: signs, digits and single letters.
_NO_WORD = re.compile(r"\b[^\W\d_]\b|[\W\d_]+")


def reasons_named(text: str) -> tuple[str, ...]:
    """Return the names of the reasons that a label's ``text`` gives; “another medicine” only alone."""
    found = tuple(term.name for term in reason_terms() if term.in_label.search(text))
    return tuple(name for name in found if name != ANOTHER_MEDICINE) or found
