"""The only function that makes an edition and the only one that flips a publication.

Both must run inside the transaction that checked the signatures; the database checks them again at
commit and refuses the whole transaction otherwise.
"""

import calendar
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from monographs.document import MonographDocument, canonical_bytes, sha256_of
from monographs.document.canonical import sha256_hex
from monographs.document.models import BaseDocument
from monographs.editions.figure_files import figure_bytes
from monographs.editions.ledger import Event, append_entry, recorded_submission
from monographs.editions.models import (
    Contribution,
    Edition,
    EditionFigure,
    Publication,
    PublicationState,
    ReviewKind,
    Signature,
    Withdrawal,
)
from monographs.editions.person import Person


class MissingSignatures(Exception):
    """An edition was asked for without the signatures it needs."""


@dataclass(frozen=True, slots=True)
class ReviewStep:
    """A step of the workflow and how many signatures it asks for."""

    step: str
    signatures: int = 1

    @property
    def needed(self) -> int:
        """How many signatures it takes, never none."""
        return max(self.signatures, 1)

    def as_record(self) -> dict[str, Any]:
        """Plain data, as the database's constraint reads it."""
        return {"step": self.step, "signatures": self.signatures}


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later, or the last day of a shorter month."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, calendar.monthrange(year, month0 + 1)[1]))


def current_edition(key: uuid.UUID | str) -> Edition | None:
    """The newest edition of a page, public or withdrawn."""
    return Edition.objects.of(key).first()


def public_edition(key: uuid.UUID | str) -> Edition | None:
    """The edition of a page that patients read now; None when it was never public, or is withdrawn."""
    publication = (
        Publication.objects.filter(key=key, state=PublicationState.CURRENT).select_related("edition").first()
    )
    return publication.edition if publication else None


def signatures_for(submission: uuid.UUID, sha256: str) -> list[Signature]:
    """Signatures given to exactly this hash in this submission, in order."""
    return list(Signature.objects.filter(submission=submission, sha256=sha256).order_by("signed_at", "pk"))


def contributors_since(key: uuid.UUID | str, edition: Edition | None) -> list[Person]:
    """Who changed the text since ``edition``, each once, in the order they first did."""
    number = edition.number if edition else 0
    rows = Contribution.objects.filter(key=key, after_edition=number).order_by("pk")
    return list(dict.fromkeys(row.person for row in rows))


@dataclass(frozen=True, slots=True)
class ExcludedUsers:
    """Who may not sign. Also by sign-in name: an account made anew under an old name is the same person."""

    ids: frozenset[int]
    usernames: frozenset[str]

    @classmethod
    def by(cls, contributors: Iterable[Person]) -> "ExcludedUsers":
        """Those who contributed."""
        people = list(contributors)
        return cls(
            frozenset(person.id for person in people if person.id),
            frozenset(person.username for person in people if person.username),
        )

    def bars(self, user_id: int, username: str) -> bool:
        """Whether somebody of this id and sign-in name is among them."""
        return user_id in self.ids or username in self.usernames


def check_signed(signatures: Sequence[Signature], steps: Sequence[ReviewStep], barred: ExcludedUsers) -> None:
    """Raise ``MissingSignatures`` unless each step has enough signatures by distinct people, none ``barred``.

    A signature without credentials is nobody's.
    """
    if not steps:
        raise MissingSignatures("The workflow has no steps, so nobody can have signed.")
    valid = [s for s in signatures if s.credentials and not barred.bars(s.user_id, s.username)]
    for step in steps:
        given = len({s.user_id for s in valid if s.step == step.step})
        if given < step.needed:
            raise MissingSignatures(f"Step “{step.step}” has {given} of {step.needed} signatures.")
    if len({s.user_id for s in valid}) < sum(step.needed for step in steps):
        raise MissingSignatures("One person cannot sign for two steps.")


