"""Files of comma-separated values that open well in spreadsheets."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views import View
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from monographs.presentation.spreadsheet_cells import plain
from monographs.review.page_access import ReviewAccessMixin

#: Excel reads a CSV file without it in the machine's legacy code page and garbles accents.
BYTE_ORDER_MARK = "\ufeff"


def _csv_list(texts: list[str]) -> str:
    return plain("; ".join(texts))


def _csv_time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


class CsvExport(SpreadsheetExportMixin, ReviewAccessMixin, View):
    """Rows as CSV, streamed in UTF-8. What a person typed is never read as a formula.

    A subclass names its columns in ``export_headings``, in order: attribute and heading.
    """

    export_headings: dict[str, str]
    custom_value_preprocess = {
        list: {SpreadsheetExportMixin.FORMAT_CSV: _csv_list},
        datetime: {SpreadsheetExportMixin.FORMAT_CSV: _csv_time},
    }

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.list_export = list(cls.export_headings)

    def rows(self) -> Iterable[Any]:
        """Return what to export."""
        raise NotImplementedError

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Stream the rows."""
        response: HttpResponseBase = self.write_csv_response(self.rows())
        response["Content-Type"] = "text/csv; charset=utf-8"
        return response

    def stream_csv(self, queryset: Iterable[Any]) -> Iterator[str]:
        yield BYTE_ORDER_MARK
        yield from super().stream_csv(queryset)
