"""Marks, ticks and notes posted from the review screen, whose script requests only the changed parts."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from wagtail.admin import messages

from monographs.core.users import authenticated_user
from monographs.pages.refusals import PolicyError
from monographs.review.actions import (
    AddNote,
    AnswerNote,
    MarkRead,
    MarkUnread,
    ReopenNote,
    ResolveNote,
    TickStatement,
    WithdrawNote,
)
from monographs.review.actions.notes import NoteAction
from monographs.review.forms import ConfirmForm, NoteAnswerForm, NoteForm
from monographs.review.mentions import mentioned
from monographs.review.models import Note
from monographs.review.screens.review import DecisionView

#: With this header the script requests only the parts of the page that it replaces, by their id.
PARTS_HEADER = "X-Parts"
NOTE_ACTIONS: dict[str, Callable[..., NoteAction]] = {
    "answer": AnswerNote,
    "resolve": ResolveNote,
    "withdraw": WithdrawNote,
    "reopen": ReopenNote,
}
_SUCCESS = {"answer": "Answered.", "resolve": "Resolved.", "withdraw": "Withdrawn.", "reopen": "Reopened."}


NOTE_ADDED = "Note added. The text cannot be signed until the note is resolved or withdrawn."


def warn_of_unknown_mentions(request: HttpRequest, key: UUID, words: str) -> None:
    """Warn of names mentioned in ``words`` that belong to nobody who may see the page."""
    _, unknown = mentioned(key, words)
    if unknown:
        names = ", ".join(f"@{name}" for name in unknown)
        messages.warning(
            request, f"Nobody who may see this page has the name {names}, so nobody was told of it."
        )


class ProgressView(DecisionView):
    """An action after which the user continues reading in the same place."""

    def respond(self, fragment: str) -> HttpResponse:
        """Redirect to ``fragment`` of the review, or return only the parts that show progress."""
        if self.is_parts_request:
            context = self.get_context_data()
            return TemplateResponse(self.request, "review/progress_update.html", context)
        url = reverse("review:review", args=[self.submission.pk])
        return HttpResponseRedirect(f"{url}{self.query}#{fragment}")

    def refused(self, refusal: PolicyError, proof: ConfirmForm | None = None) -> HttpResponse:
        if self.is_parts_request:
            return HttpResponse(refusal.message, status=403, content_type="text/plain; charset=utf-8")
        return super().refused(refusal, proof)

    @property
    def is_parts_request(self) -> bool:
        """Whether the request is from the screen's script."""
        return PARTS_HEADER in self.request.headers


class MarkView(ProgressView):
    """Mark a section as read or unread."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Store or remove the mark, or say why not."""
        section = request.POST.get("section", "")
        action = MarkUnread if request.POST.get("act") == "unread" else MarkRead
        try:
            action(
                authenticated_user(request),
                self.submission,
                section=section,
                digest=request.POST.get("digest", ""),
            ).execute()
        except PolicyError as refusal:
            return self.refused(refusal)
        return self.respond(f"section-{section}")


class TickView(ProgressView):
    """Store the checklist as it was posted."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Store the ticked statements and remove the others, or say why not."""
        ticked = request.POST.getlist("statement")
        try:
            for statement in dict.fromkeys([*self.submission.checklist, *ticked]):
                TickStatement(
                    authenticated_user(request),
                    self.submission,
                    statement=statement,
                    ticked=statement in ticked,
                ).execute()
        except PolicyError as refusal:
            return self.refused(refusal)
        return self.respond("checklist")


class NoteView(ProgressView):
    """Add a note."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Store the note, or say why not."""
        form = NoteForm(request.POST, auto_id=f"note-{request.POST.get('section', '')}-%s")
        self.note_form = form
        if not form.is_valid():
            return self.invalid()
        try:
            note = AddNote(authenticated_user(request), self.submission, **form.cleaned_data).execute()
        except PolicyError as refusal:
            return self.refused(refusal)
        messages.success(request, NOTE_ADDED)
        warn_of_unknown_mentions(request, note.key, form.cleaned_data["body"])
        return self.respond(f"note-{note.pk}")


class NoteAnswerView(ProgressView):
    """Answer, resolve, withdraw or reopen a note of this page."""

    def post(self, request: HttpRequest, pk: int, note: int) -> HttpResponse:
        """Do what was posted, or say why not."""
        subject: Note = get_object_or_404(Note, pk=note, key=self.submission.key)
        form = NoteAnswerForm(request.POST)
        if not form.is_valid():
            return self.invalid()
        self.answered, self.answer = subject.pk, form.cleaned_data["body"]
        action = form.cleaned_data["act"]
        try:
            NOTE_ACTIONS[action](authenticated_user(request), subject, body=self.answer).execute()
        except PolicyError as refusal:
            return self.refused(refusal)
        messages.success(request, _SUCCESS[action])
        if action in ("answer", "resolve"):
            warn_of_unknown_mentions(request, subject.key, self.answer)
        return self.respond(f"note-{subject.pk}")
