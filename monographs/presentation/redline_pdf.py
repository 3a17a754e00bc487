"""A redline as a PDF."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monographs.presentation.labels import (
    in_words,
    move_label,
    picture_alt,
    places_label,
    section_heading,
    translated,
)
from monographs.presentation.redline_html import context_change, run_note
from monographs.presentation.redline_layout import PlacedLine, PlacedTable, line_groups
from monographs.presentation.redline_table import RedlineCell
from monographs.presentation.typst_pdf import IMAGE_SUFFIXES, typeset
from monographs.redline import BREAK, LINE_BREAK, Line, Redline, Run, SectionRedline

_SOURCE = Path(__file__).with_name("redline.typ")
_BOLD = frozenset({"heading", "section", "effect", "companion", "column", "row"})
_INDENTED = {"bullet": "• ", "item": "• ", "number": "# "}


@dataclass(frozen=True, slots=True)
class Cover:
    """The head of the file: the texts it compares, and who made it when."""

    title: str
    language: str
    made: str
    texts: tuple[tuple[str, str], ...]


def redline_pdf(
    redline: Redline, cover: Cover, pictures: Mapping[str, bytes], links: Mapping[str, str]
) -> bytes:
    """Return the PDF. ``pictures`` are bytes by file name; others than ``IMAGE_SUFFIXES`` are left out."""
    usable = {name: data for name, data in pictures.items() if name.endswith(IMAGE_SUFFIXES)}
    return typeset(_SOURCE, _data(redline, cover, usable, links), usable)


def _data(
    redline: Redline, cover: Cover, pictures: Mapping[str, bytes], links: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "title": cover.title,
        "language": cover.language.split("-")[0],
        "made": f"{cover.made}.",
        "texts": [list(text) for text in cover.texts],
        "summary": redline.summary(),
        "sections": [_section(section, pictures, links) for section in redline.changed],
        "unchanged": [section_heading(section) for section in redline.unchanged],
    }


def _section(
    section: SectionRedline, pictures: Mapping[str, bytes], links: Mapping[str, str]
) -> dict[str, Any]:
    items = [item for group in line_groups(section) for item in group.items]
    return {
        "heading": section_heading(section),
        "status": translated(section.status),
        "flags": [translated(flag) for flag in section.flags],
        "items": [
            _table(item, links) if isinstance(item, PlacedTable) else _line(item, pictures, links)
            for item in items
        ],
    }


def _table(placed: PlacedTable, links: Mapping[str, str]) -> dict[str, Any]:
    rows = placed.table.rows
    return {
        "columns": placed.table.column_count,
        "header": bool(rows) and rows[0].names_columns,
        "rows": [[_cell(cell, links) for cell in row.cells] for row in rows],
    }


def _cell(cell: RedlineCell, links: Mapping[str, str]) -> dict[str, Any] | None:
    if cell.line is None:
        return None
    shown = _line(PlacedLine(cell.line, ()), {}, links)
    return {
        **shown,
        "move": shown["move"] if cell.tells_move else "",
        "flags": [translated(flag) for flag in cell.flags],
    }


def _line(placed: PlacedLine, pictures: Mapping[str, bytes], links: Mapping[str, str]) -> dict[str, Any]:
    line = placed.line
    sign = _INDENTED.get(line.kind, "")
    runs = [_run(run, links) for run in in_words(line).runs]
    return {
        "op": line.op.value,
        "place": places_label(placed.places),
        "label": translated(line.label),
        "move": move_label(line),
        "context_change": context_change(line),
        "flags": [translated(flag) for flag in line.flags],
        "bold": line.kind in _BOLD,
        "indent": line.level if sign else int(line.kind == "detail"),
        "pictures": _pictures(line, pictures),
        "runs": [_sign(sign), *runs] if sign else runs,
    }


def _sign(sign: str) -> dict[str, Any]:
    return {"op": "same", "moved": False, "text": sign, "marks": [], "note": ""}


def _run(run: Run, links: Mapping[str, str]) -> dict[str, Any]:
    text = run.text.replace(LINE_BREAK, "\n").replace(BREAK, "¶\n" if run.changed else "\n")
    return {
        "op": run.op.value,
        "moved": run.moved,
        "text": text,
        "marks": list(run.marks),
        "note": run_note(run, links),
    }


def _pictures(line: Line, pictures: Mapping[str, bytes]) -> list[dict[str, str]]:
    if line.kind != "figure":
        return []
    return [{"file": run.text, "alt": picture_alt(run.op)} for run in line.runs if run.text in pictures]
