"""The report on label coverage: what each monograph rests on, what is behind, and how long answers take."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from monographs.core.db_clock import database_now, database_today
from monographs.label_watch.coverage import (
    AnswerTimes,
    CoverageRow,
    CoverageState,
    answer_times,
    coverage_rows,
    version_rows,
)
from monographs.label_watch.label_knowledge import label_knowledge, recent_notices
from monographs.labels import ChangeClass
from monographs.review.dashboard.csv_export import CsvExportView
from monographs.review.page_access import ReviewAccessMixin
from monographs.review.screens.base import ReviewScreen

#: Rows on one screen.
PER_PAGE = 50


def _chosen(rows: list[CoverageRow], state: str) -> list[CoverageRow]:
    """Return the rows of a state; all of them for one that there is not."""
    return [row for row in rows if row.state == state] if state in set(CoverageState) else rows


class CoverageView(ReviewScreen):
    """Pages and the versions of their labels, those behind first."""

    template_name = "review/label_tasks/coverage.html"
    page_title = "Label coverage"
    header_icon = "history"
    breadcrumb_root = ("labels:tasks", "Label changes")

    def own_breadcrumb(self) -> str:
        return self.page_title

    def get(self, request: HttpRequest) -> HttpResponse:
        """Render the page of the table that the URL asks for."""
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows, chosen = coverage_rows(), self.request.GET.get("state", "")
        return super().get_context_data(
            states=_states(rows, chosen),
            classes=_counted(Counter(row.change_class or "" for row in rows)),
            monographs=len({row.key for row in rows}),
            statements=_statements(rows),
            citing=sum({row.key: row.page_citing or 0 for row in rows}.values()),
            page=Paginator(_chosen(rows, chosen), PER_PAGE).get_page(self.request.GET.get("p")),
            query=f"state={chosen}" if chosen else "",
            knowledge=label_knowledge(),
            noticed=_noticed(rows),
            times=[_shown(times) for times in answer_times()],
            now=database_now(),
            **kwargs,
        )


def _states(rows: list[CoverageRow], chosen: str) -> list[dict[str, Any]]:
    """Return the states as tabs: what is counted are rows, and the statements of their pages."""
    by_state: dict[str, list[CoverageRow]] = {state: [] for state in CoverageState}
    for row in rows:
        by_state[row.state].append(row)
    found = []
    for state, of_state in (("", rows), *by_state.items()):
        found.append(
            {
                "label": CoverageState(state).label if state else "All",
                "query": f"state={state}" if state else "",
                "selected": chosen == state,
                "count": len(of_state),
                "statements": _statements(of_state),
            }
        )
    return found


def _noticed(rows: list[CoverageRow]) -> list[dict[str, Any]]:
    """Return what was noticed about labels besides changes of their text, with the pages that follow them."""
    titles = {row.key: row.title for row in rows}
    return [
        {
            "notice": each.notice,
            "label": each.label_title or each.notice.set_id,
            "pages": sorted((titles[key], key) for key in each.keys if key in titles),
        }
        for each in recent_notices()
    ]


def _statements(rows: Iterable[CoverageRow]) -> int:
    """Return how many statements the pages of rows have; a page may have several rows."""
    return sum({row.key: row.statements or 0 for row in rows}.values())


def _counted(counts: Counter[str]) -> list[tuple[str, int]]:
    return [(each.value, counts[each.value]) for each in ChangeClass if counts[each.value]]


def _shown(times: AnswerTimes) -> dict[str, Any]:
    return {
        "name": times.change_class.capitalize() or "All",
        "answered": times.answered,
        "median": _days(times.median),
        "percentile_90": _days(times.percentile_90),
        "dated": times.dated,
        "label_median": _days(times.label_median),
        "label_percentile_90": _days(times.label_percentile_90),
    }


def _days(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds() / 86_400


class CoverageExport(ReviewAccessMixin, CsvExportView):
    """All rows as a CSV file."""

    export_headings = {
        "title": "Medicine",
        "path": "Path",
        "edition": "Edition",
        "statements": "Statements",
        "citing": "Statements that cite this label",
        "cited_versions": "Versions they cite",
        "state.label": "State",
        "set_id": "Label set id",
        "label_title": "Label",
        "rests_on": "Rests on version",
        "newest_version": "Newest version",
        "newest_effective": "Newest in effect since",
        "change_class": "How grave",
        "behind_since": "Behind since (UTC)",
        "flagged": "Statements on changed sentences",
        "answer_due": "Answer due",
        "checked_at": "Last complete answer (UTC)",
        "failing_since": "Failing since (UTC)",
        "gone_since": "No longer published since (UTC)",
    }

    list_export = list(export_headings)

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Stream the rows that the URL asks for."""
        return self.csv_response(_chosen(coverage_rows(), request.GET.get("state", "")))

    def get_filename(self) -> str:
        return f"label-coverage-{database_today():%Y-%m-%d}"


class VersionsView(ReviewScreen):
    """Versions of labels with the monographs that rest on each, and the statements that cite it."""

    template_name = "review/label_tasks/coverage_versions.html"
    page_title = "Coverage by label version"
    header_icon = "history"
    breadcrumb_root = ("labels:coverage", "Label coverage")

    def own_breadcrumb(self) -> str:
        return self.page_title

    def get(self, request: HttpRequest) -> HttpResponse:
        """Render the page of the table that the URL asks for."""
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(version_rows(), PER_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(page=page, now=database_now(), **kwargs)


class VersionsExport(ReviewAccessMixin, CsvExportView):
    """All versions as a CSV file."""

    export_headings = {
        "set_id": "Label set id",
        "label_title": "Label",
        "version": "Version",
        "effective": "In effect since",
        "newest_version": "Newest version",
        "monographs": "Monographs that rest on it",
        "citing_monographs": "Monographs that cite it",
        "statements": "Statements that cite it",
        "waiting": "Changes that wait",
        "change_class": "How grave",
        "behind_since": "Behind since (UTC)",
    }

    list_export = list(export_headings)

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Stream the rows."""
        return self.csv_response(version_rows())

    def get_filename(self) -> str:
        return f"label-versions-{database_today():%Y-%m-%d}"
