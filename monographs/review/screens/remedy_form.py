"""Writing the remedy of a house rule into a draft, for browsers without the editor's script."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from wagtail.admin import messages
from wagtail.models import Page

from monographs.core.users import authenticated_user
from monographs.models import ReviewedPage
from monographs.pages.refusals import PolicyError
from monographs.review.actions import ApplyRemedy
from monographs.review.models import Submission
from monographs.review.screens.base import ReviewScreen


class RemedyForm(forms.Form):
    """Which remedy of which finding, and what its button said.

    ``review`` is the submission whose screen it was chosen on.
    """

    rule = forms.CharField(max_length=60)
    fingerprint = forms.RegexField(r"[0-9a-f]{64}")
    number = forms.IntegerField(min_value=0)
    offer = forms.CharField(required=False)
    review = forms.ModelChoiceField(Submission.objects.all(), required=False)


class RemedyView(ReviewScreen):
    """Write a remedy into the draft of a page, and return to where it was chosen."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Apply the remedy as a revision, or say why not."""
        page = get_object_or_404(Page, pk=kwargs["page_id"]).specific
        if not isinstance(page, ReviewedPage):
            raise Http404("This page is not one that is reviewed.")
        form = RemedyForm(request.POST)
        if not form.is_valid():
            messages.error(request, "Parts of the form are missing. Reload the page and choose again.")
            return redirect("review:submit", page.pk)
        chosen = form.cleaned_data
        try:
            remedy = ApplyRemedy(
                authenticated_user(request),
                page,
                rule=chosen["rule"],
                fingerprint=chosen["fingerprint"],
                number=chosen["number"],
                offer=chosen["offer"],
            ).execute()
        except PolicyError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, f"In the draft, {remedy.outcome}.")
        if chosen["review"] is not None:
            return redirect("review:review", chosen["review"].pk)
        return redirect("review:submit", page.pk)
