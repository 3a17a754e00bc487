"""Admin screens of label tasks: which pages have to answer a change of their label, and what changed."""

from typing import Any

import django_filters
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets.button import HeaderButton

from monographs.accounts.actors import person_of
from monographs.core.db_clock import database_today
from monographs.core.empty_report import EmptyReportMixin
from monographs.core.users import authenticated_user
from monographs.editions.queries import public_edition
from monographs.imports.service import user_can_import
from monographs.label_watch.label_tasks import flagged_statements
from monographs.label_watch.models import LabelAnswer, LabelVersion, UpdateTask
from monographs.label_watch.storage import read_version, stored_version
from monographs.labels import ChangeClass, LabelComparison, SectionChange, compare_labels
from monographs.pages.refusals import PolicyError
from monographs.presentation.section_names import section_names
from monographs.review.actions.label_answer import ANSWER_MEANING, STEP, AnswerLabel
from monographs.review.forms import AnswerLabelForm, SignSentenceForm
from monographs.review.label_tasks.sentence_context import sentence_context
from monographs.review.labels_of_pages.section_citations import citations_by_section
from monographs.review.models import UNDER_WAY, Submission
from monographs.review.policies.label_answer_policy import user_can_answer
from monographs.review.publication.page_sync import page_of
from monographs.review.screens.base import FormScreen
from monographs.review.screens.task_filters import OpenTasksMixin, open_filter, open_unless_asked
from monographs.review.signer_identity import signer_hash

#: Changes of the least grave class are counted and not listed.
_LISTED = (ChangeClass.GRAVE, ChangeClass.SUBSTANCE, ChangeClass.WORDING)


class _LabelTaskFilterSet(OpenTasksMixin, WagtailFilterSet):
    title = django_filters.CharFilter(label="Medicine", lookup_expr="icontains")
    change_class = django_filters.ChoiceFilter(
        label="How grave", choices=[(each.value, each.value.capitalize()) for each in _LISTED]
    )
    open = open_filter()

    class Meta:
        model = UpdateTask
        fields: list[str] = []


def _task_url(task: UpdateTask) -> str:
    return reverse("labels:task", args=[task.pk])


def _step(task: UpdateTask) -> str:
    return task.label_step.removeprefix("version ")


def _section_names(task: UpdateTask) -> str:
    return section_names(task.sections)


class LabelTaskListView(EmptyReportMixin, ReportView):
    """The tasks, those that are due first; open ones unless a filter says otherwise."""

    model = UpdateTask
    permission_policy = None
    any_permission_required = None
    page_title = "Label changes"
    header_icon = "history"
    verbose_name, verbose_name_plural = "label change", "label changes"
    nothing_listed = "No change of a label needs an answer now."
    index_url_name = "labels:tasks"
    index_results_url_name = "labels:tasks_results"
    filterset_class = _LabelTaskFilterSet
    is_searchable = False
    columns = [
        TitleColumn("title", label="Medicine", get_url=_task_url, classname="label-changes__title"),
        Column("label_name", label="Label"),
        Column("label_step", label="Version", accessor=_step),
        Column("get_change_class_display", label="How grave"),
        Column("sections", label="Sections that rest on it", accessor=_section_names),
        DateColumn("opened_at", label="Open since"),
        Column("due_on", label="Due"),
        Column("get_outcome_display", label="Closed because"),
    ]
    list_export = [
        "title", "key", "label_name", "set_id", "from_version", "to_version", "change_class", "sections",
        "edition", "opened_at", "due_on", "closed_at", "outcome",
    ]  # fmt: skip

    @property
    def header_buttons(self) -> list[HeaderButton]:
        """A new medicine from a label, for those who may add one."""
        if not user_can_import(authenticated_user(self.request)):
            return []
        return [HeaderButton("New from a label", reverse("imports:label"), icon_name="plus")]

    def get_filename(self) -> str:
        return f"label-changes-{database_today():%Y-%m-%d}"

    def get_base_queryset(self) -> QuerySet[UpdateTask]:
        """Return all tasks, or the open ones where no filter chooses."""
        return open_unless_asked(UpdateTask.objects.all(), self.request)


