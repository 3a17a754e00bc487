"""Publication of many synthetic documents at a time: the rows, entries and checks of ``publisher.publish``.

Each table's rows are stored in one statement, under the same triggers, which check every row. What the
application checks of one text is checked of each.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from devtools.synthetic.publisher import MEANING, REVIEWER, REVIEWER_ID, STEP, WRITER
from monographs.core.db_clock import database_now
from monographs.document import CanonicalText
from monographs.document.models import BaseDocument
from monographs.editions.deferred_ledger import check_with_ledger_locked, deferred_ledger
from monographs.editions.ledger import Event, append_entry, record_submission
from monographs.editions.models import (
    Contribution,
    Edition,
    Publication,
    PublicationState,
    ReviewKind,
    Signature,
)
from monographs.editions.name_conflicts import name_conflicts, store_public_names
from monographs.editions.publishing import NameTaken, edition_columns, publication_data
from monographs.editions.review_dates import review_dates
from monographs.editions.signatures import ExcludedUsers, check_signed, reviewers_of, signed_on

REASON = "An invented text."


@transaction.atomic
def publish_all(rounds: Iterable[Sequence[BaseDocument]]) -> list[Publication]:
    """Publish each of ``rounds``: the first editions of new pages, their second ones, and so on.

    Raises ``NameTaken`` if two medicines share a name, and ``PermissionError`` where ``ALLOW_DEMONSTRATION``
    is off. At commit the database checks every edition.
    """
    if not settings.ALLOW_DEMONSTRATION:
        raise PermissionError("Synthetic texts may not be signed: ALLOW_DEMONSTRATION is off.")
    publications: dict[uuid.UUID, Publication] = {}
    for documents in rounds:
        with deferred_ledger():
            editions = _sign(documents, publications)
            _make_current(editions, publications)
            if editions and editions[0].number == 1:
                check_with_ledger_locked(lambda of=documents: _refuse_taken_names(of))  # type: ignore[misc]
    return list(publications.values())


def _sign(documents: Sequence[BaseDocument], publications: dict[uuid.UUID, Publication]) -> list[Edition]:
    """Store contributions, signatures and the next edition of each document, and record them."""
    texts = [CanonicalText.of(document) for document in documents]
    keys = [uuid.UUID(document.key) for document in documents]
    contributions, signatures = _contributions(keys, texts), _signatures(keys, texts)
    for row in (*contributions, *signatures):
        row.complete()
    Contribution.objects.bulk_create(contributions)
    Signature.objects.bulk_create(signatures)
    for contribution, signature in zip(contributions, signatures, strict=True):
        _record(contribution, signature)
    now = database_now()
    editions = [
        _edition(document, text, signature, publications.get(signature.key), now)
        for document, text, signature in zip(documents, texts, signatures, strict=True)
    ]
    Edition.objects.bulk_create(editions)
    for edition in editions:
        append_entry(Event.EDITION, REVIEWER, edition.as_record(), subject=edition.key)
    return editions


def _contributions(keys: Sequence[uuid.UUID], texts: Sequence[CanonicalText]) -> list[Contribution]:
    return [
        Contribution(key=key, username=WRITER.username, name=WRITER.name, sha256=text.sha256)
        for key, text in zip(keys, texts, strict=True)
    ]


def _signatures(keys: Sequence[uuid.UUID], texts: Sequence[CanonicalText]) -> list[Signature]:
    return [
        Signature(
            submission=uuid.uuid4(),
            key=key,
            sha256=text.sha256,
            step=STEP.step,
            meaning=MEANING,
            user_id=REVIEWER_ID,
            username=REVIEWER.username,
            name=REVIEWER.name,
            credentials=REVIEWER.credentials,
        )
        for key, text in zip(keys, texts, strict=True)
    ]


def _record(contribution: Contribution, signature: Signature) -> None:
    """Store the ledger entries of a text's contribution, its submission and its signature."""
    key = contribution.key
    append_entry(Event.CONTRIBUTED, WRITER, contribution.as_record(), subject=key)
    record_submission(
        WRITER,
        key,
        signature.submission,
        sha256=signature.sha256,
        steps=[STEP.as_record()],
        review_kind=ReviewKind.FULL_REVIEW,
    )
    append_entry(Event.SIGNED, REVIEWER, signature.as_record(), subject=key)


def _edition(
    document: BaseDocument,
    text: CanonicalText,
    signature: Signature,
    before: Publication | None,
    now: datetime,
) -> Edition:
    """Return the next edition of a page, after the one that is published ``before``, not stored yet."""
    check_signed([signature], [STEP], ExcludedUsers.from_contributors([WRITER]))
    previous = before.edition if before else None
    last_reviewed, next_due = review_dates(document, previous, ReviewKind.FULL_REVIEW, signed_on([signature]))
    return Edition(
        key=signature.key,
        number=previous.number + 1 if previous else 1,
        canonical=text.canonical,
        sha256=text.sha256,
        submission=signature.submission,
        steps=[STEP.as_record()],
        review_kind=ReviewKind.FULL_REVIEW,
        reason=REASON,
        contributors=[{"id": WRITER.id, "username": WRITER.username, "name": WRITER.name}],
        reviewers=reviewers_of([signature]),
        last_reviewed=last_reviewed,
        next_due=next_due,
        effective_at=now,
        created_at=now,
        **edition_columns(document),
    )


def _make_current(editions: list[Edition], publications: dict[uuid.UUID, Publication]) -> None:
    """Make each edition current at its path, which no other page may have, and record it."""
    now = database_now()
    rows = [
        Publication(
            path=edition.path,
            key=edition.key,
            edition=edition,
            state=PublicationState.CURRENT,
            flipped_at=now,
        )
        for edition in editions
    ]
    if editions and editions[0].number == 1:
        Publication.objects.bulk_create(rows)
    else:
        Publication.objects.bulk_update(rows, ["edition", "flipped_at"])
    for row in rows:
        publications[row.key] = row
        store_public_names(Publication, row)
        append_entry(Event.PUBLICATION, REVIEWER, publication_data(row), subject=row.key)


def _refuse_taken_names(documents: Iterable[BaseDocument]) -> None:
    conflicts = [conflict for document in documents for conflict in name_conflicts(document)]
    if conflicts:
        raise NameTaken(conflicts[0].message)
