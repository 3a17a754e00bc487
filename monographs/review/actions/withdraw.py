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
from monographs.review.actions.recall import recall_all
from monographs.review.publication import page_sync
from monographs.review.record_locks import lock_record

#: The step that a withdrawal's signature names.
STEP = "Withdrawal"
#: The beginning of the reason for which a withdrawal recalls a submission.
PAGE_WITHDRAWN = "The page was withdrawn:"
#: What the signature of a withdrawal states.
WITHDRAWAL_MEANING = "I withdraw this page from patients, for the reason stated. I answer for that."


class Withdraw(Action[Publication]):
    """Withdraw the page whose text has ``key``: one qualified reviewer, at once.

    Patients read the prepared text of ``cause``; ``note`` says in the admin what happened. A submission of the
    page that is in review or scheduled is recalled with it, so that no signature given or under way brings
    back what was just withdrawn: the page comes back by a text that is submitted afterwards.
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
        code: str = "",
        request: HttpRequest | None = None,
    ) -> None:
        super().__init__(user)
        self.key = key
        self.cause = cause
        self.note = note.strip()
        self.credentials = ReauthCredentials(user, password, code, request)

    def subject(self) -> uuid.UUID:
        return self.key

    def prepare(self) -> None:
        self._check()
        self.credentials.confirm()

    def perform(self) -> Publication:
        lock_record(self.key)
        edition = self._check()
        self.credentials.check_account(self.user)
        recall_all(self.key, self.actor, self.user, f"{PAGE_WITHDRAWN} {self.note}")
        publication = self._withdraw(edition, self.credentials.method)
        page_sync.mark_withdrawn(self.key, self.user)
        notifications.withdrawn(edition, self.actor, self.note)
        return publication

    def _check(self) -> Edition:
        """Return the edition that patients read. Raises ``PolicyError`` unless the user may withdraw it."""
        policy.user_can_withdraw(self.user, self.key).enforce()
        edition = public_edition(self.key)
        if edition is None:
            raise PolicyError(Rule.NOT_PUBLIC, "This page is not public, so there is nothing to withdraw.")
        if not self.note:
            raise PolicyError(Rule.NO_REASON, "Say what is wrong; writers and editors read it first.")
        return edition

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
