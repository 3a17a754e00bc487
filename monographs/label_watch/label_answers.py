"""Signed answers that a page needs no change for a version of its label."""

import uuid
from typing import Any

from django.db.models import Max

from monographs.core.db_clock import database_now
from monographs.document.canonical import canonical_json, sha256_hex
from monographs.editions.ledger import Event, append_entry
from monographs.editions.models import Edition, Signature
from monographs.editions.person import Person
from monographs.label_watch.models import LabelAnswer, LabelVersion


def answer_text(act: uuid.UUID, edition: Edition, label: LabelVersion, from_version: int, reason: str) -> str:
    """Canonical JSON of an answer, which a reviewer signs."""
    text: dict[str, Any] = {
        "label_answer": str(act),
        "key": str(edition.key),
        "edition": edition.number,
        "sha256": edition.sha256,
        "set_id": label.set_id,
        "from_version": from_version,
        "version": label.version,
        "label_sha256": label.sha256,
        "reason": reason,
    }
    return canonical_json(text).decode()


def store_answer(
    signature: Signature, edition: Edition, label: LabelVersion, from_version: int, reason: str, actor: Person
) -> LabelAnswer:
    """Store an answer by a ``signature`` of its ``answer_text``, which the database checks at commit."""
    canonical = answer_text(signature.submission, edition, label, from_version, reason)
    answer = LabelAnswer.objects.create(
        uuid=signature.submission,
        key=edition.key,
        edition=edition,
        label=label,
        from_version=from_version,
        reason=reason,
        canonical=canonical,
        sha256=sha256_hex(canonical.encode()),
        at=database_now(),
    )
    append_entry(Event.LABEL_ANSWERED, actor, answer.as_record(), subject=edition.key)
    return answer


def answered_version(key: uuid.UUID, set_id: str) -> int:
    """Return the highest version for which it is signed that the page needs no change; 0 without any."""
    answers = LabelAnswer.objects.filter(key=key, label__set_id=set_id)
    return int(answers.aggregate(version=Max("label__version"))["version"] or 0)
