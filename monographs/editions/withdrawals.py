"""Withdraw a published page."""

import uuid
from typing import Any

from monographs.core.db_clock import database_now
from monographs.document.canonical import canonical_json, sha256_hex
from monographs.editions.ledger import Event, append_entry
from monographs.editions.models import (
    Edition,
    PageKey,
    Publication,
    PublicationState,
    Signature,
    Withdrawal,
)
from monographs.editions.person import Person
from monographs.editions.publishing import set_publication
from monographs.editions.withdrawal_reasons import REASON_TEXTS, RETIREMENT_REASONS, WithdrawalReason


def patients_text(edition: Edition, cause: WithdrawalReason) -> tuple[str, str]:
    """Reason and advice that patients read once ``edition`` is withdrawn for ``cause``.

    Those of a page that is withdrawn already remain: they may be for safety, and retiring a page is not.
    """
    standing = Publication.objects.filter(key=edition.key, state=PublicationState.WITHDRAWN).first()
    if standing and standing.withdrawal:
        return standing.withdrawal.reason, standing.withdrawal.advice
    return REASON_TEXTS[cause].reason, REASON_TEXTS[cause].advice


def withdrawal_text(act: uuid.UUID, edition: Edition, cause: WithdrawalReason, note: str) -> str:
    """The text a reviewer signs to withdraw ``edition``, with the present words for ``cause``."""
    return canonical_withdrawal(act, edition, cause, note, *patients_text(edition, cause))


def retirement_of(key: PageKey) -> Withdrawal | None:
    """The withdrawal that retired the page; None if it is public, or withdrawn only until it is corrected."""
    standing = (
        Publication.objects.filter(key=key, state=PublicationState.WITHDRAWN)
        .select_related("withdrawal")
        .first()
    )
    withdrawal = standing.withdrawal if standing else None
    return withdrawal if withdrawal and withdrawal.cause in RETIREMENT_REASONS else None


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
    reason, advice = patients_text(edition, cause)
    canonical = canonical_withdrawal(signature.submission, edition, cause, note, reason, advice)
    withdrawal = Withdrawal.objects.create(
        uuid=signature.submission,
        key=edition.key,
        edition=edition,
        cause=cause.value,
        reason=reason,
        advice=advice,
        note=note,
        canonical=canonical,
        sha256=sha256_hex(canonical.encode()),
        at=database_now(),
    )
    append_entry(Event.WITHDRAWN, actor, withdrawal.as_record(), subject=edition.key)
    return set_publication(edition, actor=actor, withdrawal=withdrawal)
