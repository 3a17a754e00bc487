"""Reviewers' names and credentials, and the list of credentials: what is confirmed, and what waits for it."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages

from monographs.core.users import authenticated_user
from monographs.pages.refusals import PolicyError
from monographs.review.actions.confirm import Confirm, proposal_hash
from monographs.review.forms import ConfirmProposalForm
from monographs.review.models import Credential, NeedsSecondPerson, ReviewerProfile
from monographs.review.page_access import EditorAccessMixin
from monographs.review.policies.confirmation_policy import NOT_ALLOWED, user_can_confirm
from monographs.review.policy import Verdict
from monographs.review.screens.base import FormScreen

#: What can be confirmed, by its name in addresses.
KINDS: dict[str, type[NeedsSecondPerson]] = {"signer": ReviewerProfile, "credential": Credential}


@dataclass(frozen=True, slots=True)
class ConfirmationRow:
    """A proposal, who entered each value of it, and whether the user may confirm it."""

    kind: str
    row: NeedsSecondPerson
    values: list[tuple[str, str, str]]
    verdict: Verdict
    form: ConfirmProposalForm


class SignersView(EditorAccessMixin, FormScreen):
    """All signers and credentials, for those who confirm them."""

    refusal = NOT_ALLOWED
    template_name = "review/signers.html"
    page_title = "Signers"
    header_icon = "user"
    breadcrumb_root = ("review:signers", "Signers")
    refused_form: ConfirmProposalForm | None = None
    refused_row: tuple[str, int] | None = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        signers = list(ReviewerProfile.objects.select_related("user").order_by("user__last_name", "pk"))
        entries = list(Credential.objects.all())
        rows = [("signer", row) for row in signers] + [("credential", row) for row in entries]
        return super().get_context_data(
            waiting=[self._row(kind, row) for kind, row in rows if not row.is_confirmed],
            signers=[row for row in signers if row.is_confirmed],
            credentials=[row for row in entries if row.is_confirmed],
            **kwargs,
        )

    def _row(self, kind: str, row: NeedsSecondPerson) -> ConfirmationRow:
        user = authenticated_user(self.request)
        form = ConfirmProposalForm(
            initial={"sha256": proposal_hash(row)}, user=user, auto_id=f"{kind}-{row.pk}-%s"
        )
        if self.refused_form is not None and self.refused_row == (kind, row.pk):
            form = self.refused_form
        waiting = row.unconfirmed()
        values = [
            (name, value, str(row.proposer_of(name)) if name in waiting else "")
            for name, value in row.shown_values().items()
            if value
        ]
        return ConfirmationRow(kind, row, values, user_can_confirm(user, row), form)


class ConfirmView(SignersView):
    """Confirm one signer or credential."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the lists."""
        return redirect("review:signers")

    def explain(self, refusal: PolicyError) -> None:
        """Say why not; another attempt asks for a form with the proposal as it is now."""
        super().explain(refusal)
        self.refused_form = None

    def post(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        """Confirm it, or show the lists again with the reason why not."""
        row = KINDS[kind]._default_manager.filter(pk=pk).first() if kind in KINDS else None
        if row is None:
            raise Http404("There is nothing to confirm here any more.")
        user = authenticated_user(request)
        form = ConfirmProposalForm(request.POST, user=user, auto_id=f"{kind}-{pk}-%s")
        self.refused_form, self.refused_row = form, (kind, pk)
        if not form.is_valid():
            return self.invalid()
        try:
            confirmed = Confirm(
                user,
                row,
                password=form.cleaned_data["password"],
                code=form.cleaned_data.get("code", ""),
                seen_sha256=form.cleaned_data["sha256"],
                request=request,
            ).execute()
        except PolicyError as refusal:
            return self.refused(refusal, form)
        if confirmed.is_confirmed:
            messages.success(request, f"Confirmed: {confirmed}.")
        else:
            messages.success(
                request, "Confirmed, but for what you entered yourself: somebody else confirms that."
            )
        return redirect("review:signers")
