"""Suggesting other words from the review screen or passage by passage, answering, and the exemption."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied

from monographs.core.users import authenticated_user
from monographs.editions.models import Edition
from monographs.pages.refusals import PolicyError, Rule
from monographs.presentation.labels import section_heading
from monographs.review.actions import (
    AcceptSuggestion,
    ConfirmExemption,
    DeclineSuggestion,
    SetExemption,
    Suggest,
    WithdrawSuggestion,
)
from monographs.review.actions.suggest import SuggestionAction
from monographs.review.models import Submission, Suggestion, SuggestionExemption
from monographs.review.notes import heading_from_anchor
from monographs.review.progress import progress_of
from monographs.review.publication.page_sync import page_of
from monographs.review.screens.base import FormScreen
from monographs.review.screens.review_progress import ProgressView
from monographs.review.suggestion_forms import (
    SuggestionAnswerForm,
    SuggestionExemptionForm,
    SuggestionForm,
)
from monographs.review.suggestions import suggestion_policy
from monographs.review.suggestions.editable_passages import editable_passages
from monographs.review.suggestions.included_words import included_texts
from monographs.review.suggestions.placed_suggestions import words_at

SUGGESTION_ACTIONS: dict[str, Callable[..., SuggestionAction]] = {
    "accept": AcceptSuggestion,
    "decline": DeclineSuggestion,
    "withdraw": WithdrawSuggestion,
}
_SUCCESS = {
    "accept": "Accepted: the draft says it now. Submit it for review when you are done.",
    "decline": "Declined. The text did not change.",
    "withdraw": "Withdrawn.",
}
#: Characters in a line of a text area on a phone.
_LINE = 40
_ADDED = "Suggested. The text did not change. A writer accepts or declines it before anybody can sign."


class SuggestView(ProgressView):
    """Suggest other words, from the review screen."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Store the suggestion, or say why not."""
        form = SuggestionForm(request.POST, auto_id=f"suggest-{request.POST.get('section', '')}-%s")
        self.suggestion_form = form
        if not form.is_valid():
            return self.invalid()
        try:
            suggestion = _suggest(request, self.submission, form)
        except PolicyError as refusal:
            return self.refused(refusal)
        messages.success(request, _ADDED)
        return self.respond(f"suggestion-{suggestion.pk}")


def _suggest(request: HttpRequest, submission: Submission, form: SuggestionForm) -> Suggestion:
    return Suggest(
        authenticated_user(request),
        submission.key,
        form.chosen(),
        words=form.cleaned_data["words"],
        reason=form.cleaned_data["reason"],
        submission=submission,
    ).execute()


class SuggestionAnswerView(ProgressView):
    """Accept, decline or withdraw a suggestion of this page."""

    def post(self, request: HttpRequest, pk: int, suggestion: int) -> HttpResponse:
        """Do what was posted, or say why not."""
        subject: Suggestion = get_object_or_404(Suggestion, pk=suggestion, key=self.submission.key)
        form = SuggestionAnswerForm(request.POST)
        if not form.is_valid():
            return self.invalid()
        act = form.cleaned_data["act"]
        self.answered, self.answer = subject.pk, form.cleaned_data["body"]
        try:
            SUGGESTION_ACTIONS[act](authenticated_user(request), subject, body=self.answer).execute()
        except PolicyError as refusal:
            return self.refused(refusal)
        messages.success(request, _SUCCESS[act])
        return self.respond(f"suggestion-{subject.pk}")


