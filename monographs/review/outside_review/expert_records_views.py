"""The recorded outside experts, for editors: recorded, given another address, ended."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages

from monographs.accounts.signing_holds import held_users
from monographs.core.posted_keys import posted_key
from monographs.core.users import authenticated_user
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.expert_policy import outside_experts
from monographs.review.outside_review.expert_forms import AddressForm, ExpertForm
from monographs.review.outside_review.expert_records import (
    NOT_FOR_YOU,
    ChangeExpertAddress,
    EndExpert,
    RecordExpert,
    user_can_record,
)
from monographs.review.page_access import EditorAccessMixin
from monographs.review.screens.base import FormScreen


class OutsideExpertsView(EditorAccessMixin, FormScreen):
    """All recorded outside experts."""

    refusal = NOT_FOR_YOU
    template_name = "review/outside/experts.html"
    page_title = "Outside experts"
    header_icon = "user"
    breadcrumb_root = ("review:signers", "Signers")
    form: ExpertForm | None = None
    address_form: AddressForm | None = None
    changed: User | None = None

    def own_breadcrumb(self) -> str:
        return self.page_title

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do what was posted, or show the screen again with what is wrong."""
        acts: dict[str, Callable[[], HttpResponse]] = {
            "record": self.record,
            "address": self.change_address,
            "end": self.end,
        }
        act = acts.get(request.POST.get("act", ""))
        if act is None:
            return redirect("review:outside_experts")
        try:
            return act()
        except PolicyError as refusal:
            return self.refused(refusal)

    def record(self) -> HttpResponse:
        """Record an expert."""
        self.form = form = ExpertForm(self.request.POST)
        if not form.is_valid():
            return self.invalid()
        expert = RecordExpert(authenticated_user(self.request), form.facts()).execute()
        name = expert.get_full_name()
        messages.success(
            self.request, f"Recorded: {name}. Somebody else must confirm it under Reports, Signers."
        )
        return redirect("review:outside_experts")

    def change_address(self) -> HttpResponse:
        """Record another address of an expert."""
        self.changed = expert = self._expert()
        self.address_form = form = AddressForm(self.request.POST, auto_id=f"address-{expert.pk}-%s")
        if not form.is_valid():
            return self.invalid()
        ChangeExpertAddress(
            authenticated_user(self.request), expert, email=form.cleaned_data["email"]
        ).execute()
        messages.success(
            self.request,
            f"Another address of {expert.get_full_name()} is recorded. Somebody else must confirm it.",
        )
        return redirect("review:outside_experts")

    def end(self) -> HttpResponse:
        """End an expert's right to sign."""
        expert = EndExpert(authenticated_user(self.request), self._expert()).execute()
        messages.success(self.request, f"{expert.get_full_name()} signs nothing more.")
        return redirect("review:outside_experts")

    def _expert(self) -> User:
        """Return the expert with the primary key that was posted. Raises ``PolicyError``."""
        wanted = posted_key(self.request.POST.get("expert", ""))
        expert = next((user for user in outside_experts() if user.pk == wanted), None)
        if expert is None:
            raise PolicyError(Rule.INACTIVE, "This is no outside expert, or not any more. Reload the page.")
        return expert

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        experts = outside_experts()
        on_hold = held_users(experts)
        return super().get_context_data(
            rows=[self._row(expert, on_hold=expert.pk in on_hold) for expert in experts],
            form=self.form or ExpertForm(),
            may_record=user_can_record(authenticated_user(self.request)),
            **kwargs,
        )

    def _row(self, expert: User, *, on_hold: bool) -> dict[str, Any]:
        is_shown_again = self.changed is not None and self.changed.pk == expert.pk
        return {
            "expert": expert,
            "profile": expert.reviewer_profile,
            "on_hold": on_hold,
            "form": self.address_form if is_shown_again else AddressForm(auto_id=f"address-{expert.pk}-%s"),
        }
