"""The block of a table, and its stored value."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail import blocks
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.contrib.typed_table_block.blocks import (
    TypedTableBlock,
    TypedTableBlockAdapter,
    TypedTableBlockValidationError,
)

from monographs.blocks.resolve_context import ResolveContext, resolve_html
from monographs.document import parts
from monographs.document.html import inline_html, plain_text
from monographs.document.parts import MAX_TABLE_COLUMNS

#: What a cell may hold; no lists and headings.
CELL_FEATURES = ["bold", "italic", "superscript", "subscript", "link"]
#: A longer table is not read; one of this length is three pages of the leaflet in large print.
MAX_TABLE_ROWS = 40
#: Characters. A longer text belongs above or below the table.
MAX_CELL_LENGTH, MAX_CAPTION_LENGTH = 400, 200
#: The name of the only type of column.
CELL = "cell"

_TOO_LONG = (
    "This cell has {} characters; at most {} are allowed. Write longer texts above or below the table."
)

CellErrors = dict[int, dict[int, ValidationError]]


def _empty_cells(rows: int, columns: int) -> dict[str, Any]:
    return _cells_value([[""] * columns] * rows)


def _cells_value(rows: Sequence[Sequence[str]]) -> dict[str, Any]:
    """The stored value of cells of inline HTML; rows are filled up to the longest."""
    width = max(map(len, rows), default=0)
    return {
        "columns": [{"type": CELL, "heading": ""} for _ in range(width)],
        "rows": [
            {"values": [f"<p>{cell}</p>" if cell else "" for cell in (*row, *[""] * (width - len(row)))]}
            for row in rows
        ],
        "caption": "",
    }


class CellsBlock(TypedTableBlock):
    """Rows of cells, the header row among them: Wagtail's column headings cannot hold a raised digit."""

    cell = blocks.RichTextBlock(features=CELL_FEATURES, required=False, label="Cell")

    def to_python(self, value: Any) -> Any:
        """Return the table; a stored row with too few cells is filled up."""
        if value:
            width = len(value["columns"])
            rows = [(*row["values"], *[""] * width)[:width] for row in value["rows"]]
            value = {**value, "rows": [{"values": list(row)} for row in rows]}
        return super().to_python(value)

    class Meta:
        icon = "table"
        default = _empty_cells(rows=3, columns=2)


class CellsBlockAdapter(TypedTableBlockAdapter):
    """Gives the editor of cells its limits and labels."""

    js_constructor = "monographs.blocks.tables.CellsBlock"

    def js_args(self, block: Any) -> list[Any]:
        """Return the arguments of Wagtail's editor, with more texts and the limits."""
        *others, meta = super().js_args(block)
        strings = {
            **meta["strings"],
            "CELL": _("Row %(row)s, column %(column)s"),
            "DELETE_COLUMN_NUMBER": _("Delete column %(column)s"),
            "DELETE_ROW_NUMBER": _("Delete row %(row)s"),
            "INSERT_COLUMN_NUMBER": _("Insert a column before column %(column)s"),
            "INSERT_ROW_NUMBER": _("Insert a row before row %(row)s"),
            "MOST_COLUMNS": _("A table has at most %(most)s columns, so that it can be read on a phone."),
            "MOST_ROWS": _("A table has at most %(most)s rows."),
        }
        limits = {"columns": MAX_TABLE_COLUMNS, "rows": MAX_TABLE_ROWS}
        return [*others, {**meta, "strings": strings, "limits": limits}]

    @cached_property
    def media(self) -> forms.Media:
        """Wagtail's files, then ours."""
        return super().media + forms.Media(
            js=[versioned_static("js/editor-tables.js")],
            css={"all": [versioned_static("css/editor-tables.css")]},
        )


register(CellsBlockAdapter(), CellsBlock)


