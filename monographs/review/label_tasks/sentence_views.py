"""Asking for the prepared sentence on the screen of a change, and signing it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages

from monographs.core.users import authenticated_user
from monographs.pages.refusals import PolicyError
from monographs.review.actions.sign_sentence import AskSentence, SignSentence
from monographs.review.forms import SignSentenceForm
from monographs.review.label_tasks.task_views import LabelTaskActionView


class AskSentenceView(LabelTaskActionView):
    """Ask for the sentence."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Store the request, or show the change again with the reason why not."""
        try:
            AskSentence(authenticated_user(request), self.task).execute()
        except PolicyError as refusal:
            return self.refused(refusal)
        messages.success(request, "Asked for. Patients see no change until a reviewer signs the sentence.")
        return redirect("labels:task", pk)


class SignSentenceView(LabelTaskActionView):
    """Sign the sentence."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Sign, or show the change again with the reason why not."""
        user = authenticated_user(request)
        self.sentence_form = form = SignSentenceForm(request.POST, user=user, auto_id="sentence_%s")
        if not form.is_valid():
            return self.invalid()
        try:
            SignSentence(
                user,
                self.task,
                seen_version=form.cleaned_data["version"],
                **form.signing(request),
            ).execute()
        except PolicyError as refusal:
            return self.refused(refusal, form)
        messages.success(request, f"Signed: patients of {self.task.title} read the sentence now.")
        return redirect("labels:task", pk)
