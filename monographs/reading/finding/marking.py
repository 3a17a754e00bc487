"""The words of a query where they stand in a signed text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monographs.reading.finding import sql
from monographs.reading.finding.words import Words, words_of
from monographs.reading.lookup import parsed
from monographs.reading.rows import rows

#: Characters for private use, which no text needs: they mark words on their way out of the database.
START, STOP = "\ue000", "\ue001"
_MARKS = re.compile(f"{START}(.*?){STOP}", re.DOTALL)
_OPTIONS = (
    f'StartSel={START}, StopSel={STOP}, MaxFragments=2, MaxWords=22, MinWords=8, FragmentDelimiter=" … "'
)


@dataclass(frozen=True, slots=True)
class Run:
    """Words of a text; ``marked`` are those that were looked for."""

    text: str
    marked: bool


def marked(
    found: Sequence[Mapping[str, Any]], meanings: Mapping[str, Any]
) -> list[tuple[str, tuple[Run, ...]]]:
    """Heading and words of each passage in ``found`` (rows of ``sql.PASSAGES``), in one query."""
    if not found:
        return []
    passages = [_passage(row) for row in found]
    texts = [re.sub(f"[{START}{STOP}]", "", passage.text) for passage in passages]
    asked = {"options": _OPTIONS, "texts": texts, "tier": found[0]["tier"]}
    lines = [row["marked"] for row in rows(sql.MARKS, {**meanings, **asked})]
    return [(passage.heading, tuple(_runs(line))) for passage, line in zip(passages, lines, strict=True)]


def _passage(row: Mapping[str, Any]) -> Words:
    """The passage as it is in the signed text; an index of another shape leads to the page's beginning."""
    passages = list(words_of(parsed(row["canonical"])))
    return next((words for words in passages if words.anchor == row["section"]), passages[0])


def _runs(line: str) -> Iterator[Run]:
    # A hyphenated name is marked piece by piece
    for place, text in enumerate(_MARKS.split(line.replace(STOP + START, ""))):
        if text:
            yield Run(text, marked=bool(place % 2))
