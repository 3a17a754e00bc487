"""Snippets: the passage of a signed text that matches a query best, with the words of the query highlighted.

A snippet is made of one passage, so it never crosses a box or a list. It consists of whole paragraphs and
items, so no *not* is cut off, with the sentence that introduces a list, and its urgency is said first.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monographs.document.models import BaseDocument
from monographs.document.passages import DocumentPassage, PassageLine, joint, passages_at
from monographs.document.versions.stored_document import UnknownVersion
from monographs.public.db import fetch_rows
from monographs.public.queries import parse_cached
from monographs.public.search import search_queries

#: Private-use characters that delimit highlighted words in PostgreSQL's result.
START, STOP = "\ue000", "\ue001"
_HIGHLIGHTED = re.compile(f"{START}(.*?){STOP}", re.DOTALL)
_OPTIONS = f"StartSel={START}, StopSel={STOP}, HighlightAll=TRUE"
#: Words of a passage that is shown whole. Of a longer one, items without any word of the query are left out.
MAX_WHOLE = 50
_LEFT_OUT = " … "


@dataclass(frozen=True, slots=True)
class HighlightedRun:
    """A stretch of text; ``marked`` if it matches the query."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage, and what is shown of it, highlighted; without its urgency and section."""

    passage: DocumentPassage
    runs: tuple[HighlightedRun, ...] = ()


def whole(passage: DocumentPassage) -> Snippet:
    """Return a passage as a snippet with all its words, none of them highlighted."""
    return Snippet(passage, tuple(_runs(passage, [line.text for line in _shown_lines(passage)], whole=True)))


def highlighted_passages(
    hits: Sequence[Mapping[str, Any]], query_parameters: Mapping[str, Any]
) -> list[Snippet]:
    """Return the best passage of the section of each of ``hits``, in one query.

    ``hits`` are rows of ``search_queries.PASSAGES``, found with ``query_parameters``.
    """
    if not hits:
        return []
    candidates = [(hit, passage) for hit, row in enumerate(hits) for passage in _passages(row)]
    in_order = [passage for _, passage in candidates]
    lines = [(number, line) for number, passage in enumerate(in_order) for line in _shown_lines(passage)]
    rows = fetch_rows(
        search_queries.HIGHLIGHTS,
        {
            **query_parameters,
            "options": _OPTIONS,
            "texts": [re.sub(f"[{START}{STOP}]", "", line.text) for _, line in lines],
            "passages_of_texts": [number for number, _ in lines],
            "hits": [hit for hit, _ in candidates],
            "passages_of_hits": list(range(len(candidates))),
            "tier": hits[0]["tier"],
        },
    )
    highlighted: dict[int, list[str]] = {}
    for row in rows:
        texts = highlighted.setdefault(row["passage"], [])
        texts += [row["highlighted"]] if row["highlighted"] is not None else []
    return [
        Snippet(in_order[best], tuple(_runs(in_order[best], texts))) for best, texts in highlighted.items()
    ]


def _passages(row: Mapping[str, Any]) -> list[DocumentPassage]:
    """Return the passages of the section that was found, or of the top of the page if there is none."""
    try:
        document: BaseDocument = parse_cached(row["canonical"])
    except UnknownVersion:  # of a newer release, while it replaces this one: found, but without an excerpt
        return [DocumentPassage((PassageLine(""),), anchor=row["section"])]
    found = list(passages_at(document, row["section"]))
    top = DocumentPassage((PassageLine(document.summary),))
    return found if row["section"] and found else [top, *found]


def _shown_lines(passage: DocumentPassage) -> list[PassageLine]:
    """Return the headings of a passage and its lines."""
    return [*passage.heading_lines, *passage.lines]


def _runs(
    passage: DocumentPassage, highlighted: Sequence[str], *, whole: bool = False
) -> Iterator[HighlightedRun]:
    lines = _shown_lines(passage)
    headings = len(lines) - len(passage.lines)
    is_long = not whole and sum(len(line.text.split()) for line in lines) > MAX_WHOLE
    before, left_out = None, False
    for place, (line, text) in enumerate(zip(lines, highlighted, strict=True)):
        is_first = place < headings or (place == headings and not line.level)
        if is_long and line.level > 0 and START not in text and not is_first:
            left_out = True
            continue
        between = joint(before, line) if before else ""
        yield from _marked((_LEFT_OUT if left_out and before else between) + text)
        before, left_out = line, False
    if left_out:
        yield HighlightedRun(_LEFT_OUT.rstrip(), marked=False)


def _marked(line: str) -> Iterator[HighlightedRun]:
    # PostgreSQL highlights a hyphenated name piece by piece
    for position, text in enumerate(_HIGHLIGHTED.split(line.replace(STOP + START, ""))):
        if text:
            yield HighlightedRun(text, marked=bool(position % 2))
