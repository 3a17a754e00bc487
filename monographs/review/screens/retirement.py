"""Retiring a page on its record: an editor's proposal, the reviewer's signature, or declining it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from wagtail.admin import messages

from monographs.core.users import authenticated_user
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.pages.refusals import PolicyError
from monographs.review.actions import DeclineRetirement, ProposeRetirement, SignRetirement
from monographs.review.forms import DeclineRetirementForm, ProposeRetirementForm, SignatureForm
from monographs.review.models import RetirementProposal
from monographs.review.screens.record import RecordActionView


class ProposeRetirementView(RecordActionView):
    """Propose to retire a page."""

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """Store the proposal, or show the record again with the reason why not."""
        self.propose_form = form = ProposeRetirementForm(request.POST)
        if not form.is_valid():
            return self.invalid()
        try:
            ProposeRetirement(
                authenticated_user(request),
                key,
                cause=WithdrawalReason(form.cleaned_data["cause"]),
                note=form.cleaned_data["note"],
            ).execute()
        except PolicyError as refusal:
            return self.refused(refusal)
        messages.success(
            request, f"Proposed: retire {self.title}. Patients see no change until a reviewer signs it."
        )
        return redirect("review:record", key)


class _ProposalView(RecordActionView):
    """An action on the proposal that the address names."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.asked = get_object_or_404(RetirementProposal, pk=kwargs["proposal"], key=self.key)


class SignRetirementView(_ProposalView):
    """Sign a proposal."""

    def post(self, request: HttpRequest, key: UUID, proposal: int) -> HttpResponse:
        """Retire the page, or show the record again with the reason why not."""
        user = authenticated_user(request)
        self.sign_form = form = SignatureForm(request.POST, user=user, auto_id="retire_%s")
        if not form.is_valid():
            return self.invalid()
        try:
            SignRetirement(
                user,
                self.asked,
                **form.signing(request),
            ).execute()
        except PolicyError as refusal:
            return self.refused(refusal, form)
        messages.success(request, f"Retired: {self.title}. Patients no longer see it.")
        return redirect("review:record", key)


class DeclineRetirementView(_ProposalView):
    """Decline a proposal, or take it back."""

    def post(self, request: HttpRequest, key: UUID, proposal: int) -> HttpResponse:
        """Close the proposal, or show the record again with the reason why not."""
        self.decline_form = form = DeclineRetirementForm(request.POST)
        if not form.is_valid():
            return self.invalid()
        try:
            DeclineRetirement(
                authenticated_user(request), self.asked, reason=form.cleaned_data["reason"]
            ).execute()
        except PolicyError as refusal:
            return self.refused(refusal)
        messages.success(request, f"{self.title} is not retired.")
        return redirect("review:record", key)
