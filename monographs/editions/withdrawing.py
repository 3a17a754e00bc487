"""Taking a page from patients at once."""

import uuid
from typing import Any

from django.utils import timezone

from monographs.document.canonical import canonical_json, sha256_hex
from monographs.editions.causes import WORDS, Cause
from monographs.editions.ledger import Event, record
from monographs.editions.making import flip
from monographs.editions.models import Edition, Publication, Signature, Withdrawal
from monographs.editions.people import Person


def withdrawal_text(act: uuid.UUID, edition: Edition, cause: Cause, note: str) -> str:
    """What a reviewer signs to withdraw ``edition`` in today's words for its cause."""
    return signed_text(act, edition, cause, note, WORDS[cause].reason, WORDS[cause].advice)


def signed_text(act: uuid.UUID, edition: Edition, cause: str, note: str, reason: str, advice: str) -> str:
    """Canonical JSON of a withdrawal, in the words it was signed with."""
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


def withdraw(signature: Signature, edition: Edition, cause: Cause, note: str, actor: Person) -> Publication:
    """Take ``edition`` from patients by a ``signature`` of ``withdrawal_text``.

    The database refuses the whole transaction at commit unless the signature is of exactly that text.
    """
    canonical = withdrawal_text(signature.submission, edition, cause, note)
    withdrawal = Withdrawal.objects.create(
        uuid=signature.submission,
        key=edition.key,
        edition=edition,
        cause=cause.value,
        reason=WORDS[cause].reason,
        advice=WORDS[cause].advice,
        note=note,
        canonical=canonical,
        sha256=sha256_hex(canonical.encode()),
        at=timezone.now(),
    )
    withdrawal.refresh_from_db()
    record(Event.WITHDRAWN, actor, withdrawal.as_record(), subject=edition.key)
    return flip(edition, actor=actor, withdrawal=withdrawal)
