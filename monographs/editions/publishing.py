"""The only function that writes an edition and the only one that sets a publication.

Both must run inside the transaction that checked the signatures; the database checks them again at
commit and refuses the whole transaction otherwise.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Q, TextField, UUIDField

from monographs.core.compiled_query import CompiledQuery, Parameter
from monographs.core.db_clock import database_now
from monographs.document import CanonicalText, MonographDocument
from monographs.document.models import BaseDocument
from monographs.editions.contributions import contributors_now, contributors_since
from monographs.editions.deferred_ledger import check_with_ledger_locked
from monographs.editions.figure_files import figure_bytes
from monographs.editions.ledger import Event, append_entry, ended_by, recorded_submission
from monographs.editions.models import (
    Edition,
    EditionFigure,
    IncludedText,
    PageKey,
    Publication,
    PublicationState,
    ReviewKind,
    Signature,
    Withdrawal,
)
from monographs.editions.name_conflicts import name_conflicts
from monographs.editions.person import Person
from monographs.editions.queries import current_edition
from monographs.editions.review_dates import review_dates
from monographs.editions.signatures import (
    ExcludedUsers,
    MissingSignatures,
    ReviewStep,
    check_signed,
    reviewers_of,
    signatures_for,
    signed_on,
)
from monographs.editions.standard_texts import (
    check_standard_texts,
    check_texts_in_use,
    standard_texts_of,
)

_PUBLIC_ALREADY = "Another page is already public at {}. Choose another slug."


class PathTaken(Exception):
    """Two pages cannot be public at one path."""


class NameTaken(Exception):
    """Two medicines cannot be public under one name."""


def make_edition(
    text: CanonicalText,
    *,
    submission: uuid.UUID,
    steps: Sequence[ReviewStep],
    review_kind: ReviewKind,
    reason: str,
    actor: Person,
    restores: int | None = None,
    steps_now: Sequence[ReviewStep] = (),
) -> Edition:
    """Write the next edition of a page with ``text`` as it was signed, with the signatures of ``submission``.

    ``restores`` is the number of the earlier edition that has the same text. ``steps`` are those of the
    submission; ``steps_now``, if any, must be signed as well.

    Raises ``MissingSignatures`` if the signatures are not enough, ``FigureFileError`` if a figure file is
    missing or altered, ``StandardTextError`` for a standard text that is not signed, or withdrawn,
    ``RuntimeError`` outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an edition must be written in the transaction that checks its signatures")
    now = database_now()
    document = text.document
    previous = current_edition(document.key)
    contributors = contributors_since(document.key, previous)
    signatures = _checked_signatures(text, submission, steps, steps_now, contributors)
    last_reviewed, next_due = review_dates(document, previous, review_kind, signed_on(signatures))
    edition = Edition.objects.create(
        key=uuid.UUID(document.key),
        number=previous.number + 1 if previous else 1,
        canonical=text.canonical,
        sha256=text.sha256,
        submission=submission,
        steps=[step.as_record() for step in steps],
        review_kind=review_kind,
        reason=reason,
        restores=restores,
        contributors=[{"id": c.id, "username": c.username, "name": c.name} for c in contributors],
        reviewers=reviewers_of(signatures),
        last_reviewed=last_reviewed,
        next_due=next_due,
        effective_at=now,
        created_at=now,
        **edition_columns(document),
    )
    _store_uses(edition, document)
    append_entry(Event.EDITION, actor, edition.as_record(), subject=edition.key)
    return edition


def _store_uses(edition: Edition, document: BaseDocument) -> None:
    """Store which figures and standard texts an edition has."""
    EditionFigure.objects.bulk_create(
        EditionFigure(edition=edition, sha256=figure.sha256, file_name=figure.file_name)
        for figure in document.figures()
    )
    IncludedText.objects.bulk_create(
        IncludedText(edition=edition, key=uuid.UUID(use.key), number=use.number, sha256=use.sha256)
        for use in standard_texts_of(document)
    )


def check_publishable(
    text: CanonicalText,
    submission: uuid.UUID,
    steps: Sequence[ReviewStep],
    steps_now: Sequence[ReviewStep] = (),
) -> None:
    """Raise what ``make_edition`` would if ``text`` could not become an edition now."""
    _checked_signatures(text, submission, steps, steps_now, contributors_now(text.document.key))


def _checked_signatures(
    text: CanonicalText,
    submission: uuid.UUID,
    steps: Sequence[ReviewStep],
    steps_now: Sequence[ReviewStep],
    contributors: Iterable[Person],
) -> list[Signature]:
    """Check all that an edition of ``text`` needs and return its signatures.

    Raises ``MissingSignatures``, ``FigureFileError`` or ``StandardTextError``.
    """
    document, sha256 = text.document, text.sha256
    signatures = signatures_for(submission, sha256)
    excluded = ExcludedUsers.from_contributors(contributors)
    check_signed(signatures, steps, excluded)
    if steps_now:
        check_signed(signatures, steps_now, excluded)
    if recorded_submission(document.key, submission) != (sha256, [step.as_record() for step in steps]):
        raise MissingSignatures(
            "This text was not submitted, or for other steps of review. Recall it and submit it again."
        )
    match ended_by(document.key, submission):
        case Event.WITHDRAWN:
            raise MissingSignatures(
                "The page was withdrawn after this text was submitted, so its signatures do not count any "
                "more. Recall it and submit it again."
            )
        case Event.VOIDED:
            raise MissingSignatures(
                "This text was returned or recalled, so its signatures do not count any more. Submit it "
                "again."
            )
    for figure in document.figures():
        figure_bytes(figure.file_name)
    check_standard_texts(document)
    return signatures


