"""Decisions on a submission: signature, return, recall."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages

from monographs.core.users import authenticated_user
from monographs.document.models import is_for_patients
from monographs.pages.refusals import PolicyError
from monographs.presentation.moments import long_moment_text
from monographs.review.actions import Recall, Return, Sign
from monographs.review.forms import RecallForm, ReturnForm, SignForm
from monographs.review.models import Submission, SubmissionStatus
from monographs.review.notes import open_notes
from monographs.review.screens.review import DecisionView


class SignView(DecisionView):
    """Sign a submission."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Sign, or show the review again with the reason why not."""
        self.sign_form = form = SignForm(request.POST, user=authenticated_user(request))
        if not form.is_valid():
            return self.invalid()
        try:
            Sign(
                authenticated_user(request),
                self.submission,
                seen_sha256=form.cleaned_data["sha256"],
                **form.signing(request),
            ).execute()
        except PolicyError as refusal:
            return self.refused(refusal, form)
        self.submission.refresh_from_db()
        if self.submission.status == SubmissionStatus.SIGNED:
            messages.success(
                request,
                f"Signed and published: {self.submission.title}.",
                buttons=[_button_of(self.submission)],
            )
        elif self.submission.is_scheduled and self.submission.publish_at:
            messages.success(
                request,
                f"Signed: {self.submission.title}. It becomes public on "
                f"{long_moment_text(self.submission.publish_at)}.",
            )
        else:
            messages.success(request, f"Signed: {self.submission.title}. It needs further signatures.")
        return redirect("review:queue")


def _button_of(submission: Submission) -> Any:
    """Return the button to what was published: the public page, or where a standard text is used."""
    document = submission.document
    if not is_for_patients(document.path):
        address = reverse("standard_texts:text", args=[submission.key])
        return messages.button(address, "See where it is used")
    return messages.button(document.path, "See the public page", new_window=True)


class ReturnView(DecisionView):
    """Return a submission to its writers."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Return it with a reason, or show the review again with what is missing."""
        form = ReturnForm(request.POST, notes=len(open_notes(self.submission.key)))
        if not form.is_valid():
            self.return_form = form
            return self.invalid()
        try:
            Return(authenticated_user(request), self.submission, reason=form.cleaned_data["reason"]).execute()
        except PolicyError as refusal:
            self.return_form = form
            return self.refused(refusal)
        messages.success(request, f"Returned to {self.submission.submitter_person.name}.")
        return redirect("review:queue")


class RecallView(DecisionView):
    """Recall a submission so that its page can be edited."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Recall it, or show the review again with the reason why not."""
        form = RecallForm(request.POST)
        self.recall_form = form
        if not form.is_valid():
            return self.invalid()
        try:
            Recall(authenticated_user(request), self.submission, reason=form.cleaned_data["reason"]).execute()
        except PolicyError as refusal:
            return self.refused(refusal)
        messages.success(request, f"Recalled: {self.submission.title} can be changed again.")
        if self.submission.page_id:
            return redirect("wagtailadmin_pages:edit", self.submission.page_id)
        return redirect("review:queue")
