"""The record of one page: its history, and the actions to withdraw it or to restore an edition."""

from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages

from monographs.accounts.actors import person_of
from monographs.core.users import authenticated_user
from monographs.document.versions.stored_document import UnknownVersion, hashes_of
from monographs.editions.models import Edition, Publication, PublicationState
from monographs.editions.queries import public_edition
from monographs.editions.standard_texts import KIND as STANDARD_TEXT
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.editions.withdrawals import retirement_of
from monographs.imports.models import ImportedText
from monographs.models import StandardTextPage
from monographs.pages.refusals import PolicyError
from monographs.review import policy
from monographs.review.actions import RETIREMENT_MEANING, WITHDRAWAL_MEANING, Restore, Withdraw
from monographs.review.actions.retire import RETIREMENT
from monographs.review.actions.withdraw import STEP as WITHDRAWAL_STEP
from monographs.review.draft_state.older_names import older_names_of
from monographs.review.forms import (
    DeclineRetirementForm,
    ProposeRetirementForm,
    RestoreForm,
    SignatureForm,
    WithdrawForm,
)
from monographs.review.models import UNDER_WAY, Submission
from monographs.review.policies import retirement_policy
from monographs.review.policies.set_aside_policy import open_set_aside
from monographs.review.publication.page_sync import page_of
from monographs.review.replacement.where_used import where_used
from monographs.review.screens.base import FormScreen
from monographs.review.screens.history import history
from monographs.review.signer_identity import signer_hash


def _hashes_read(edition: Edition | None) -> set[str]:
    """Return the hashes of texts that say what patients read in ``edition``."""
    if edition is None:
        return set()
    try:
        return set(hashes_of(edition.document))
    except UnknownVersion:  # only a newer release, which replaces this one, can read it
        return {edition.sha256}


class RecordView(FormScreen):
    """The history and status of one page, also of a page that was deleted in the admin."""

    template_name = "review/record.html"
    header_icon = "history"
    withdraw_form: WithdrawForm | None = None
    restore_form: RestoreForm | None = None
    propose_form: ProposeRetirementForm | None = None
    sign_form: SignatureForm | None = None
    decline_form: DeclineRetirementForm | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.key = kwargs["key"]
        self.newest = Edition.objects.of(self.key).defer("canonical").first()
        self.page = page_of(self.key)
        if self.newest:
            self.title = self.newest.title
        elif self.page:
            self.title = self.page.get_admin_display_title()
        else:
            raise Http404("No page has this record.")

    def get_page_title(self) -> str:
        return f"Record: {self.title}"

    def own_breadcrumb(self) -> str:
        return str(self.title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = authenticated_user(self.request)
        public = public_edition(self.key)
        signer = signer_hash(person_of(user), WITHDRAWAL_STEP, WITHDRAWAL_MEANING)
        may_restore = policy.user_can_submit(user, self.page) if self.page else None
        return super().get_context_data(
            key=self.key,
            imports=ImportedText.objects.filter(key=self.key).count(),
            page=self.page,
            public=public,
            publication=Publication.objects.filter(key=self.key)
            .exclude(state=PublicationState.MOVED)
            .first(),
            newest=self.newest,
            set_aside=open_set_aside(self.key) if self.newest else None,
            events=history(self.key, self.request.GET.get("p")),
            may_restore=bool(may_restore and may_restore.allowed),
            public_hashes=_hashes_read(public),
            submission=Submission.objects.filter(key=self.key, status__in=UNDER_WAY)
            .defer("canonical")
            .first(),
            may_withdraw=policy.user_can_withdraw(user, self.key),
            meaning=WITHDRAWAL_MEANING,
            uses=where_used(self.key) if isinstance(self.page, StandardTextPage) else [],
            with_older_name=len({each.medicine for each in older_names_of(self.key)}),
            is_kept=bool(self.newest and self.newest.kind == STANDARD_TEXT),
            **self._retirement(user),
            signer=person_of(user),
            withdraw_form=self.withdraw_form or WithdrawForm(initial={"signer": signer}, user=user),
            restore_form=self.restore_form or RestoreForm(),
            empty_form=RestoreForm(),
            **kwargs,
        )

    def _retirement(self, user: User) -> dict[str, Any]:
        """Return the part of the context about retiring the page."""
        proposal = retirement_policy.open_proposal(self.key)
        signer = signer_hash(person_of(user), RETIREMENT, RETIREMENT_MEANING)
        may_sign = retirement_policy.user_can_sign_retirement(user, proposal) if proposal else None
        may_decline = retirement_policy.user_can_decline_retirement(user, proposal) if proposal else None
        return {
            "retired": retirement_of(self.key),
            "proposal": proposal,
            "may_propose": retirement_policy.user_can_propose_retirement(user, self.key),
            "may_sign_retirement": may_sign,
            "may_decline": bool(may_decline and may_decline.allowed),
            "retirement_meaning": RETIREMENT_MEANING,
            "propose_form": self.propose_form or ProposeRetirementForm(auto_id="retire_%s"),
            "retire_form": self.sign_form
            or SignatureForm(initial={"signer": signer}, user=user, auto_id="retire_%s"),
            "decline_form": self.decline_form or DeclineRetirementForm(auto_id="decline_%s"),
        }


class RecordActionView(RecordView):
    """An action of the record's screen; its address alone leads to the record."""

    def get(self, request: HttpRequest, key: UUID, **kwargs: Any) -> HttpResponse:
        """Redirect to the record."""
        return redirect("review:record", key)


class WithdrawView(RecordActionView):
    """Withdraw a page."""

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """Withdraw at once, or show the record again with the reason why not."""
        self.withdraw_form = form = WithdrawForm(request.POST, user=authenticated_user(request))
        if not form.is_valid():
            return self.invalid()
        try:
            Withdraw(
                authenticated_user(request),
                key,
                cause=WithdrawalReason(form.cleaned_data["cause"]),
                note=form.cleaned_data["note"],
                **form.signing(request),
            ).execute()
        except PolicyError as refusal:
            return self.refused(refusal, form)
        messages.success(request, f"Withdrawn: {self.title}. Patients no longer see it.")
        return redirect("review:record", key)


class RestoreView(RecordActionView):
    """Submit an earlier edition for review again."""

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """Open its review, or show the record again with the reason why not."""
        self.restore_form = form = RestoreForm(request.POST)
        if self.page is None:
            messages.error(request, "This page was deleted in the admin, so its editions cannot be restored.")
            self.status = 403
            return self.show()
        if not form.is_valid():
            return self.invalid()
        try:
            submission = Restore(
                authenticated_user(request),
                self.page,
                number=form.cleaned_data["number"],
                reason=form.cleaned_data["reason"],
            ).execute()
        except PolicyError as refusal:
            return self.refused(refusal)
        messages.success(
            request,
            f"Edition {submission.restores} of {self.title} is in review. The public pages have not changed.",
        )
        return redirect("review:review", submission.pk)
