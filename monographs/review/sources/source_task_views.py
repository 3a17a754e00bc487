"""Admin screens of tasks about sources: which pages have to look at a source again, why, and what to do."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView

from monographs.core.db_clock import database_today
from monographs.core.empty_report import EmptyReportMixin
from monographs.core.users import authenticated_user
from monographs.editions.person import Person
from monographs.pages.refusals import PolicyError
from monographs.presentation.moments import short_day_text
from monographs.presentation.section_names import section_names
from monographs.review.actions.answer_source import AnswerSource, user_can_answer_source
from monographs.review.models import UNDER_WAY, Submission
from monographs.review.page_access import ReviewAccessMixin
from monographs.review.publication.page_sync import page_of
from monographs.review.screens.base import FormScreen
from monographs.review.screens.task_filters import OpenTasksMixin, open_filter, open_unless_asked
from monographs.review.sources.answer_views import AnswerSourceForm
from monographs.review.sources.newer_version import newer_version_url
from monographs.review.sources_of_pages.source_tasks import faults_hash
from monographs.rules.source_faults import OF_EDITIONS, SourceFaultKind
from monographs.source_library.models import SourceTask
from monographs.source_library.source_citations import public_citations

_WITHOUT = "Settled by an edition without this source."
_CORRECTED = "Settled when the address is right, and patients read an edition that has it."
#: What to do about each kind of fault, for the writer of the page, and what settles it.
REMEDIES = {
    SourceFaultKind.GONE: (
        "Find another source for what these sections say, or take out what rests on it.",
        _WITHOUT,
    ),
    SourceFaultKind.SUPERSEDED: (
        "Read what supersedes it, and name or cite that one in the draft.",
        _WITHOUT,
    ),
    SourceFaultKind.NEWER_LABEL: (
        "Read what changed, and name or cite the label's new version in the draft.",
        _WITHOUT,
    ),
    SourceFaultKind.DEAD_LINK: (
        "Open it. If it is gone, an editor corrects the address in the library.",
        f"{_CORRECTED} Also when this one answers again.",
    ),
    SourceFaultKind.MOVED: (
        "Open it. If it is the same text, an editor corrects the address in the library.",
        _CORRECTED,
    ),
    SourceFaultKind.OLD: (
        "Look for a newer edition. If there is none, answer that this one is still right.",
        _WITHOUT,
    ),
    SourceFaultKind.RENEWED: (
        "Read what is new in it, and set the day it was seen in the draft.",
        "Settled by an edition that says it was seen on that day or later; if only statements rest on it, by "
        "one that is reviewed after that day.",
    ),
    SourceFaultKind.OTHER_ADDRESS: (
        "Submit the draft: it has the new address, patients follow the old one.",
        "Settled by an edition with the new address.",
    ),
}


class _SourceTaskFilterSet(OpenTasksMixin, WagtailFilterSet):
    title = django_filters.CharFilter(label="Medicine", lookup_expr="icontains")
    open = open_filter()

    class Meta:
        model = SourceTask
        fields: list[str] = []


def _task_url(task: SourceTask) -> str:
    return reverse("sources:task", args=[task.pk])


def _may_be_replaced(task: SourceTask) -> bool:
    """Whether another source may settle an open task; of some, only the page has to be seen to."""
    return task.closed_at is None and any(fault["kind"] not in OF_EDITIONS for fault in task.faults)


def _due_day(task: SourceTask) -> str:
    return short_day_text(task.due_on) if task.due_on else ""


def _section_names(task: SourceTask) -> str:
    return section_names(task.sections)


def _statements_of(task: SourceTask) -> list[str]:
    """Return the words of the statements that cite a source in the edition that patients read."""
    found = public_citations(task.source).filter(key=task.key)
    return list(dict.fromkeys(found.values_list("words", flat=True)))


class SourceTaskListView(ReviewAccessMixin, EmptyReportMixin, ReportView):
    """The tasks about sources, those that are due first; open ones unless a filter says otherwise."""

    model = SourceTask
    permission_policy = None
    any_permission_required = None
    page_title = "Sources to look at again"
    header_icon = "openquote"
    verbose_name, verbose_name_plural = "source to look at again", "sources to look at again"
    nothing_listed = "No source of a public page needs an answer now."
    index_url_name = "sources:tasks"
    index_results_url_name = "sources:tasks_results"
    filterset_class = _SourceTaskFilterSet
    is_searchable = False
    columns = [
        TitleColumn("title", label="Medicine", get_url=_task_url, width="25%"),
        Column("source", label="Source"),
        Column("words", label="What is wrong"),
        Column("sections", label="Sections", accessor=_section_names),
        DateColumn("opened_at", label="Open since"),
        Column("due_on", label="Due", accessor=_due_day),
        Column("get_outcome_display", label="Closed because"),
    ]
    list_export = [
        "title", "key", "source", "words", "sections", "edition", "opened_at", "due_on", "closed_at",
        "outcome", "reason",
    ]  # fmt: skip

    def get_filename(self) -> str:
        return f"sources-to-look-at-{database_today():%Y-%m-%d}"

    def get_base_queryset(self) -> QuerySet[SourceTask]:
        """Return all tasks, or the open ones where no filter chooses."""
        return open_unless_asked(SourceTask.objects.select_related("source"), self.request)


class SourceTaskView(FormScreen):
    """One task: what is wrong with the source, where patients read it, and what to do."""

    template_name = "review/sources/task.html"
    page_title = "Source to look at again"
    header_icon = "openquote"
    breadcrumb_root = ("sources:tasks", "Sources to look at again")
    form: AnswerSourceForm | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.task = get_object_or_404(SourceTask.objects.select_related("source"), pk=kwargs["pk"])

    def own_breadcrumb(self) -> str:
        return self.task.title

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer it, or show it again with the reason why not."""
        self.form = form = AnswerSourceForm(request.POST)
        if not form.is_valid():
            return self.invalid()
        answer = AnswerSource(
            authenticated_user(request),
            self.task,
            reason=form.cleaned_data["reason"],
            seen_faults=form.cleaned_data["faults"],
        )
        try:
            answer.execute()
        except PolicyError as refusal:
            return self.refused(refusal)
        messages.success(request, f"Answered: {self.task.title} goes on showing this source.")
        return redirect("sources:tasks")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, task = authenticated_user(self.request), self.task
        page = page_of(task.key)
        under_way = Submission.objects.filter(key=task.key, status__in=UNDER_WAY)
        return super().get_context_data(
            task=task,
            section_names=section_names(task.sections),
            statements=_statements_of(task),
            faults=[(fault["words"], *REMEDIES[SourceFaultKind(fault["kind"])]) for fault in task.faults],
            newest=task.source.later()[-1],
            newer_url=newer_version_url(user, task.source) if _may_be_replaced(task) else "",
            page=page if page and page.permissions_for_user(user).can_edit() else None,
            submission=under_way.defer("canonical").first(),
            answerer=Person(**task.answerer) if task.answerer else None,
            may_answer=user_can_answer_source(user, task),
            answer_form=self.form or AnswerSourceForm(initial={"faults": faults_hash(task)}),
            **kwargs,
        )
