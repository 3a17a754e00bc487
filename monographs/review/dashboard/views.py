"""The review dashboard as a table, as a CSV file, and as a calendar."""

from typing import Any

from django.contrib.auth.models import User
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from monographs.core.db_clock import database_today
from monographs.core.users import authenticated_user
from monographs.label_watch.label_knowledge import label_knowledge
from monographs.review.dashboard import calendar_month
from monographs.review.dashboard.csv_export import CsvExportView
from monographs.review.dashboard.filter_form import DashboardFilterForm
from monographs.review.dashboard.page_stage import PageStage
from monographs.review.dashboard.rows import PER_PAGE, DashboardFilter, DashboardRow, counts, rows
from monographs.review.page_access import ReviewAccessMixin
from monographs.review.screens.base import ReviewScreen

#: Columns of the table: the heading, and the order it sorts by; "" for a column that cannot be sorted by.
COLUMNS = [
    ("Name", "title"),
    ("Stage", "stage"),
    ("At this stage for", "age"),
    ("Due", "due"),
    ("People", ""),
    ("Edition", "edition"),
]


class _DashboardScreen(ReviewScreen):
    header_icon = "table"
    breadcrumb_root = ("dashboard:index", "Review dashboard")


class _DashboardPaginator(Paginator[DashboardRow]):
    """A paginator whose pages are queried one at a time, and whose length is known beforehand."""

    def __init__(self, user: User, chosen: DashboardFilter, order: str, length: int) -> None:
        super().__init__([], PER_PAGE)
        self.count = length
        self.query = (user, chosen, order)

    def page(self, number: int | str) -> Page[DashboardRow]:
        number = self.validate_number(number)
        return Page(rows(*self.query, offset=(number - 1) * PER_PAGE), number, self)


class DashboardView(_DashboardScreen):
    """A table of every page, filtered by stage and other criteria in the URL."""

    page_title = "Review dashboard"
    template_name = "review/dashboard/dashboard.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Render the page of the table that the URL asks for."""
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = authenticated_user(self.request)
        form = DashboardFilterForm(self.request.GET)
        chosen, order = form.chosen_filter(), form.chosen_order()
        by_stage = counts(user, chosen)
        length = by_stage[PageStage(chosen.stage)] if chosen.stage else sum(by_stage.values())
        paginator = _DashboardPaginator(user, chosen, order, length)
        return super().get_context_data(
            form=form,
            filtered=chosen != DashboardFilter(),
            page=paginator.get_page(self.request.GET.get("p")),
            stages=self._stage_tabs(by_stage, chosen),
            columns=[self._column(heading, name, order) for heading, name in COLUMNS],
            query=self._query_string(p=None),
            knowledge=label_knowledge(),
            **kwargs,
        )

    def _stage_tabs(self, by_stage: dict[PageStage, int], chosen: DashboardFilter) -> list[dict[str, Any]]:
        return [
            {
                "label": "All",
                "count": sum(by_stage.values()),
                "selected": not chosen.stage,
                "query": self._query_string(stage=None, p=None),
            },
            *(
                {
                    "label": stage.label,
                    "count": by_stage[stage],
                    "selected": chosen.stage == stage,
                    "query": self._query_string(stage=stage.value, p=None),
                }
                for stage in PageStage
            ),
        ]

    def _column(self, heading: str, name: str, order: str) -> dict[str, str]:
        reverse_order = f"-{name}" if order == name else name
        direction = {name: "ascending", f"-{name}": "descending"}.get(order, "") if name else ""
        return {
            "label": heading,
            "query": self._query_string(order=reverse_order, p=None) if name else "",
            "sorted": direction,
        }

    def _query_string(self, **changes: str | None) -> str:
        """Return the query string of this URL with ``changes`` made to it; None removes a parameter."""
        query = self.request.GET.copy()
        for name, value in changes.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value
        return query.urlencode()


class ExportView(ReviewAccessMixin, CsvExportView):
    """A CSV file of all rows of the dashboard under the same query string."""

    export_headings = {
        "title": "Name",
        "kind": "Kind",
        "stage.label": "Stage",
        "note": "Remark",
        "since": "At this stage since (UTC)",
        "due": "Due",
        "edition": "Edition",
        "writers": "Written by",
        "submitter": "Submitted by",
        "named": "Asked to review",
        "signers": "Signed by",
        "label_changes": "Label changes to answer",
        "sources_to_look_at": "Sources to look at again",
    }
    list_export = list(export_headings)

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Stream the table as CSV in UTF-8."""
        form = DashboardFilterForm(request.GET)
        found = rows(authenticated_user(request), form.chosen_filter(), form.chosen_order(), limit=None)
        return self.csv_response(found)

    def get_filename(self) -> str:
        return f"review-dashboard-{database_today():%Y-%m-%d}"


class CalendarView(_DashboardScreen):
    """A month of due reviews, publications, texts to be signed and label changes to answer."""

    page_title = "Calendar"
    template_name = "review/dashboard/calendar.html"
    header_icon = "calendar-alt"

    def own_breadcrumb(self) -> str:
        return "Calendar"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Render the month named in the URL, else the current one."""
        first = calendar_month.first_day_of(request.GET.get("month", ""))
        month = calendar_month.month_for(authenticated_user(request), first)
        return self.render_to_response(self.get_context_data(month=month))
