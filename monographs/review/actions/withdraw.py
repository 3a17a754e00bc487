"""Withdrawing a page from patients at once, for safety."""

import uuid

from django.contrib.auth.models import User
from django.http import HttpRequest

from monographs.document.canonical import sha256_hex
from monographs.editions.models import Edition, Publication
from monographs.editions.queries import public_edition
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.editions.withdrawals import withdraw, withdrawal_text
from monographs.pages.refusals import PolicyError, Rule
from monographs.review import notifications, policy
from monographs.review.actions.base import Action
from monographs.review.actions.reauthentication import ReauthCredentials, create_signature
from monographs.review.actions.recall import unschedule
from monographs.review.models import Submission, SubmissionStatus
from monographs.review.publication import page_sync
from monographs.review.signer_identity import check_signer_seen, locked_signer

#: The step that a withdrawal's signature names.
STEP = "Withdrawal"
#: What the signature of a withdrawal states.
WITHDRAWAL_MEANING = "I withdraw this page from patients, for the reason stated. I answer for that."


class Withdraw(Action[Publication]):
    """Withdraw the page whose text has ``key``: one qualified reviewer, at once.

    Patients read the prepared text of ``cause``; ``note`` says in the admin what happened. ``seen_signer``
    is the hash of name and credentials as shown. A scheduled submission of the page is recalled with it.
    """

    name = "withdraw"

    def __init__(
        self,
        user: User,
        key: uuid.UUID,
        *,
        cause: WithdrawalReason,
        note: str,
        password: str,
        seen_signer: str = "",
        code: str = "",
        request: HttpRequest | None = None,
    ) -> None:
        super().__init__(user)
        self.key = key
        self.cause = cause
        self.note = note.strip()
        self.seen_signer = seen_signer
        self.credentials = ReauthCredentials(user, password, code, request)

    def subject(self) -> uuid.UUID:
        return self.key

    def on_refused(self, refusal: PolicyError) -> None:
        self.credentials.on_refused(refusal)

    def perform(self) -> Publication:
        list(Publication.objects.select_for_update().filter(key=self.key))  # no publication meanwhile
        self.user = locked_signer(self.user)
        policy.user_can_withdraw(self.user, self.key).enforce()
        edition = public_edition(self.key)
        if edition is None:
            raise PolicyError(Rule.NOT_PUBLIC, "This page is not public, so there is nothing to withdraw.")
        if not self.note:
            raise PolicyError(Rule.NO_REASON, "Say what is wrong; writers and editors read it first.")
        check_signer_seen(self.user, self.seen_signer, step=STEP, meaning=WITHDRAWAL_MEANING)
        method = self.credentials.confirm()
        publication = self._withdraw(edition, method)
        for waiting in Submission.objects.select_for_update(of=("self",)).filter(
            key=self.key, status=SubmissionStatus.SCHEDULED
        ):
            unschedule(waiting, self.actor, f"The page was withdrawn: {self.note}")
        page_sync.mark_withdrawn(self.key, self.user)
        notifications.withdrawn(edition, self.actor, self.note)
        return publication

    def _withdraw(self, edition: Edition, method: str) -> Publication:
        withdrawal = uuid.uuid4()
        signature = create_signature(
            self.user,
            self.actor,
            method,
            submission=withdrawal,
            key=edition.key,
            sha256=sha256_hex(withdrawal_text(withdrawal, edition, self.cause, self.note).encode()),
            step=STEP,
            meaning=WITHDRAWAL_MEANING,
        )
        return withdraw(signature, edition, self.cause, self.note, self.actor)
