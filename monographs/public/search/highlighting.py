"""Highlight the words of a query in signed texts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monographs.document.versions.stored_document import UnknownVersion
from monographs.public.db import fetch_rows
from monographs.public.queries import parse_cached
from monographs.public.search import search_queries
from monographs.public.search.text import IndexedText, indexed_texts

#: Private-use characters that delimit highlighted words in PostgreSQL's result.
START, STOP = "\ue000", "\ue001"
_HIGHLIGHTED = re.compile(f"{START}(.*?){STOP}", re.DOTALL)
_OPTIONS = (
    f'StartSel={START}, StopSel={STOP}, MaxFragments=2, MaxWords=22, MinWords=8, FragmentDelimiter=" … "'
)


@dataclass(frozen=True, slots=True)
class HighlightedRun:
    """A stretch of text; ``marked`` if it matches the query."""

    text: str
    marked: bool


def highlighted_passages(
    hits: Sequence[Mapping[str, Any]], query_parameters: Mapping[str, Any]
) -> list[tuple[IndexedText, tuple[HighlightedRun, ...]]]:
    """Return the signed passage and the highlighted text of each of ``hits``, in one query.

    ``hits`` are rows of ``search_queries.PASSAGES``, found with ``query_parameters``.
    """
    if not hits:
        return []
    passages = [_passage(row) for row in hits]
    texts = [re.sub(f"[{START}{STOP}]", "", passage.text) for passage in passages]
    parameters = {"options": _OPTIONS, "texts": texts, "tier": hits[0]["tier"]}
    lines = [
        row["highlighted"]
        for row in fetch_rows(search_queries.HIGHLIGHTS, {**query_parameters, **parameters})
    ]
    return [(passage, tuple(_runs(line))) for passage, line in zip(passages, lines, strict=True)]


def _passage(row: Mapping[str, Any]) -> IndexedText:
    """Return the passage from the signed text; the top of the page if the index names no such section."""
    try:
        texts = list(indexed_texts(parse_cached(row["canonical"])))
    except UnknownVersion:  # of a newer release, while it replaces this one: found, but without an excerpt
        return IndexedText(row["section"], "", "")
    return next((text for text in texts if text.anchor == row["section"]), texts[0])


def _runs(line: str) -> Iterator[HighlightedRun]:
    # PostgreSQL highlights a hyphenated name piece by piece
    for position, text in enumerate(_HIGHLIGHTED.split(line.replace(STOP + START, ""))):
        if text:
            yield HighlightedRun(text, marked=bool(position % 2))
