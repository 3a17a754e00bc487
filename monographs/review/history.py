"""What happened to one page, newest first, as the ledger tells it.

The ledger and not the rows it tells of: it holds everything in one order, by value, and nobody can change it.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count

from monographs.editions.ledger import Event
from monographs.editions.models import Edition, LedgerEntry, ReviewKind, Signature
from monographs.review.actions.withdraw import STEP as WITHDRAWAL
from monographs.review.models import Note, NoteStatus, Submission

#: Events on one screen.
PER_PAGE = 25


class HistoryEvent(StrEnum):
    """The ledger's events that people read here.

    A publication is told by its edition or withdrawal, a contribution by the edition's writers; what was
    refused is for the ledger's readers.
    """

    SUBMITTED = Event.SUBMITTED.value
    RECALLED = Event.RECALLED.value
    RETURNED = Event.RETURNED.value
    SIGNED = Event.SIGNED.value
    VOIDED = Event.VOIDED.value
    SCHEDULED = Event.SCHEDULED.value
    EDITION = Event.EDITION.value
    WITHDRAWN = Event.WITHDRAWN.value


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """One event. ``said`` is a sentence without its end, ``reason`` what somebody wrote about it."""

    event: HistoryEvent
    at: datetime
    said: str
    reason: str = ""
    remark: str = ""
    submission: Submission | None = None
    notes: int = 0
    open_notes: int = 0
    edition: Edition | None = None
    signatures: list[Signature] = field(default_factory=list)

    @property
    def before(self) -> int:
        """Number of the edition before this one; 0 for the first, and for other events."""
        return self.edition.number - 1 if self.edition else 0


def history(key: Any, number: Any = 1) -> "Page[HistoryItem]":
    """One screen of what happened to the page ``key``. A fixed number of queries."""
    entries = LedgerEntry.objects.filter(subject=str(key), event__in=list(HistoryEvent)).order_by("-seq")
    page: Page[Any] = Paginator(entries, PER_PAGE).get_page(number)
    around = _RelatedRecords.of(key, [(entry, json.loads(entry.body)) for entry in page.object_list])
    page.object_list = [_happening(entry, body, around) for entry, body in around.entries]
    return page


@dataclass(frozen=True, slots=True)
class _RelatedRecords:
    """What the entries of one screen point to."""

    entries: list[tuple[LedgerEntry, dict[str, Any]]]
    submissions: dict[str, Submission]
    notes: dict[tuple[int, bool], int]
    editions: dict[int, Edition]
    signatures: dict[str, list[Signature]]
    signed: dict[int, Signature]

    @classmethod
    def of(cls, key: Any, entries: list[tuple[LedgerEntry, dict[str, Any]]]) -> "_RelatedRecords":
        """In four queries."""
        data = [body["data"] for _, body in entries]
        uuids = {one["submission"] for one in data if "submission" in one}
        submissions = Submission.objects.filter(uuid__in=uuids).defer("canonical")
        editions = Edition.objects.filter(pk__in=[one["edition"] for one in data if "number" in one])
        notes = (
            Note.objects.filter(key=key).order_by().values_list("submission", "status").annotate(Count("pk"))
        )
        counted: dict[tuple[int, bool], int] = {}
        for submission, status, count in notes:
            place = (submission, status == NoteStatus.OPEN)
            counted[place] = counted.get(place, 0) + count
        signatures: dict[str, list[Signature]] = {}
        for signature in Signature.objects.filter(key=key, submission__in=uuids).order_by("pk"):
            signatures.setdefault(str(signature.submission), []).append(signature)
        return cls(
            entries,
            {str(submission.uuid): submission for submission in submissions},
            counted,
            {edition.pk: edition for edition in editions.defer("canonical")},
            signatures,
            {signature.pk: signature for given in signatures.values() for signature in given},
        )


def _happening(entry: LedgerEntry, body: dict[str, Any], around: _RelatedRecords) -> HistoryItem:
    data, actor = body["data"], body["actor"]["name"] or body["actor"]["username"]
    told = HistoryEvent(entry.event)
    submission = around.submissions.get(data.get("submission", ""))
    facts = {"submission": submission, "reason": data.get("reason", "")} | _facts(told, data, around)
    return HistoryItem(told, entry.at, _said(told, data, actor, around), **facts)


def _said(told: HistoryEvent, data: dict[str, Any], actor: str, around: _RelatedRecords) -> str:
    match told:
        case HistoryEvent.SUBMITTED:
            return f"Submitted by {actor}, {ReviewKind(data['review_kind']).label.lower()}"
        case HistoryEvent.SIGNED:
            who = ", ".join(part for part in (data["name"], data["credentials"]) if part)
            withdrawal = data["step"] == WITHDRAWAL
            return f"The withdrawal was signed by {who}" if withdrawal else f"Signed by {who}, {data['step']}"
        case HistoryEvent.VOIDED:
            signature = around.signed.get(data["signature"])
            return f"The signature of {signature.name if signature else 'a reviewer'} became void"
        case HistoryEvent.SCHEDULED:
            return f"Signed and scheduled: public from {_moment(data['publish_at'])}"
        case HistoryEvent.EDITION:
            return f"Edition {data['number']}"
        case HistoryEvent.RETURNED | HistoryEvent.RECALLED | HistoryEvent.WITHDRAWN:
            return f"{told.capitalize()} by {actor}"


def _facts(told: HistoryEvent, data: dict[str, Any], around: _RelatedRecords) -> dict[str, Any]:
    """What an event has beside its sentence."""
    match told:
        case HistoryEvent.SUBMITTED:
            still_open, closed = _notes(around, around.submissions.get(data["submission"]))
            return {"remark": _terms(data), "notes": still_open + closed, "open_notes": still_open}
        case HistoryEvent.EDITION:
            edition = around.editions.get(data["edition"])
            return {"edition": edition, "signatures": around.signatures.get(data["submission"], [])}
        case HistoryEvent.WITHDRAWN:
            return {"reason": data["note"], "remark": f"Patients read: {data['reason']}"}
        case _:
            return {}


def _moment(said: str) -> str:
    return f"{datetime.fromisoformat(said):%Y-%m-%d %H:%M} UTC"


def _terms(data: dict[str, Any]) -> str:
    said = []
    if data.get("restores"):
        said.append(f"Brings back the text of edition {data['restores']}.")
    if data.get("publish_at"):
        said.append(f"To be public from {_moment(data['publish_at'])}.")
    return " ".join(said)


def _notes(around: _RelatedRecords, submission: Submission | None) -> tuple[int, int]:
    """Open and closed notes left on a submission."""
    if submission is None:
        return 0, 0
    return around.notes.get((submission.pk, True), 0), around.notes.get((submission.pk, False), 0)
