"""CSV files of the review's lists, safe to open in a spreadsheet."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.http.response import HttpResponseBase
from django.views import View
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from monographs.presentation.spreadsheet_cells import plain

#: Excel reads a CSV file without it in the machine's legacy code page and garbles accents.
BYTE_ORDER_MARK = "\ufeff"


def _csv_list(values: list[Any]) -> str:
    return plain("; ".join(map(str, values)))


def _csv_time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


class CsvExportView(SpreadsheetExportMixin, View):
    """A view that answers with a CSV file. What a person typed must not be read as a formula."""

    custom_value_preprocess = {
        str: {SpreadsheetExportMixin.FORMAT_CSV: plain},
        list: {SpreadsheetExportMixin.FORMAT_CSV: _csv_list},
        datetime: {SpreadsheetExportMixin.FORMAT_CSV: _csv_time},
    }

    def csv_response(self, rows: Iterable[Any]) -> HttpResponseBase:
        """Stream ``rows`` as CSV in UTF-8."""
        response: HttpResponseBase = self.write_csv_response(rows)
        response["Content-Type"] = "text/csv; charset=utf-8"
        return response

    def stream_csv(self, queryset: Iterable[Any]) -> Iterator[str]:
        yield BYTE_ORDER_MARK
        yield from super().stream_csv(queryset)
