"""Claims posted from the review screen or the queue, and the report of who is looking at a text."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views import View
from wagtail.admin import messages

from monographs.core.next_url import next_url
from monographs.core.users import authenticated_user
from monographs.pages.refusals import PolicyError
from monographs.review import policy
from monographs.review.actions import Claim, Release, record_view
from monographs.review.actions.base import Action
from monographs.review.models import Submission
from monographs.review.page_access import ReviewAccessMixin
from monographs.review.submission_state.claim_state import claims_of, claims_on, looking_at


def claim_context(user: User, texts: Iterable[Submission], *, may_review: bool) -> dict[str, Any]:
    """Return what ``review/claim.html`` shows of texts that are reviewed as one, by their claims and readers.

    ``may_review`` is whether ``user`` reviews all of them. At most three queries while any is in review.
    """
    in_review = [text for text in texts if text.is_open]
    if not in_review:
        return {"claims": None}
    claims = claims_on(user, in_review, claims_of(text.pk for text in in_review))
    return {
        "claims": claims,
        "may_claim": may_review and claims.may_claim,
        "may_release": claims.may_release(editor=bool(claims.others) and policy.is_editor(user)),
        "looking": looking_at(in_review, user),
    }


class ClaimsView(ReviewAccessMixin, View):
    """The base class of views that claim or release what is reviewed as one."""

    @abstractmethod
    def screen(self, pk: int) -> str:
        """Return the address of the screen on which it is reviewed."""

    @abstractmethod
    def action(self, user: User, pk: int, *, release: bool) -> Action[Any]:
        """Return the action on what has the primary key ``pk``."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Redirect to the review."""
        return redirect(self.screen(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do what was posted, and go back to where it was posted with what became of it."""
        release = request.POST.get("act") == "release"
        try:
            self.action(authenticated_user(request), pk, release=release).execute()
        except PolicyError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, "Released." if release else "Claimed: others see that you review it.")
        return redirect(next_url(request, self.screen(pk)))


class ClaimView(ClaimsView):
    """Claim a text in review, or release it."""

    def screen(self, pk: int) -> str:
        return reverse("review:review", args=[pk])

    def action(self, user: User, pk: int, *, release: bool) -> Action[Any]:
        submission = get_object_or_404(Submission.objects.defer("canonical"), pk=pk)
        return (Release if release else Claim)(user, submission)


def looking_answer(user: User, texts: Iterable[Submission]) -> JsonResponse:
    """Store that ``user`` has ``texts`` on the screen, and answer who else has; nobody after their review."""
    in_review = [text for text in texts if text.is_open]
    record_view(user, *in_review)
    return JsonResponse({"people": looking_at(in_review, user)})


class LookingView(ReviewAccessMixin, View):
    """The report of a review screen that somebody still has it open; answers who else has."""

    def post(self, request: HttpRequest, pk: int) -> JsonResponse:
        """Store the report and return the names of the others."""
        submission = get_object_or_404(Submission.objects.defer("canonical"), pk=pk)
        return looking_answer(authenticated_user(request), [submission])