def edition_columns(document: BaseDocument) -> dict[str, Any]:
    """The columns of an edition that repeat its text for look-ups."""
    columns: dict[str, Any] = {
        "kind": document.kind,
        "path": document.path,
        "slug": document.slug,
        "title": document.title,
        "summary": document.summary,
        "change_note": document.change_note,
        "linked_keys": [uuid.UUID(key) for key in document.linked_keys()],
    }
    if isinstance(document, MonographDocument):
        columns["brand_names"] = list(document.brand_names)
        columns["class_key"] = uuid.UUID(document.drug_class.key) if document.drug_class else None
        columns["condition_keys"] = [uuid.UUID(condition.key) for condition in document.conditions]
    return columns


def check_path_free(path: str, key: PageKey) -> None:
    """Raise ``PathTaken`` if ``path`` is, or ever was, the public path of another page than ``key``.

    Printed leaflets carry the path of their page, so it must never lead to another medicine.
    """
    _check_own_path(Publication.objects.filter(path=path).first(), key)


def _check_own_path(found: Publication | None, key: PageKey) -> None:
    if found is None or str(found.key) == str(key):
        return
    if found.state == PublicationState.MOVED:
        raise PathTaken(
            f"{found.path} was another page's, and printed leaflets lead there. Choose another slug."
        )
    raise PathTaken(_PUBLIC_ALREADY.format(found.path))


def check_name_free(document: BaseDocument) -> None:
    """Raise ``NameTaken`` if patients read another medicine of one of the document's names."""
    conflicts = name_conflicts(document)
    if conflicts:
        raise NameTaken(conflicts[0].message)


_OF_PAGE_OR_PATH: CompiledQuery[Publication] = CompiledQuery(
    lambda: Publication.objects.filter(
        Q(key=Parameter("key", UUIDField())) | Q(path=Parameter("path", TextField()))
    ).order_by("path")
)


def set_publication(edition: Edition, *, actor: Person, withdrawal: Withdrawal | None = None) -> Publication:
    """Make ``edition`` current at its path, or withdrawn by ``withdrawal``; earlier paths redirect to it.

    Raises ``PathTaken`` if another page is public at that path, ``NameTaken`` if another medicine is public
    under one of its names, ``StandardTextError`` if a standard text in it was withdrawn, ``RuntimeError``
    outside a transaction. In a block of ``deferred_ledger`` names and standard texts are compared when it
    ends, and it raises these errors.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a publication must be set in the transaction that checks the signatures")
    now = database_now()
    known = {row.path: row for row in _OF_PAGE_OR_PATH.rows(key=edition.key, path=edition.path)}
    _check_own_path(known.get(edition.path), edition.key)
    publication = known.pop(edition.path, None)
    for old in known.values():
        _store_publication(old, edition, PublicationState.MOVED, None, now, actor)
    state = PublicationState.WITHDRAWN if withdrawal else PublicationState.CURRENT
    publication = publication or Publication(path=edition.path)
    _store_publication(publication, edition, state, withdrawal, now, actor)
    if state == PublicationState.CURRENT:
        # Nobody takes the name or withdraws a text between this look and the commit, because they would have
        # to lock the ledger, too: a standard text has another page's lock
        document = edition.document
        check_with_ledger_locked(partial(check_name_free, document))
        check_with_ledger_locked(partial(check_texts_in_use, document))
    return publication


def _store_publication(
    publication: Publication,
    edition: Edition,
    state: PublicationState,
    withdrawal: Withdrawal | None,
    now: datetime,
    actor: Person,
) -> None:
    """Store the row of a path, new or as it is now, and its ledger entry. Raises ``PathTaken``."""
    reason = withdrawal.reason if withdrawal else ""
    publication.key, publication.edition = edition.key, edition
    publication.state, publication.reason, publication.withdrawal = state, reason, withdrawal
    publication.flipped_at = now
    if publication._state.adding:
        _insert_publication(publication)
    else:
        publication.save(force_update=True)
    append_entry(Event.PUBLICATION, actor, publication_data(publication), subject=edition.key)
    del publication.flipped_at  # the database sets it; read again only if it is asked for


def publication_data(publication: Publication) -> dict[str, Any]:
    """The data of the ledger entry of a publication as it is set."""
    edition = publication.edition
    return {
        "path": publication.path,
        "key": str(edition.key),
        "edition": edition.pk,
        "number": edition.number,
        "sha256": edition.sha256,
        "state": PublicationState(publication.state).value,
        "reason": publication.reason,
        "withdrawal": publication.withdrawal_id,
    }


def _insert_publication(publication: Publication) -> None:
    """Insert the row of a new path. Raises ``PathTaken`` if another page was published there meanwhile."""
    try:
        with transaction.atomic():
            publication.save(force_insert=True)
    except IntegrityError as error:
        check_path_free(publication.path, publication.key)
        raise PathTaken(_PUBLIC_ALREADY.format(publication.path)) from error
