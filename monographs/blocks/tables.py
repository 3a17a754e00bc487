"""The block of a table, and its stored value."""

from collections.abc import Iterable, Sequence
from typing import Any

from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock

from monographs.blocks.resolve_context import ResolveContext, resolve_html
from monographs.document import parts
from monographs.document.html import inline_html
from monographs.document.parts import MAX_TABLE_COLUMNS

#: What a cell may hold; no lists and headings.
CELL_FEATURES = ["bold", "italic", "superscript", "subscript", "link"]
#: Characters.
MAX_CAPTION_LENGTH = 200
#: The name of the only type of column.
CELL = "cell"


class CellsBlock(TypedTableBlock):
    """Rows of cells, the header row among them: Wagtail's column headings cannot hold a raised digit."""

    cell = blocks.RichTextBlock(features=CELL_FEATURES, required=False, label="Cell")

    class Meta:
        icon = "table"


class TableBlock(blocks.StructBlock):
    """A table with a caption, of at most six columns."""

    caption = blocks.CharBlock(
        max_length=MAX_CAPTION_LENGTH,
        help_text="What the table shows, e.g. How much to take each day.",
    )
    header_row = blocks.BooleanBlock(required=False, default=True, label="The first row names the columns")
    row_headers = blocks.BooleanBlock(required=False, default=False, label="The first column names the rows")
    cells = CellsBlock(label="Rows")

    def to_parts(self, value: Any, context: ResolveContext) -> list[parts.Part]:
        """Return one table without its empty rows, or none while it has no row below the header row."""
        found = value["cells"].row_data
        rows = [tuple(inline_html(resolve_html(cell)) for cell in row["values"]) for row in found]
        header: tuple[str, ...] = ()
        if value["header_row"] and rows:
            header, *rows = rows
        rows = [row for row in rows if any(row)]
        if not rows or len(rows[0]) > MAX_TABLE_COLUMNS:
            return []
        return [
            parts.Table(
                caption=value["caption"] or "",
                header=header,
                row_headers=bool(value["row_headers"]),
                rows=tuple(rows),
            )
        ]

    class Meta:
        icon = "table"
        label = "Table"


def table_value(
    rows: Iterable[Sequence[str]],
    *,
    caption: str = "",
    header_row: bool = True,
    row_headers: bool = False,
) -> dict[str, Any]:
    """Return the stored value of a ``TableBlock`` with these ``rows`` of inline rich text HTML.

    Rows are filled up with empty cells to the longest one. With ``header_row`` the first row names the
    columns.
    """
    cells = [list(row) for row in rows]
    width = max(map(len, cells), default=0)
    return {
        "caption": caption,
        "header_row": header_row,
        "row_headers": row_headers,
        "cells": {
            "columns": [{"type": CELL, "heading": ""}] * width,
            "rows": [
                {"values": [f"<p>{cell}</p>" for cell in [*row, *[""] * (width - len(row))]]} for row in cells
            ],
            "caption": "",
        },
    }
