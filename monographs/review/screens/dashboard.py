"""The board, as a table on the screen, as a file, and as a calendar."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views import View

from monographs.review.dashboard import calendar_month, csv_export
from monographs.review.dashboard.filter_form import DashboardFilterForm
from monographs.review.dashboard.page_access import ReviewAccessMixin
from monographs.review.dashboard.page_status import PageStatus
from monographs.review.dashboard.rows import PER_PAGE, DashboardFilter, DashboardRow, counts, rows
from monographs.review.screens.base import ReviewScreen

#: The columns of the table: what each is called and the order its heading asks for; "" for none.
COLUMNS = [
    ("Name", "title"),
    ("Stage", "stage"),
    ("At this stage", "age"),
    ("Due", "due"),
    ("People", ""),
    ("Edition", "edition"),
]


class _DashboardScreen(ReviewScreen):
    header_icon = "table"
    trail = ("dashboard:board", "Board")


class _FixedLengthPaginator(Paginator[DashboardRow]):
    """Screens of a table whose length is known already."""

    def __init__(self, user: Any, wanted: DashboardFilter, order: str, length: int) -> None:
        super().__init__([], PER_PAGE)
        self.count = length
        self.ask = (user, wanted, order)

    def page(self, number: int | str) -> Page[DashboardRow]:
        number = self.validate_number(number)
        return Page(rows(*self.ask, offset=(number - 1) * PER_PAGE), number, self)


class DashboardView(_DashboardScreen):
    """Every page by stage, with filters."""

    page_title = "Board"
    template_name = "review/dashboard/board.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show what the address asks for."""
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = DashboardFilterForm(self.request.GET)
        wanted, order = form.wanted(), form.sorting()
        found = counts(self.request.user, wanted)
        length = found[PageStatus(wanted.stage)] if wanted.stage else sum(found.values())
        page = _FixedLengthPaginator(self.request.user, wanted, order, length).get_page(
            self.request.GET.get("p")
        )
        return super().get_context_data(
            form=form,
            filtered=wanted != DashboardFilter(),
            page=page,
            stages=self._stages(found, wanted),
            columns=[self._column(label, name, order) for label, name in COLUMNS],
            asked=self._address(p=None),
            **kwargs,
        )

    def _stages(self, found: dict[PageStatus, int], wanted: DashboardFilter) -> list[dict[str, Any]]:
        every = {"label": "All", "count": sum(found.values()), "on": not wanted.stage}
        return [
            every | {"address": self._address(stage=None, p=None)},
            *(
                {
                    "label": stage.label,
                    "count": found[stage],
                    "on": wanted.stage == stage,
                    "address": self._address(stage=stage.value, p=None),
                }
                for stage in PageStatus
            ),
        ]

    def _column(self, label: str, name: str, order: str) -> dict[str, str]:
        turned = f"-{name}" if order == name else name
        sorted_by = {name: "ascending", f"-{name}": "descending"}.get(order, "") if name else ""
        return {
            "label": label,
            "address": self._address(order=turned, p=None) if name else "",
            "sorted": sorted_by,
        }

    def _address(self, **changed: str | None) -> str:
        """The query of this address with some of it changed; None takes a part away."""
        query = self.request.GET.copy()
        for name, value in changed.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value
        return query.urlencode()


class ExportView(ReviewAccessMixin, View):
    """What the board shows under the same address, whole."""

    def get(self, request: HttpRequest) -> StreamingHttpResponse:
        """The table as CSV in UTF-8."""
        form = DashboardFilterForm(request.GET)
        found = rows(request.user, form.wanted(), form.sorting(), limit=None)
        response = StreamingHttpResponse(csv_export.lines(found), content_type="text/csv; charset=utf-8")
        name = f"board-{timezone.now():%Y-%m-%d}.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


class CalendarView(_DashboardScreen):
    """A month of what falls due."""

    page_title = "Calendar"
    template_name = "review/dashboard/calendar.html"
    header_icon = "calendar-alt"

    def own_breadcrumb(self) -> str:
        return "Calendar"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The month in the address, else this one."""
        first = calendar_month.first_of(request.GET.get("month", ""))
        shown = calendar_month.month_of(request.user, first)
        return self.render_to_response(self.get_context_data(month=shown))
