"""Claims posted from the review screen, and the report of who is looking at it."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views import View
from wagtail.admin import messages

from monographs.core.users import authenticated_user
from monographs.pages.refusals import PolicyError
from monographs.review.actions import Claim, Release, record_view
from monographs.review.claim_state import looking_at
from monographs.review.models import Submission
from monographs.review.page_access import ReviewAccessMixin


class ClaimView(ReviewAccessMixin, View):
    """Claim a text in review, or release it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Redirect to the review."""
        return redirect("review:review", pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do what was posted, and go back to the review with what became of it."""
        submission = get_object_or_404(Submission.objects.defer("canonical"), pk=pk)
        release = request.POST.get("act") == "release"
        action = (Release if release else Claim)(authenticated_user(request), submission)
        try:
            action.execute()
        except PolicyError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, "Released." if release else "Claimed: others see that you review it.")
        return redirect("review:review", pk)


class LookingView(ReviewAccessMixin, View):
    """The report of a review screen that somebody still has it open; answers who else has."""

    def post(self, request: HttpRequest, pk: int) -> JsonResponse:
        """Store the report and return the names of the others. A text that is not in review has none."""
        submission = get_object_or_404(Submission.objects.defer("canonical"), pk=pk)
        user = authenticated_user(request)
        if not submission.is_open:
            return JsonResponse({"people": []})
        record_view(user, submission)
        return JsonResponse({"people": looking_at(submission, user)})
