"""The words of a query where they stand in a signed text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from monographs.reading.finding import sql
from monographs.reading.finding.words import Words, words_of
from monographs.reading.lookup import parsed

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
    rows: Sequence[Mapping[str, Any]], meanings: Mapping[str, Any]
) -> list[tuple[str, tuple[Run, ...]]]:
    """Heading and words of each passage in ``rows`` (of ``sql.PASSAGES``), in one query; none for no rows."""
    if not rows:
        return []
    passages = [_passage(row) for row in rows]
    texts = [re.sub(f"[{START}{STOP}]", "", passage.text) for passage in passages]
    with connection.cursor() as cursor:
        options = {"options": _OPTIONS, "texts": texts, "tier": rows[0]["tier"]}
        cursor.execute(sql.MARKS, {**meanings, **options})
        lines = [line for (line,) in cursor.fetchall()]
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
