"""How often side effects came in trials: the percentages in a label's tables."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from monographs.document.html import plain_text
from monographs.labels.label import Label, LabelTable
from monographs.labels.label_passages import section_texts
from monographs.labels.text_keys import wording

#: Codes whose tables have them: side effects, and those in trials.
EFFECT_CODES = ("34084-4", "90374-0")
_MARK = re.compile(r"<sup>.*?</sup>|\[\d{1,3}\]")
_BULLET = re.compile(r"^[\s−–—\-•*]+")  # noqa: RUF001
#: “12.5”, “< 1 %”, “173 (33)”, “173 (< 1 %)”: a percentage, or a count of people with it in brackets.
_VALUE = re.compile(
    r"(?:[<≤]\s?)?(?P<alone>\d{1,5}(?:\.\d+)?)\s?%?\s?(?:\(\s?(?:[<≤]\s?)?(?P<share>\d{1,3}(?:\.\d+)?)\s?%?\s?\))?"
)
_SEVERE = re.compile(
    r"grades?\s?(?:\(?NCI.{0,12})?(?:≥|>=|>|3|4|III|IV)|greater than or equal to 3|\bsevere\b|\bserious\b",
    re.IGNORECASE,
)
_ANY = re.compile(r"\b(?:any|all)\b", re.IGNORECASE)
_OTHER_ARM = re.compile(
    r"placebo|standard of care|\bSOC\b|\bcontrol\b|\bno (?:treatment|therapy)\b", re.IGNORECASE
)
_EVERYBODY = 100.0


@dataclass(frozen=True, slots=True)
class EffectPercentage:
    """One percentage of people who had an effect; ``severe`` if it counts the severe cases only."""

    name: str
    percent: float
    severe: bool = False


def effect_percentages(label: Label) -> list[EffectPercentage]:
    """Return the percentages in the tables of side effects, of the treated group as far as it is named.

    A bare number counts only where its column or caption has “%”.
    """
    own = {wording(name) for name in (*label.names, *label.generic_names)} - {""}
    texts = section_texts(label)
    tables = [table for code in EFFECT_CODES if code in texts for table in texts[code].tables]
    return [each for table in tables for each in _of_table(table, own)]


def _of_table(table: LabelTable, own: set[str]) -> Iterator[EffectPercentage]:
    grid = table.as_document_table()
    rows = [[_plain(cell) for cell in row] for row in grid.rows]
    lead = list(takewhile(lambda row: not any(map(_value, row[1:])), rows))
    heads = [[_plain(cell) for cell in grid.header], *lead]
    columns = [" ".join(head[at] for head in heads if at < len(head)) for at in range(grid.column_count)]
    caption = _plain(table.caption)
    wanted = _wanted(columns, own)
    for row in rows[len(lead) :]:
        first = next((at for at, cell in enumerate(row) if at and _value(cell)), 0)
        name = _BULLET.sub("", row[first - 1]) if first else ""
        if not name or _value(name):
            continue
        for at in range(first, len(row)):
            percent = _percent(row[at], has_sign="%" in columns[at] or "%" in caption)
            if at in wanted and percent is not None:
                yield EffectPercentage(name, percent, _is_severe(columns[at], caption))


def _wanted(columns: Sequence[str], own: set[str]) -> set[int]:
    """Return the columns of those who had the medicine: the ones that name it, or all but known others."""
    named = {at for at, head in enumerate(columns) if any(name in wording(head) for name in own)}
    others = {at for at, head in enumerate(columns) if _OTHER_ARM.search(head)}
    return (named - others) or set(range(len(columns))) - others


def _is_severe(column: str, caption: str) -> bool:
    if _ANY.search(column):
        return False
    return bool(_SEVERE.search(column) or (_SEVERE.search(caption) and not _ANY.search(caption)))


def _plain(html: str) -> str:
    return " ".join(plain_text(_MARK.sub("", html)).split())


def _value(text: str) -> re.Match[str] | None:
    return _VALUE.fullmatch(text)


def _percent(text: str, *, has_sign: bool) -> float | None:
    match = _value(text)
    if match is None:
        return None
    number = match["share"] or (match["alone"] if has_sign or "%" in text else None)
    return float(number) if number and float(number) <= _EVERYBODY else None