class LabelTaskView(FormScreen):
    """One task: what changed in the label by section, as a redline with a reason for each class."""

    template_name = "review/label_tasks/task.html"
    page_title = "Label change"
    header_icon = "history"
    breadcrumb_root = ("labels:tasks", "Label changes")
    form: AnswerLabelForm | None = None
    sentence_form: SignSentenceForm | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.task = get_object_or_404(UpdateTask, pk=kwargs["pk"])

    def own_breadcrumb(self) -> str:
        return self.task.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, task = authenticated_user(self.request), self.task
        newer = stored_version(task.set_id, task.to_version)
        older = stored_version(task.set_id, task.from_version, like=newer)
        comparison = _compared(older, newer)
        sections = [each for each in comparison.sections if each.sections] if comparison else []
        page, edition = page_of(task.key), public_edition(task.key)
        return super().get_context_data(
            task=task,
            older=older,
            newer=newer,
            section_names=section_names(task.sections),
            changed=[_shown(section) for section in sections if section.change_class in _LISTED],
            flagged=_flagged(task) if task.closed_at is None else [],
            notes=comparison.notes if comparison else (),
            page=page if page and page.permissions_for_user(user).can_edit() else None,
            submission=Submission.objects.filter(key=task.key, status__in=UNDER_WAY)
            .defer("canonical")
            .first(),
            answers=LabelAnswer.objects.filter(key=task.key, label__set_id=task.set_id).order_by("-pk"),
            may_answer=user_can_answer(user, task, edition),
            meaning=ANSWER_MEANING,
            sentence=sentence_context(user, task, edition, newer, self.sentence_form),
            signer=person_of(user),
            answer_form=self.form or AnswerLabelForm(initial=self._initial(user), user=user),
            **kwargs,
        )

    def _initial(self, user: User) -> dict[str, Any]:
        return {
            "version": self.task.to_version,
            "signer": signer_hash(person_of(user), STEP, ANSWER_MEANING),
        }


class LabelTaskActionView(LabelTaskView):
    """Base class of what is done on the screen of a change."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Redirect to the change."""
        return redirect("labels:task", pk)


class AnswerView(LabelTaskActionView):
    """Sign that the page needs no change."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Sign, or show the change again with the reason why not."""
        user = authenticated_user(request)
        self.form = form = AnswerLabelForm(request.POST, user=user)
        if not form.is_valid():
            return self.invalid()
        try:
            AnswerLabel(
                user,
                self.task,
                reason=form.cleaned_data["reason"],
                seen_version=form.cleaned_data["version"],
                **form.signing(request),
            ).execute()
        except PolicyError as refusal:
            return self.refused(refusal, form)
        messages.success(request, f"Signed: {self.task.title} needs no change for {self.task.label_words}.")
        return redirect("labels:tasks")


def _compared(older: LabelVersion | None, newer: LabelVersion | None) -> LabelComparison | None:
    if older is None or newer is None:
        return None
    return compare_labels(read_version(older), read_version(newer))


def _flagged(task: UpdateTask) -> list[dict[str, Any]]:
    """Return the statements that cite changed sentences, by section of the page."""
    flagged = flagged_statements(task)
    sections = citations_by_section(flagged, {}, [each.statement for each in flagged])
    return [{"heading": section_names([name]), "rows": each.rows} for name, each in sections.items()]


def _shown(section: SectionChange) -> dict[str, Any]:
    """Return a section of the label with its changes, the gravest first, and how many only look different."""
    listed = [change for change in section.changes if change.change_class in _LISTED]
    return {
        "heading": section.heading,
        "rests": section_names(section.sections),
        "changes": sorted(listed, key=lambda change: change.change_class.rank),
        "editorial": len(section.changes) - len(listed),
    }
