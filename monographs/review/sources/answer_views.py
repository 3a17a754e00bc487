"""Answering that a source is still right: the form, and one answer for all pages with the same faults."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from monographs.core.posted_keys import posted_key
from monographs.core.users import authenticated_user
from monographs.pages.refusals import PolicyError
from monographs.review.actions.answer_source import AnswerSource
from monographs.review.forms import FocusedErrorForm
from monographs.review.screens.base import FormScreen
from monographs.review.sources.source_form import SOURCE_PAGE
from monographs.review.sources_of_pages.source_tasks import faults_hash
from monographs.review.team.team_views import TextOutcome
from monographs.source_library.models import LibrarySource, SourceTask

#: Pages that one form answers for, within the time that servers before us wait.
MOST_ANSWERS = 100


class AnswerSourceForm(FocusedErrorForm):
    """Why a page may go on showing a source that changed or is no longer available."""

    faults = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why is it still right?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For the record and for whoever reviews the page next. Patients do not see it.",
    )


@dataclass(frozen=True, slots=True)
class SameFaults:
    """Open tasks about one source with the same faults (by their hash), and the form that answers them."""

    faults: str
    words: str
    tasks: tuple[SourceTask, ...]
    form: AnswerSourceForm


def answers_together(tasks: list[SourceTask], form: AnswerSourceForm | None = None) -> list[SameFaults]:
    """Return what can be answered at once: open tasks of two pages or more with the same faults.

    ``form`` is one that was sent and is shown again.
    """
    groups: defaultdict[str, list[SourceTask]] = defaultdict(list)
    for task in tasks:
        if task.closed_at is None:
            groups[faults_hash(task)].append(task)
    sent = form.data.get("faults") if form else None
    return [
        SameFaults(faults, of_page[0].words, tuple(of_page[:MOST_ANSWERS]), _form(number, faults, sent, form))
        for number, (faults, of_page) in enumerate(groups.items())
        if len(of_page) > 1
    ]


def _form(number: int, faults: str, sent: Any, form: AnswerSourceForm | None) -> AnswerSourceForm:
    if form is not None and sent == faults:
        return form
    return AnswerSourceForm(initial={"faults": faults}, auto_id=f"answer_{number}_%s")


class AnswerSourcesView(FormScreen):
    """One answer for the ticked pages that show a source, each in its own transaction."""

    template_name = "review/sources/answers.html"
    page_title = "Answer for several pages"
    header_icon = "openquote"
    breadcrumb_root = ("source_library:list", "Sources")
    form: AnswerSourceForm | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.source = get_object_or_404(LibrarySource, pk=kwargs["pk"])

    def own_breadcrumb(self) -> str:
        return str(self.source)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lead to the source, whose page has the forms."""
        return redirect(SOURCE_PAGE, pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer the ticked tasks, and show what became of each."""
        self.form = form = AnswerSourceForm(request.POST)
        tasks = list(self.source.tasks.filter(pk__in=self._ticked()).order_by("title", "pk"))[:MOST_ANSWERS]
        if not tasks:
            form.add_error(None, "Tick the pages that you answer for.")
        if not form.is_valid():
            return self.invalid()
        user = authenticated_user(request)
        outcomes = [_answered(user, task, form.cleaned_data) for task in tasks]
        self.template_name = "review/sources/answers_outcome.html"
        return self.render_to_response(
            self.get_context_data(
                done=[outcome for outcome in outcomes if not outcome.refused],
                refused=[outcome for outcome in outcomes if outcome.refused],
            )
        )

    def _ticked(self) -> set[int]:
        return {posted_key(value) for value in self.request.POST.getlist("task")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tasks = list(self.source.tasks.filter(closed_at=None))
        return super().get_context_data(
            source=self.source,
            answers=answers_together(tasks, self.form),
            ticked=self._ticked(),
            posted=self.request.POST.get("faults", ""),
            **kwargs,
        )


def _answered(user: User, task: SourceTask, said: dict[str, Any]) -> TextOutcome:
    url = reverse("sources:task", args=[task.pk])
    try:
        AnswerSource(user, task, reason=said["reason"], seen_faults=said["faults"]).execute()
    except PolicyError as refusal:
        return TextOutcome(task.title, url, refusal.message, refused=True)
    return TextOutcome(task.title, url, "goes on showing this source.", refused=False)