class TableBlock(blocks.StructBlock):
    """A table with a caption, of at most six columns."""

    caption = blocks.CharBlock(
        max_length=MAX_CAPTION_LENGTH,
        help_text="What the table shows, e.g. How much to take each day. Screen readers say it first.",
    )
    header_row = blocks.BooleanBlock(required=False, default=True, label="The first row names the columns")
    row_headers = blocks.BooleanBlock(required=False, default=False, label="The first column names the rows")
    cells = CellsBlock(label="Cells")

    def clean(self, value: Any) -> Any:
        """Refuse what no patient could read, each at its cell; a draft may be unfinished."""
        errors: dict[str, ValidationError] = {}
        try:
            value = super().clean(value)
        except blocks.StructBlockValidationError as error:
            errors |= error.block_errors
        if not self.is_deferred_validation:
            errors = dict(_faults(value)) | errors
        if errors:
            ordered = {name: errors[name] for name in self.child_blocks if name in errors}
            raise blocks.StructBlockValidationError(block_errors=ordered)
        return value

    def to_parts(self, value: Any, context: ResolveContext) -> list[parts.Part]:
        """Return one table without its empty rows, or none while it has no row below the header row."""
        found = value["cells"].row_data
        rows = [tuple(inline_html(resolve_html(cell)) for cell in row["values"]) for row in found]
        header: tuple[str, ...] = ()
        if value["header_row"] and rows:
            header, *rows = rows
        rows = [row for row in rows if any(row)]
        if not rows:
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
        form_classname = "table-block"


def _faults(value: Any) -> Iterator[tuple[str, ValidationError]]:
    """Yield what is missing or too much, by the child of the block where it is said."""
    if not (value["header_row"] or value["row_headers"]):
        message = "Let the first row name the columns, or the first column name the rows, or both."
        yield "header_row", ValidationError(message)
    rows = [[plain_text(resolve_html(cell)) for cell in row["values"]] for row in value["cells"].row_data]
    general = list(_general_faults(rows, has_header=value["header_row"]))
    cells: CellErrors = {}
    if not general:
        faults = [
            *_empty_lines(rows, value["header_row"]),
            *_cell_faults(rows, value["header_row"], value["row_headers"]),
        ]
        for row, column, message in faults:
            # The first message of a cell counts
            cells.setdefault(row, {}).setdefault(column, ValidationError(message))
    if general or cells:
        yield "cells", TypedTableBlockValidationError(cell_errors=cells, non_block_errors=general)


def _general_faults(rows: list[list[str]], *, has_header: bool) -> Iterator[str]:
    columns = max(map(len, rows), default=0)
    if columns > MAX_TABLE_COLUMNS:
        yield (
            f"The table has {columns} columns; more than {MAX_TABLE_COLUMNS} cannot be read on a phone. "
            "Make two tables of it, or leave columns out."
        )
    if len(rows) > MAX_TABLE_ROWS:
        yield f"The table has {len(rows)} rows; at most {MAX_TABLE_ROWS} are allowed. Make two tables of it."
    if not any(map(any, rows[1:] if has_header else rows)):
        yield "Write the rows of the table, or delete it."


def _empty_lines(rows: list[list[str]], has_header: bool) -> Iterator[tuple[int, int, str]]:
    """Yield the first cell (row and column from 0) of each empty row and column, with a message."""
    for row, cells in enumerate(rows):
        if not any(cells) and not (has_header and row == 0):
            yield row, 0, "This row is empty. Write in it, or delete it."
    for column, in_column in enumerate(zip(*rows, strict=True)):
        if not any(in_column):
            yield 0, column, "This column is empty. Write in it, or delete it."


def _cell_faults(
    rows: list[list[str]], has_header: bool, row_headers: bool
) -> Iterator[tuple[int, int, str]]:
    """Yield row and column (from 0) of each cell that is wrong, with a message."""
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            if not text and has_header and row == 0:
                yield row, column, "Name this column: on a phone, its name stands before each of its cells."
            elif not text and row_headers and column == 0:
                yield row, column, "Name this row, or let the first column not name the rows."
            elif len(text) > MAX_CELL_LENGTH:
                yield row, column, _TOO_LONG.format(len(text), MAX_CELL_LENGTH)


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
    return {
        "caption": caption,
        "header_row": header_row,
        "row_headers": row_headers,
        "cells": _cells_value([list(row) for row in rows]),
    }
