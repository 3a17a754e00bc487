"""Tables that were typed in Word with tab characters between the cells: a paragraph is a row."""

import re
from dataclasses import replace

from monographs.imports.word.inline_text import FormattedRun, InlineText
from monographs.imports.word.typed_markers import typed_bullet, typed_number
from monographs.imports.word.word_body import WordCell, WordParagraph, WordPiece, WordTable

_LEAST_ROWS = 2
#: Characters. A cell of a table is not a paragraph.
_LONGEST_CELL = 200
_TABS = re.compile(r"\t+")


def with_tab_tables(pieces: list[WordPiece]) -> list[WordPiece]:
    """Return ``pieces`` with each run of rows as a table."""
    found: list[WordPiece] = []
    rows: list[WordParagraph] = []
    for piece in pieces:
        if isinstance(piece, WordParagraph) and _may_be_row(piece):
            rows.append(piece)
            continue
        found += [*_table_of(rows), piece]
        rows = []
    return found + _table_of(rows)


def _may_be_row(piece: WordParagraph) -> bool:
    special = piece.level or piece.label is not None or piece.in_contents or piece.boxes or piece.drop_cap
    typed = piece.text.typed
    if special or "\t" not in typed.strip() or "\n" in typed:
        return False
    marked = typed_bullet(typed) is not None or typed_number(typed) is not None
    return not marked and all(len(cell) <= _LONGEST_CELL for cell in typed.split("\t"))


def _table_of(rows: list[WordParagraph]) -> list[WordPiece]:
    """Return a table of ``rows``, or them, where they are too few, not alike, or the labels of a name."""
    texts = [row.text.typed.strip() for row in rows]
    cells = [_TABS.split(text) for text in texts]
    alike = len({len(row) for row in cells}) == 1
    labels = all(len(row) == _LEAST_ROWS and re.fullmatch(r"\D*:", row[0].strip()) for row in cells)
    if len(rows) < _LEAST_ROWS or not alike or labels:
        return [*rows]
    each = len({text.count("\t") for text in texts}) == 1
    header = not re.search(r"\d", texts[0]) and any(re.search(r"\d", text) for text in texts[1:])
    return [WordTable([_cells(row.text, each=each) for row in rows], header_row=header)]


def _cells(text: InlineText, *, each: bool) -> list[WordCell]:
    """Return the cells of a row. ``each``: whether every tab ends a cell, so that some are empty."""
    kept = text.runs
    cells: list[list[FormattedRun]] = [[]]
    begun = False  # tabs before the first words only move them
    for run in text.all_runs:
        if run not in kept:
            cells[-1].append(run)
            continue
        for n, words in enumerate(run.words.split("\t")):
            if n and begun and (each or _has_words(cells[-1])):
                cells.append([])
            begun = begun or bool(words.strip())
            cells[-1].append(replace(run, words=words))
    while len(cells) > 1 and not _has_words(cells[-1]):
        last = cells.pop()  # a tab at the end
        cells[-1] += [run for run in last if run.words.strip()]
    texts = [InlineText(runs) for runs in cells]
    texts[0].cites, texts[0].notes = text.cites, text.notes
    return [WordCell([WordParagraph(cell)]) for cell in texts]


def _has_words(runs: list[FormattedRun]) -> bool:
    return bool(InlineText(runs).plain.strip())
