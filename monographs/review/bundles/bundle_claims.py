"""Claims of a bundle, and the report of who is looking at it."""

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views import View

from monographs.core.users import authenticated_user
from monographs.review.actions import ClaimBundle, ReleaseBundle
from monographs.review.actions.base import Action
from monographs.review.models import ReviewBundle
from monographs.review.page_access import ReviewAccessMixin
from monographs.review.screens.review_claims import ClaimsView, looking_answer


class ClaimBundleView(ClaimsView):
    """Claim all texts of a bundle that are in review, or release them."""

    def screen(self, pk: int) -> str:
        return reverse("bundles:bundle", args=[pk])

    def action(self, user: User, pk: int, *, release: bool) -> Action[Any]:
        return (ReleaseBundle if release else ClaimBundle)(user, get_object_or_404(ReviewBundle, pk=pk))


class LookingAtBundleView(ReviewAccessMixin, View):
    """The report that somebody still has a bundle open; answers who else has it, or one of its texts."""

    def post(self, request: HttpRequest, pk: int) -> JsonResponse:
        """Store the report and return the names of the others."""
        texts = get_object_or_404(ReviewBundle, pk=pk).submissions.defer("canonical")
        return looking_answer(authenticated_user(request), texts)
