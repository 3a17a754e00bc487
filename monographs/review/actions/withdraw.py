"""Withdrawing a page from patients at once, for safety."""

import uuid
from typing import Unpack

from django.contrib.auth.models import User

from monographs.editions.models import Edition, Publication
from monographs.editions.queries import public_edition
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.editions.withdrawals import withdraw, withdrawal_text
from monographs.pages.refusals import PolicyError, Rule
from monographs.review import notifications, policy
from monographs.review.actions.recall import recall_all
from monographs.review.actions.signed_action import Checked, SignedAction, Signing
from monographs.review.publication import page_sync

#: The step that a withdrawal's signature names.
STEP = "Withdrawal"
#: The beginning of the reason for which a withdrawal recalls a submission.
PAGE_WITHDRAWN = "The page was withdrawn:"
#: What the signature of a withdrawal states.
WITHDRAWAL_MEANING = "I withdraw this page from patients, for the reason stated. I answer for that."


class WithdrawalAction(SignedAction[Checked, Publication]):
    """An attempt to withdraw a page, until it is corrected or for good."""

    def withdraw(self, edition: Edition, cause: WithdrawalReason, note: str) -> Publication:
        """Recall what is in review or scheduled, then sign and withdraw. The record must be locked."""
        recall_all(edition.key, self.actor, self.user, f"{PAGE_WITHDRAWN} {note}")
        act = uuid.uuid4()
        signature = self.sign(act, withdrawal_text(act, edition, cause, note))
        publication = withdraw(signature, edition, cause, note, self.actor)
        page_sync.mark_withdrawn(edition.key, self.user)
        notifications.withdrawn(edition, self.actor, note)
        return publication


class Withdraw(WithdrawalAction[Edition]):
    """Withdraw the page whose text has ``key``: one qualified reviewer, at once.

    Patients read the prepared text of ``cause``; ``note`` says in the admin what happened. A submission of
    the page that is in review or scheduled is recalled with it, so that no signature given or under way
    brings back what was just withdrawn: the page comes back by a text that is submitted afterwards.
    """

    name = "withdraw"
    step, meaning = STEP, WITHDRAWAL_MEANING

    def __init__(
        self, user: User, key: uuid.UUID, *, cause: WithdrawalReason, note: str, **signing: Unpack[Signing]
    ) -> None:
        super().__init__(user, **signing)
        self.key = key
        self.cause = cause
        self.note = note.strip()

    def subject(self) -> uuid.UUID:
        return self.key

    def check(self) -> Edition:
        """Return the edition that patients read. Raises ``PolicyError`` unless the user may withdraw it."""
        policy.user_can_withdraw(self.user, self.key).enforce()
        edition = public_edition(self.key)
        if edition is None:
            raise PolicyError(Rule.NOT_PUBLIC, "This page is not public, so there is nothing to withdraw.")
        if not self.note:
            raise PolicyError(Rule.NO_REASON, "Say what is wrong; writers and editors read it first.")
        return edition

    def act(self, checked: Edition) -> Publication:
        return self.withdraw(checked, self.cause, self.note)
