"""Signs and publishes documents without pages or reviews, for scale tests, benchmarks and tests."""

import uuid

from django.conf import settings
from django.db import transaction

from monographs.document import CanonicalText
from monographs.document.models import BaseDocument
from monographs.editions.ledger import Event, append_entry, record_submission
from monographs.editions.models import Edition, ReviewKind, Signature
from monographs.editions.person import Person
from monographs.editions.publishing import make_edition, set_publication
from monographs.editions.signatures import ReviewStep

STEP = ReviewStep("Medical review")
#: User id of the synthetic reviewer, higher than that of any account.
REVIEWER_ID = 9_000_000_000
WRITER = Person(id=None, username="invented-writer", name="Generator of invented texts")
REVIEWER = Person(id=REVIEWER_ID, username="invented-reviewer", name="Rosa Reviewer", credentials="PharmD")
MEANING = "I have read this text and approve it."


def publish(
    document: BaseDocument,
    *,
    current: bool = True,
    kind: ReviewKind = ReviewKind.FULL_REVIEW,
    reason: str = "An invented text.",
    restores: int | None = None,
) -> Edition:
    """Submit and sign ``document``, make its next edition and, if ``current``, publish it.

    Uses the functions of ``monographs.editions``, so the database constraints and ``ledger verify`` hold.
    Raises what ``make_edition`` and ``set_publication`` raise, and ``PermissionError`` where
    ``ALLOW_DEMONSTRATION`` is off.
    """
    if not settings.ALLOW_DEMONSTRATION:
        raise PermissionError("Synthetic texts may not be signed: ALLOW_DEMONSTRATION is off.")
    key, submission, text = uuid.UUID(document.key), uuid.uuid4(), CanonicalText.of(document)
    with transaction.atomic():
        record_submission(
            WRITER, key, submission, sha256=text.sha256, steps=[STEP.as_record()], review_kind=kind
        )
        sign(key, submission, text.sha256)
        edition = make_edition(
            text,
            submission=submission,
            steps=[STEP],
            review_kind=kind,
            reason=reason,
            actor=REVIEWER,
            restores=restores,
        )
        if current:
            set_publication(edition, actor=REVIEWER)
    return edition


def sign(key: uuid.UUID, submission: uuid.UUID, sha256: str, *, step: str = STEP.step) -> Signature:
    """Store a signature of the synthetic reviewer, record it in the ledger, and return it."""
    signature = Signature.objects.create(
        submission=submission,
        key=key,
        sha256=sha256,
        step=step,
        meaning=MEANING,
        user_id=REVIEWER_ID,
        username=REVIEWER.username,
        name=REVIEWER.name,
        credentials=REVIEWER.credentials,
    )
    append_entry(Event.SIGNED, REVIEWER, signature.as_record(), subject=signature.key)
    return signature
