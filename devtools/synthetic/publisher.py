"""Signing and publishing without a desk: for invented texts, benchmarks and tests of what is read."""

import uuid
from collections.abc import Iterable, Iterator
from itertools import islice

from django.conf import settings
from django.db import transaction

from devtools.synthetic.document_factory import medicines, next_edition, shared_documents
from monographs.document import MonographDocument, sha256_of
from monographs.document.models import BaseDocument
from monographs.editions.contributions import record_contribution
from monographs.editions.ledger import Event, append_entry, record_submission
from monographs.editions.models import Edition, ReviewKind, Signature
from monographs.editions.person import Person
from monographs.editions.publishing import make_edition, set_publication
from monographs.editions.signatures import ReviewStep

STEP = ReviewStep("Medical review")
#: No account gets as far.
INVENTED_ID = 9_000_000_000
WRITER = Person(id=None, username="invented-writer", name="Generator of invented texts")
REVIEWER = Person(id=INVENTED_ID, username="invented-reviewer", name="Rosa Reviewer", credentials="PharmD")
MEANING = "I have read this text and approve it."
#: Medicines to a transaction: what a killed run loses, and what the database checks at one commit.
BATCH = 100


def publish(
    document: BaseDocument,
    *,
    current: bool = True,
    kind: ReviewKind = ReviewKind.FULL_REVIEW,
    reason: str = "An invented text.",
    restores: int | None = None,
) -> Edition:
    """Submit and sign ``document``, make its next edition and, if ``current``, show it.

    By the record's own functions, so that the database and ``ledger verify`` find nothing wrong. Raises what
    ``make_edition`` and ``set_publication`` raise, ``PermissionError`` where demonstrations are not allowed.
    """
    if not settings.ALLOW_DEMONSTRATION:
        raise PermissionError("Nobody signs invented texts: these settings are not for demonstrations.")
    submission, sha256 = uuid.uuid4(), sha256_of(document)
    with transaction.atomic():
        record_submission(
            WRITER, document.key, submission, sha256=sha256, steps=[STEP.as_record()], review_kind=kind
        )
        sign(document.key, submission, sha256)
        edition = make_edition(
            document,
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


def sign(key: uuid.UUID | str, act: uuid.UUID, sha256: str, *, step: str = STEP.step) -> Signature:
    """The signature of an invented reviewer, told in the ledger."""
    signature = Signature.objects.create(
        submission=act,
        key=key,
        sha256=sha256,
        step=step,
        meaning=MEANING,
        user_id=INVENTED_ID,
        username=REVIEWER.username,
        name=REVIEWER.name,
        credentials=REVIEWER.credentials,
    )
    signature.refresh_from_db()
    append_entry(Event.SIGNED, REVIEWER, signature.as_record(), subject=signature.key)
    return signature


def generate(count: int, *, editions: int = 1, seed: int = 1) -> Iterator[int]:
    """Publish what is missing of ``count`` invented medicines; yields how many are done, batch by batch.

    The same ``seed`` makes the same names and texts, so a run that was stopped goes on where it was.
    """
    classes, conditions = shared_documents(count, seed)
    with transaction.atomic():
        for document in _missing([*classes, *conditions]):
            _publish_editions(document, 1)
    documents = medicines(count, seed, classes, conditions)
    done = 0
    while batch := list(islice(documents, BATCH)):
        with transaction.atomic():
            for document in _missing(batch):
                _publish_editions(document, editions)
        done += len(batch)
        yield done


def _missing(documents: Iterable[BaseDocument]) -> list[BaseDocument]:
    wanted = {uuid.UUID(document.key): document for document in documents}
    there = set(Edition.objects.filter(key__in=wanted).values_list("key", flat=True))
    return [document for key, document in wanted.items() if key not in there]


def _publish_editions(document: BaseDocument, editions: int) -> None:
    for number in range(1, editions + 1):
        if number > 1 and isinstance(document, MonographDocument):
            document = next_edition(document, number)
        record_contribution(document.key, WRITER, sha256_of(document))
        publish(document)