class PassagesToChangeView(FormScreen):
    """The passages of one section of a text in review, each with a form to suggest other words for it."""

    template_name = "review/passages_to_change.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        found = Submission.objects.with_step()
        self.submission: Submission = get_object_or_404(found, pk=kwargs["pk"])
        self.section: str = kwargs["section"]
        self.form: SuggestionForm | None = None

    def get_page_title(self) -> str:
        return f"Suggest a change: {self.heading}"

    def own_breadcrumb(self) -> str:
        return str(self.submission.title)

    @property
    def heading(self) -> str:
        """The heading of the section."""
        user = authenticated_user(self.request)
        sections = progress_of(user, self.submission).redline.sections
        found = (section_heading(each) for each in sections if each.anchor == self.section)
        return next(found, heading_from_anchor(self.section))

    def get(self, request: HttpRequest, pk: int, section: str) -> HttpResponse:
        """Show the passages, with the form of the one that was chosen."""
        suggestion_policy.can_suggest(authenticated_user(request), self.submission).enforce()
        return self.show()

    def post(self, request: HttpRequest, pk: int, section: str) -> HttpResponse:
        """Store the suggestion, or say why not."""
        self.form = SuggestionForm(request.POST, auto_id="suggest-%s")
        if not self.form.is_valid():
            return self.invalid()
        try:
            suggestion = _suggest(request, self.submission, self.form)
        except PolicyError as refusal:
            return self.refused(refusal)
        messages.success(request, _ADDED)
        review = reverse("review:review", args=[self.submission.pk])
        return HttpResponseRedirect(f"{review}#suggestion-{suggestion.pk}")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            submission=self.submission,
            section=self.section,
            rows=self._rows(),
            included=self._included(),
            bar_notice=suggestion_policy.bar_notice_for(authenticated_user(self.request)),
            **kwargs,
        )

    def _included(self) -> list[Edition]:
        """Return the standard texts whose words are in the section."""
        page = page_of(self.submission.key)
        revision = page.get_latest_revision() if page else None
        return included_texts(revision.content, type(page), self.section) if page and revision else []

    def _rows(self) -> list[dict[str, Any]]:
        page = page_of(self.submission.key)
        revision = page.get_latest_revision() if page else None
        if page is None or revision is None:
            return []
        passages = editable_passages(revision.content, type(page))
        chosen = self.request.GET.get("passage", "")
        rows = []
        for n, passage in enumerate(each for each in passages if each.section == self.section):
            words = words_at(passages, passage, 0, len(passage.words))
            form = None
            if self.form and (self.form["place"].value(), str(self.form["number"].value())) == (
                passage.place,
                str(words.number),
            ):
                form = self.form
            elif self.form is None and chosen == str(n):
                initial = {
                    "section": self.section,
                    "quote": passage.words,
                    "words": passage.words,
                    "place": passage.place,
                    "number": words.number,
                }
                form = SuggestionForm(initial=initial, auto_id="suggest-%s")
                form.fields["words"].widget.attrs["rows"] = 2 + len(passage.words) // _LINE
            rows.append({"passage": passage, "form": form})
        return rows


class SuggestionExemptionView(FormScreen):
    """Whether suggestions of wording keep their author from signing; editors and administrators decide."""

    template_name = "review/suggestion_exemption.html"
    page_title = "Suggestions"
    header_icon = "edit"
    form: SuggestionExemptionForm | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not suggestion_policy.can_set_exemption(request.user).allowed:
            refused: HttpResponseBase = permission_denied(request)
            return refused
        return super().dispatch(request, *args, **kwargs)

    def own_breadcrumb(self) -> str:
        return self.page_title

    def post(self, request: HttpRequest) -> HttpResponse:
        """Store the decision, confirm the one that is proposed, or say why not."""
        if "confirm" in request.POST:
            return self.confirm()
        self.form = SuggestionExemptionForm(request.POST)
        if not self.form.is_valid():
            return self.invalid()
        try:
            SetExemption(authenticated_user(request), **self.form.cleaned_data).execute()
        except PolicyError as refusal:
            return self.refused(refusal)
        waits = suggestion_policy.open_proposal() is not None
        done = "Proposed. Somebody else confirms it." if waits else "Decided and recorded."
        messages.success(request, done)
        return redirect("review:suggestion_exemption")

    def confirm(self) -> HttpResponse:
        """Confirm the proposal that was on the screen."""
        proposal = suggestion_policy.open_proposal()
        if proposal is None or str(proposal.pk) != self.request.POST["confirm"]:
            return self.refused(PolicyError(Rule.STALE, "This proposal does not wait any more. Look again."))
        try:
            ConfirmExemption(authenticated_user(self.request), proposal).execute()
        except PolicyError as refusal:
            return self.refused(refusal)
        messages.success(self.request, "Confirmed and recorded.")
        return redirect("review:suggestion_exemption")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        newest = suggestion_policy.newest_exemption()
        allowed = newest is not None and newest.allowed
        user, proposal = authenticated_user(self.request), suggestion_policy.open_proposal()
        return super().get_context_data(
            form=self.form or SuggestionExemptionForm(initial={"allowed": "yes" if allowed else "no"}),
            allowed=allowed,
            deciders=[person.name for person in newest.deciders] if newest else [],
            decisions=SuggestionExemption.objects.select_related("confirms").order_by("-pk"),
            proposal=proposal,
            confirmation=suggestion_policy.can_confirm_exemption(user, proposal) if proposal else None,
            **kwargs,
        )