def make_edition(
    document: BaseDocument,
    *,
    submission: uuid.UUID,
    steps: Sequence[ReviewStep],
    review_kind: ReviewKind,
    reason: str,
    actor: Person,
    restores: int | None = None,
) -> Edition:
    """Write the next edition of ``document`` from the signatures of ``submission``.

    ``restores`` is the number of the earlier edition whose text it is.

    Raises ``MissingSignatures`` if they are not enough, ``FigureFileError`` if a figure's file is missing or
    altered, ``RuntimeError`` outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an edition is made in the transaction that checks its signatures")
    now = timezone.now()
    canonical = canonical_bytes(document)
    sha256 = sha256_hex(canonical)
    previous = current_edition(document.key)
    contributors = contributors_since(document.key, previous)
    signatures = _signatures_of(document, sha256, submission, steps, contributors)
    last_reviewed, next_due = review_dates(document, previous, review_kind, signed_on(signatures))
    edition = Edition.objects.create(
        key=document.key,
        number=previous.number + 1 if previous else 1,
        canonical=canonical.decode(),
        sha256=sha256,
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
        **columns_of(document),
    )
    EditionFigure.objects.bulk_create(
        EditionFigure(edition=edition, sha256=figure.sha256, file_name=figure.file_name)
        for figure in document.figures()
    )
    edition.refresh_from_db()
    append_entry(Event.EDITION, actor, edition.as_record(), subject=edition.key)
    return edition


def check_ready(document: BaseDocument, submission: uuid.UUID, steps: Sequence[ReviewStep]) -> None:
    """Raise ``MissingSignatures`` or ``FigureLost`` if ``document`` could not become an edition now."""
    contributors = contributors_since(document.key, current_edition(document.key))
    _signatures_of(document, sha256_of(document), submission, steps, contributors)


def _signatures_of(
    document: BaseDocument,
    sha256: str,
    submission: uuid.UUID,
    steps: Sequence[ReviewStep],
    contributors: Iterable[Person],
) -> list[Signature]:
    """The signatures that make ``document`` an edition."""
    signatures = signatures_for(submission, sha256)
    check_signed(signatures, steps, ExcludedUsers.by(contributors))
    if recorded_submission(document.key, submission) != (sha256, [step.as_record() for step in steps]):
        raise MissingSignatures(
            "This text was not submitted, or for other steps of review. Recall it and submit it anew."
        )
    for figure in document.figures():
        figure_bytes(figure.file_name)
    return signatures


def signed_on(signatures: Iterable[Signature]) -> date:
    """The day of the last signature, in UTC: when a text was reviewed, however much later it is published."""
    return max(signature.signed_at for signature in signatures).astimezone(UTC).date()


def reviewers_of(signatures: Iterable[Signature]) -> list[dict[str, str]]:
    """The reviewers as patients read them."""
    return [{"name": s.name, "credentials": s.credentials, "step": s.step} for s in signatures]


def columns_of(document: BaseDocument) -> dict[str, Any]:
    """What an edition repeats of its text for look-ups."""
    columns: dict[str, Any] = {
        "kind": document.kind,
        "path": document.path,
        "slug": document.slug,
        "title": document.title,
        "summary": document.summary,
        "change_note": document.change_note,
        "linked_keys": document.linked_keys(),
    }
    if isinstance(document, MonographDocument):
        columns["brand_names"] = list(document.brand_names)
        columns["class_key"] = document.drug_class.key if document.drug_class else None
        columns["condition_keys"] = [condition.key for condition in document.conditions]
    return columns


def review_dates(
    document: BaseDocument, previous: Edition | None, kind: ReviewKind | str, signed: date
) -> tuple[date, date]:
    """*Last reviewed* and *next due* of a text signed on a day; a correction carries the earlier ones on."""
    if kind == ReviewKind.CORRECTION and previous:
        return previous.last_reviewed, previous.next_due
    return signed, add_months(signed, document.review_interval_months)


class PathTaken(Exception):
    """Two pages cannot be public at one path."""


def check_path_free(path: str, key: uuid.UUID | str) -> None:
    """Raise ``PathTaken`` if ``path`` is, or ever was, the public path of another page than ``key``.

    Leaflets on paper lead to their page's path; on it, nobody may find another medicine.
    """
    other = Publication.objects.filter(path=path).exclude(key=key).first()
    if other and other.state == PublicationState.MOVED:
        raise PathTaken(f"{path} was another page's, and printed leaflets lead there. Choose another slug.")
    if other:
        raise PathTaken(f"Another page is already public at {path}. Choose another slug.")


def set_publication(edition: Edition, *, actor: Person, withdrawal: Withdrawal | None = None) -> Publication:
    """Make ``edition`` what its path shows, or take it away by ``withdrawal``; paths it had before redirect.

    Raises ``PathTaken`` if another page is public at that path.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a publication is flipped in the transaction that checks the signatures")
    now = timezone.now()
    check_path_free(edition.path, edition.key)
    for old in Publication.objects.filter(key=edition.key).exclude(path=edition.path):
        _set(old.path, edition, PublicationState.MOVED, None, now, actor)
    state = PublicationState.WITHDRAWN if withdrawal else PublicationState.CURRENT
    return _set(edition.path, edition, state, withdrawal, now, actor)


def _set(
    path: str,
    edition: Edition,
    state: PublicationState,
    withdrawal: Withdrawal | None,
    now: datetime,
    actor: Person,
) -> Publication:
    reason = withdrawal.reason if withdrawal else ""
    publication, _ = Publication.objects.update_or_create(
        path=path,
        defaults={
            "key": edition.key,
            "edition": edition,
            "state": state,
            "reason": reason,
            "withdrawal": withdrawal,
            "flipped_at": now,
        },
    )
    append_entry(
        Event.PUBLICATION,
        actor,
        {
            "path": path,
            "key": str(edition.key),
            "edition": edition.pk,
            "number": edition.number,
            "sha256": edition.sha256,
            "state": state.value,
            "reason": reason,
            "withdrawal": withdrawal.pk if withdrawal else None,
        },
        subject=edition.key,
    )
    return publication
