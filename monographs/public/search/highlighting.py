"""The words of a query where they stand in a signed text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monographs.public.db import rows
from monographs.public.queries import parsed
from monographs.public.search import search_queries
from monographs.public.search.text import SectionText, section_texts_of

#: Characters for private use, which no text needs: they mark words on their way out of the database.
START, STOP = "\ue000", "\ue001"
_MARKS = re.compile(f"{START}(.*?){STOP}", re.DOTALL)
_OPTIONS = (
    f'StartSel={START}, StopSel={STOP}, MaxFragments=2, MaxWords=22, MinWords=8, FragmentDelimiter=" … "'
)


@dataclass(frozen=True, slots=True)
class HighlightedRun:
    """Words of a text; ``highlighted_passages`` are those that were looked for."""

    text: str
    marked: bool


def highlighted_passages(
    found: Sequence[Mapping[str, Any]], meanings: Mapping[str, Any]
) -> list[tuple[str, tuple[HighlightedRun, ...]]]:
    """Heading and words of each passage in ``found`` (rows of ``search_queries.PASSAGES``), in one query."""
    if not found:
        return []
    passages = [_passage(row) for row in found]
    texts = [re.sub(f"[{START}{STOP}]", "", passage.text) for passage in passages]
    asked = {"options": _OPTIONS, "texts": texts, "tier": found[0]["tier"]}
    lines = [row["marked"] for row in rows(search_queries.MARKS, {**meanings, **asked})]
    return [(passage.heading, tuple(_runs(line))) for passage, line in zip(passages, lines, strict=True)]


def _passage(row: Mapping[str, Any]) -> SectionText:
    """The passage as it is in the signed text; an index of another shape leads to the page's beginning."""
    passages = list(section_texts_of(parsed(row["canonical"])))
    return next((words for words in passages if words.anchor == row["section"]), passages[0])


def _runs(line: str) -> Iterator[HighlightedRun]:
    # A hyphenated name is marked piece by piece
    for place, text in enumerate(_MARKS.split(line.replace(STOP + START, ""))):
        if text:
            yield HighlightedRun(text, marked=bool(place % 2))
