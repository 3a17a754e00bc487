"""The report on label coverage: what each monograph rests on, what is behind, and how long answers take."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from monographs.core.db_clock import database_now, database_today
from monographs.label_watch.coverage import (
    AnswerTimes,
    CoverageCount,
    CoverageRow,
    CoverageState,
    VersionRow,
    answer_times,
    coverage_counts,
    coverage_rows,
    version_count,
    version_rows,
)
from monographs.label_watch.label_knowledge import label_knowledge, recent_notices
from monographs.label_watch.models import WatchedEdition
from monographs.review.dashboard.csv_export import CsvExportView
from monographs.review.page_access import ReviewAccessMixin
from monographs.review.screens.base import ListScreen

#: Rows on one screen.
PER_PAGE = 50


def _state(request: HttpRequest) -> CoverageState | None:
    """Return the state that the URL asks for; None for all, and for one that there is not."""
    asked = request.GET.get("state", "")
    return CoverageState(asked) if asked in set(CoverageState) else None


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of which a paginator reads those of one page, by their offset and how many they are."""

    total: int
    read: Callable[[int, int], Sequence[CoverageRow] | Sequence[VersionRow]]

    def __len__(self) -> int:
        return self.total

    def __getitem__(self, asked: slice, /) -> Sequence[CoverageRow] | Sequence[VersionRow]:
        return self.read(asked.start, asked.stop - asked.start)

    def page(self, request: HttpRequest) -> Page[Any]:
        """Return the page that the URL asks for."""
        found: Any = self  # all that a paginator needs of a list
        return Paginator(found, PER_PAGE).get_page(request.GET.get("p"))


class CoverageView(ListScreen):
    """Pages and the versions of their labels, those behind first."""

    template_name = "review/label_tasks/coverage.html"
    page_title = "Label coverage"
    header_icon = "history"
    breadcrumb_root = ("labels:tasks", "Label changes")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts, chosen = coverage_counts(), _state(self.request)
        waiting = counts[CoverageState.BEHIND].waiting
        total = counts[chosen].rows if chosen else sum(each.rows for each in counts.values())
        return super().get_context_data(
            states=_states(counts, chosen),
            classes=[(name.value, number) for name, number in waiting.items() if number],
            monographs=sum(each.monographs for each in counts.values()),
            statements=sum(each.of_monographs for each in counts.values()),
            citing=sum(each.citing for each in counts.values()),
            page=_Rows(total, partial(coverage_rows, chosen)).page(self.request),
            query=f"state={chosen}" if chosen else "",
            knowledge=label_knowledge(),
            noticed=_noticed(),
            times=[_shown(times) for times in answer_times()],
            now=database_now(),
            **kwargs,
        )


def _states(counts: dict[CoverageState, CoverageCount], chosen: CoverageState | None) -> list[dict[str, Any]]:
    """Return the states as tabs: what is counted are rows, and the statements of their pages."""
    every = {
        "label": "All",
        "query": "",
        "selected": chosen is None,
        "count": sum(each.rows for each in counts.values()),
        "statements": sum(each.of_monographs for each in counts.values()),
    }
    tabs = [
        {
            "label": state.label,
            "query": f"state={state}",
            "selected": chosen == state,
            "count": each.rows,
            "statements": each.statements,
        }
        for state, each in counts.items()
    ]
    return [every, *tabs]


def _noticed() -> list[dict[str, Any]]:
    """Return what was noticed about labels besides changes of their text, with the pages that follow them."""
    noticed = recent_notices()
    keys = {key for each in noticed for key in each.keys}
    titles = dict(WatchedEdition.objects.filter(key__in=keys).values_list("key", "edition__title"))
    return [
        {
            "notice": each.notice,
            "label": each.label_title or each.notice.set_id,
            "pages": sorted((titles[key], key) for key in each.keys if key in titles),
        }
        for each in noticed
    ]


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
        return self.csv_response(coverage_rows(_state(request)))

    def get_filename(self) -> str:
        return f"label-coverage-{database_today():%Y-%m-%d}"


class VersionsView(ListScreen):
    """Versions of labels with the monographs that rest on each, and the statements that cite it."""

    template_name = "review/label_tasks/coverage_versions.html"
    page_title = "Coverage by label version"
    header_icon = "history"
    breadcrumb_root = ("labels:coverage", "Label coverage")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = _Rows(version_count(), version_rows).page(self.request)
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
