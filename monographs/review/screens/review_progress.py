"""Marks, ticks and notes, posted from the review screen; its script asks for the parts that change only."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from wagtail.admin import messages

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
from monographs.review.forms import NoteAnswerForm, NoteForm
from monographs.review.models import Note
from monographs.review.screens.review import DecisionView

#: By this header the script says that it replaces the parts of the page that changed, by their id.
PARTS = "X-Parts"
ACTS = {"answer": AnswerNote, "resolve": ResolveNote, "withdraw": WithdrawNote, "reopen": ReopenNote}
_DONE = {"answer": "Answered.", "resolve": "Resolved.", "withdraw": "Withdrawn.", "reopen": "Open again."}


class _PartView(DecisionView):
    """An answer after which the person reads on where they were."""

    def back_to(self, place: str) -> HttpResponse:
        """The screen at ``place``, or only its parts that show progress."""
        if self.wants_parts:
            context = self.get_context_data()
            return TemplateResponse(self.request, "review/parts.html", context)
        address = reverse("review:review", args=[self.submission.pk])
        return HttpResponseRedirect(f"{address}{self.query}#{place}")

    def refused(self, refusal: PolicyError) -> HttpResponse:
        if self.wants_parts:
            return HttpResponse(refusal.message, status=403, content_type="text/plain; charset=utf-8")
        return super().refused(refusal)

    @property
    def wants_parts(self) -> bool:
        """Whether the page's script asks."""
        return PARTS in self.request.headers


class MarkView(_PartView):
    """A section, read or not."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep the mark or take it back, or say why not."""
        section = request.POST.get("section", "")
        act = MarkUnread if request.POST.get("act") == "unread" else MarkRead
        try:
            act(
                request.user, self.submission, section=section, digest=request.POST.get("digest", "")
            ).execute()
        except PolicyError as refusal:
            return self.refused(refusal)
        return self.back_to(f"section-{section}")


class TickView(_PartView):
    """The checklist as it was sent."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep what is ticked and forget what is not, or say why not."""
        ticked = request.POST.getlist("statement")
        try:
            for statement in dict.fromkeys([*self.submission.checklist, *ticked]):
                TickStatement(
                    request.user, self.submission, statement=statement, ticked=statement in ticked
                ).execute()
        except PolicyError as refusal:
            return self.refused(refusal)
        return self.back_to("checklist")


class NoteView(_PartView):
    """A new note."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Leave it, or say why not."""
        form = NoteForm(request.POST, auto_id=f"note-{request.POST.get('section', '')}-%s")
        self.note_form = form
        if not form.is_valid():
            self.status = 400
            return self.show()
        try:
            note = AddNote(request.user, self.submission, **form.cleaned_data).execute()
        except PolicyError as refusal:
            return self.refused(refusal)
        messages.success(request, "Noted. The text cannot be signed until the note is resolved or withdrawn.")
        return self.back_to(f"note-{note.pk}")


class NoteAnswerView(_PartView):
    """What is done to a note of this page."""

    def post(self, request: HttpRequest, pk: int, note: int) -> HttpResponse:
        """Do it, or say why not."""
        subject: Note = get_object_or_404(Note, pk=note, key=self.submission.key)
        form = NoteAnswerForm(request.POST)
        if not form.is_valid():
            self.status = 400
            return self.show()
        self.answered, self.answer = subject.pk, form.cleaned_data["body"]
        act = form.cleaned_data["act"]
        try:
            ACTS[act](request.user, subject, body=self.answer).execute()
        except PolicyError as refusal:
            return self.refused(refusal)
        messages.success(request, _DONE[act])
        return self.back_to(f"note-{subject.pk}")
