"""Withdrawing a page from patients at once, for safety."""

import uuid
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.http import HttpRequest

from monographs.document.canonical import sha256_hex
from monographs.editions.models import Edition, Publication
from monographs.editions.person import Person
from monographs.editions.queries import public_edition
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.editions.withdrawals import withdraw, withdrawal_text
from monographs.pages.refusals import PolicyError, Rule
from monographs.review import notifications, policy
from monographs.review.actions.base import Action
from monographs.review.actions.reauthentication import ReauthCredentials, create_signature
from monographs.review.actions.recall import recall_all
from monographs.review.publication import page_sync
from monographs.review.record_locks import lock_rows
from monographs.review.signer_identity import check_signer_seen, locked_signer

#: The step that a withdrawal's signature names.
STEP = "Withdrawal"
#: The beginning of the reason for which a withdrawal recalls a submission.
PAGE_WITHDRAWN = "The page was withdrawn:"
#: What the signature of a withdrawal states.
WITHDRAWAL_MEANING = "I withdraw this page from patients, for the reason stated. I answer for that."


class Withdraw(Action[Publication]):
    """Withdraw the page whose text has ``key``: one qualified reviewer, at once.

    Patients read the prepared text of ``cause``; ``note`` says in the admin what happened. ``seen_signer``
    is the hash of name and credentials as shown. A submission of the page that is in review or scheduled is
    recalled with it, so that no signature given or under way brings back what was just withdrawn: the page
    comes back by a text that is submitted afterwards.
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

    def prepare(self) -> None:
        self._check()
        self.credentials.confirm()

    def perform(self) -> Publication:
        lock_rows(self.key)
        self.user = locked_signer(self.user)
        edition = self._check()
        self.credentials.check_account(self.user)
        withdrawal = SignedWithdrawal(edition, self.cause, self.note, STEP, WITHDRAWAL_MEANING)
        return withdrawal.store(self.user, self.actor, self.credentials.method)

    def _check(self) -> Edition:
        """Return the edition that patients read. Raises ``PolicyError`` unless the user may withdraw it."""
        policy.user_can_withdraw(self.user, self.key).enforce()
        edition = public_edition(self.key)
        if edition is None:
            raise PolicyError(Rule.NOT_PUBLIC, "This page is not public, so there is nothing to withdraw.")
        if not self.note:
            raise PolicyError(Rule.NO_REASON, "Say what is wrong; writers and editors read it first.")
        check_signer_seen(self.user, self.seen_signer, step=STEP, meaning=WITHDRAWAL_MEANING)
        return edition


@dataclass(frozen=True, slots=True)
class SignedWithdrawal:
    """A withdrawal of ``edition``; ``step`` and ``meaning`` are those of its signature."""

    edition: Edition
    cause: WithdrawalReason
    note: str
    step: str
    meaning: str

    def store(self, user: User, actor: Person, method: str) -> Publication:
        """Recall what is in review or scheduled, then sign and withdraw. The record must be locked."""
        edition = self.edition
        recall_all(edition.key, actor, user, f"{PAGE_WITHDRAWN} {self.note}")
        act = uuid.uuid4()
        signature = create_signature(
            user,
            actor,
            method,
            submission=act,
            key=edition.key,
            sha256=sha256_hex(withdrawal_text(act, edition, self.cause, self.note).encode()),
            step=self.step,
            meaning=self.meaning,
        )
        publication = withdraw(signature, edition, self.cause, self.note, actor)
        page_sync.mark_withdrawn(edition.key, user)
        notifications.withdrawn(edition, actor, self.note)
        return publication
