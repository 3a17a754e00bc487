"""Withdraw a published page."""

import uuid
from typing import Any

from monographs.core.db_clock import database_now
from monographs.document.canonical import canonical_json, sha256_hex
from monographs.editions.ledger import Event, append_entry
from monographs.editions.models import Edition, Publication, Signature, Withdrawal
from monographs.editions.person import Person
from monographs.editions.publishing import set_publication
from monographs.editions.withdrawal_reasons import REASON_TEXTS, WithdrawalReason


def withdrawal_text(act: uuid.UUID, edition: Edition, cause: WithdrawalReason, note: str) -> str:
    """The text a reviewer signs to withdraw ``edition``, with the present words for ``cause``."""
    return canonical_withdrawal(
        act, edition, cause, note, REASON_TEXTS[cause].reason, REASON_TEXTS[cause].advice
    )


def canonical_withdrawal(
    act: uuid.UUID, edition: Edition, cause: str, note: str, reason: str, advice: str
) -> str:
    """Canonical JSON of a withdrawal with given words."""
    text: dict[str, Any] = {
        "withdrawal": str(act),
        "key": str(edition.key),
        "edition": edition.number,
        "sha256": edition.sha256,
        "cause": str(cause),
        "reason": reason,
        "advice": advice,
        "note": note,
    }
    return canonical_json(text).decode()


def withdraw(
    signature: Signature, edition: Edition, cause: WithdrawalReason, note: str, actor: Person
) -> Publication:
    """Withdraw ``edition`` by a ``signature`` of its ``withdrawal_text``.

    At commit the database refuses the transaction unless the signature is of exactly that text.
    """
    canonical = withdrawal_text(signature.submission, edition, cause, note)
    withdrawal = Withdrawal.objects.create(
        uuid=signature.submission,
        key=edition.key,
        edition=edition,
        cause=cause.value,
        reason=REASON_TEXTS[cause].reason,
        advice=REASON_TEXTS[cause].advice,
        note=note,
        canonical=canonical,
        sha256=sha256_hex(canonical.encode()),
        at=database_now(),
    )
    withdrawal.refresh_from_db()
    append_entry(Event.WITHDRAWN, actor, withdrawal.as_record(), subject=edition.key)
    return set_publication(edition, actor=actor, withdrawal=withdrawal)
