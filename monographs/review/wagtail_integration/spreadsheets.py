"""Wagtail's exports of lists, safe to open in a spreadsheet: titles and names in them are people's words."""

from typing import Any

from wagtail.admin.views.mixins import SpreadsheetExportMixin

from monographs.presentation.spreadsheet_cells import plain, printable

_preprocess_field_value = SpreadsheetExportMixin.preprocess_field_value


def _safe_field_value(view: Any, field: str, value: Any, export_format: str) -> Any:
    """Return the content of a cell: no formula in CSV files, no control characters in workbooks."""
    cell = _preprocess_field_value(view, field, value, export_format)
    if not isinstance(cell, str):
        return cell
    return plain(cell) if export_format == SpreadsheetExportMixin.FORMAT_CSV else printable(cell)


def escape_formulas() -> None:
    """Replace the method by which every export of Wagtail's makes its cells."""
    SpreadsheetExportMixin.preprocess_field_value = _safe_field_value
