"""Signs and publishes documents without pages or reviews, for scale tests, benchmarks and tests."""

import uuid
from collections.abc import Iterable, Iterator
from itertools import islice

from django.conf import settings
from django.db import transaction

from devtools.synthetic.document_factory import medicines, next_edition, shared_documents
from monographs.document import CanonicalText, MonographDocument, sha256_of
from monographs.document.models import BaseDocument
from monographs.editions.contributions import record_contribution
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
#: Medicines per transaction: what an interrupted run loses, and what the database checks at one commit.
BATCH_SIZE = 100


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


def generate(count: int, *, editions: int = 1, seed: int = 1) -> Iterator[int]:
    """Publish the missing ones of ``count`` synthetic medicines; yield the number done after each batch.

    The same ``seed`` makes the same names and texts, so an interrupted run can be continued.
    """
    classes, conditions = shared_documents(count, seed)
    with transaction.atomic():
        for document in _missing([*classes, *conditions]):
            _publish_editions(document, 1)
    documents = medicines(count, seed, classes, conditions)
    done = 0
    while batch := list(islice(documents, BATCH_SIZE)):
        with transaction.atomic():
            for document in _missing(batch):
                _publish_editions(document, editions)
        done += len(batch)
        yield done


def _missing(documents: Iterable[BaseDocument]) -> list[BaseDocument]:
    by_key = {uuid.UUID(document.key): document for document in documents}
    published = set(Edition.objects.filter(key__in=by_key).values_list("key", flat=True))
    return [document for key, document in by_key.items() if key not in published]


def _publish_editions(document: BaseDocument, editions: int) -> None:
    for number in range(1, editions + 1):
        if number > 1 and isinstance(document, MonographDocument):
            document = next_edition(document, number)
        record_contribution(uuid.UUID(document.key), WRITER, sha256_of(document))
        publish(document)
