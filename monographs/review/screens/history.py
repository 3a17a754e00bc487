"""The history of one page from the ledger, newest event first.

It is read from the ledger and not from the rows the entries refer to: the ledger holds all events in one
order, by value, and cannot be changed.
"""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count

from monographs.editions.ledger import Event
from monographs.editions.models import Edition, LedgerEntry, ReviewKind, Signature
from monographs.editions.withdrawal_reasons import REASON_TEXTS, WithdrawalReason
from monographs.presentation.moments import long_day_text, long_moment_text
from monographs.review.actions.retire import RETIREMENT
from monographs.review.actions.withdraw import STEP as WITHDRAWAL
from monographs.review.models import Note, NoteStatus, Submission

#: Events on one screen.
PER_PAGE = 25


class HistoryEvent(StrEnum):
    """The ledger events that a page's history shows.

    A publication shows as its edition or withdrawal, a contribution as a writer of the edition. Refusals are
    in the ledger only.
    """

    SUBMITTED = Event.SUBMITTED.value
    TERMS_CHANGED = Event.TERMS_CHANGED.value
    REMINDED = Event.REMINDED.value
    REVIEW_ASSIGNED = Event.REVIEW_ASSIGNED.value
    BUNDLED = Event.BUNDLED.value
    UNBUNDLED = Event.UNBUNDLED.value
    RECALLED = Event.RECALLED.value
    RETURNED = Event.RETURNED.value
    SIGNED = Event.SIGNED.value
    VOIDED = Event.VOIDED.value
    SCHEDULED = Event.SCHEDULED.value
    EDITION = Event.EDITION.value
    WITHDRAWN = Event.WITHDRAWN.value
    RETIREMENT_PROPOSED = Event.RETIREMENT_PROPOSED.value
    RETIREMENT_DECLINED = Event.RETIREMENT_DECLINED.value
    SUGGESTED = Event.SUGGESTED.value
    SUGGESTION_ACCEPTED = Event.SUGGESTION_ACCEPTED.value
    SUGGESTION_DECLINED = Event.SUGGESTION_DECLINED.value
    SUGGESTION_WITHDRAWN = Event.SUGGESTION_WITHDRAWN.value
    DRAFT_SET_ASIDE = Event.DRAFT_SET_ASIDE.value
    DRAFT_MERGED = Event.DRAFT_MERGED.value
    DRAFT_LEFT = Event.DRAFT_LEFT.value
    CONFLICT_DECLARED = Event.CONFLICT_DECLARED.value
    CONFLICT_ENDED = Event.CONFLICT_ENDED.value
    LABEL_ANSWERED = Event.LABEL_ANSWERED.value
    LABEL_FOLLOWED = Event.LABEL_FOLLOWED.value
    LABEL_UNFOLLOWED = Event.LABEL_UNFOLLOWED.value
    SOURCE_ANSWERED = Event.SOURCE_ANSWERED.value


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """One event: a sentence without its full stop, and the reason a person gave for it."""

    event: HistoryEvent
    at: datetime
    sentence: str
    reason: str = ""
    remark: str = ""
    submission: Submission | None = None
    notes: int = 0
    open_notes: int = 0
    edition: Edition | None = None
    signatures: list[Signature] = field(default_factory=list)

    @property
    def before(self) -> int:
        """The number of the edition before this one; 0 for the first edition and for other events."""
        return self.edition.number - 1 if self.edition else 0


def history(key: UUID, number: int | str | None = 1) -> "Page[HistoryItem]":
    """Return one screen of the history of the page ``key``. A fixed number of queries."""
    entries = LedgerEntry.objects.filter(subject=str(key), event__in=list(HistoryEvent)).order_by("-seq")
    page: Page[Any] = Paginator(entries, PER_PAGE).get_page(number)
    related = _RelatedRecords.of(key, [(entry, json.loads(entry.body)) for entry in page.object_list])
    page.object_list = [_item(entry, body, related) for entry, body in related.entries]
    return page


@dataclass(frozen=True, slots=True)
class _RelatedRecords:
    """The rows that the entries of one screen refer to.

    ``notes`` counts notes by submission and by whether they are open; ``signed`` has signatures by primary
    key.
    """

    entries: list[tuple[LedgerEntry, dict[str, Any]]]
    submissions: dict[str, Submission]
    notes: dict[tuple[int, bool], int]
    editions: dict[int, Edition]
    signatures: dict[str, list[Signature]]
    signed: dict[int, Signature]

    @classmethod
    def of(cls, key: UUID, entries: list[tuple[LedgerEntry, dict[str, Any]]]) -> "_RelatedRecords":
        """Query the rows. Four queries."""
        data = [body["data"] for _, body in entries]
        uuids = {each["submission"] for each in data if "submission" in each}
        submissions = Submission.objects.filter(uuid__in=uuids).defer("canonical")
        editions = Edition.objects.filter(pk__in=[each["edition"] for each in data if "number" in each])
        notes = (
            Note.objects.filter(key=key).order_by().values_list("submission", "status").annotate(Count("pk"))
        )
        note_counts: dict[tuple[int, bool], int] = {}
        for submission, status, count in notes:
            group = (submission, status == NoteStatus.OPEN)
            note_counts[group] = note_counts.get(group, 0) + count
        signatures: dict[str, list[Signature]] = {}
        for signature in Signature.objects.filter(key=key, submission__in=uuids).order_by("pk"):
            signatures.setdefault(str(signature.submission), []).append(signature)
        return cls(
            entries,
            {str(submission.uuid): submission for submission in submissions},
            note_counts,
            {edition.pk: edition for edition in editions.defer("canonical")},
            signatures,
            {signature.pk: signature for group in signatures.values() for signature in group},
        )

    def note_counts(self, submission: Submission | None) -> tuple[int, int]:
        """Return the numbers of open and of closed notes left on a submission."""
        if submission is None:
            return 0, 0
        return self.notes.get((submission.pk, True), 0), self.notes.get((submission.pk, False), 0)


def _item(entry: LedgerEntry, body: dict[str, Any], related: _RelatedRecords) -> HistoryItem:
    data, actor = body["data"], body["actor"]["name"] or body["actor"]["username"]
    event = HistoryEvent(entry.event)
    submission = related.submissions.get(data.get("submission", ""))
    details = {"submission": submission, "reason": data.get("reason", "")} | _details(event, data, related)
    return HistoryItem(event, entry.at, _sentence(event, data, actor, related), **details)


def _sentence(event: HistoryEvent, data: dict[str, Any], actor: str, related: _RelatedRecords) -> str:
    match event:
        case HistoryEvent.SUBMITTED:
            return f"Submitted by {actor}, {ReviewKind(data['review_kind']).label.lower()}"
        case HistoryEvent.SIGNED:
            return _signing_sentence(data)
        case HistoryEvent.VOIDED:
            signature = related.signed.get(data["signature"])
            return f"The signature of {signature.name if signature else 'a reviewer'} became void"
        case HistoryEvent.SCHEDULED:
            return f"Signed and scheduled: public from {_utc_text(data['publish_at'])}"
        case HistoryEvent.EDITION:
            return f"Edition {data['number']}"
        case _:
            return _BY_SOMEBODY[event].format(actor, name=data.get("name", ""))


def _signing_sentence(data: dict[str, Any]) -> str:
    signer, step = ", ".join(part for part in (data["name"], data["credentials"]) if part), data["step"]
    if step in (WITHDRAWAL, RETIREMENT):
        return f"The {step.lower()} was signed by {signer}"
    return f"Signed by {signer}, {step}"


#: Sentences that name only who did something.
_BY_SOMEBODY = {
    HistoryEvent.TERMS_CHANGED: "{} changed who is asked to review it, or by when",
    HistoryEvent.REMINDED: "{} sent a reminder",
    HistoryEvent.REVIEW_ASSIGNED: "{} changed who is asked for its next review",
    HistoryEvent.BUNDLED: "{} put it into a bundle, which is signed as one",
    HistoryEvent.UNBUNDLED: "{} took it out of a bundle",
    HistoryEvent.RETURNED: "Returned by {}",
    HistoryEvent.RECALLED: "Recalled by {}",
    HistoryEvent.WITHDRAWN: "Withdrawn by {}",
    HistoryEvent.RETIREMENT_PROPOSED: "{} proposed to retire the page",
    HistoryEvent.RETIREMENT_DECLINED: "{} decided to keep the page",
    HistoryEvent.SUGGESTED: "{} suggested other words",
    HistoryEvent.SUGGESTION_ACCEPTED: "{} accepted a suggestion",
    HistoryEvent.SUGGESTION_DECLINED: "{} declined a suggestion",
    HistoryEvent.SUGGESTION_WITHDRAWN: "{} withdrew a suggestion",
    HistoryEvent.DRAFT_SET_ASIDE: "{} set the unpublished draft aside, to correct what patients read",
    HistoryEvent.DRAFT_MERGED: "{} merged the draft set aside",
    HistoryEvent.DRAFT_LEFT: "{} left the draft set aside in the history, and did not merge it",
    HistoryEvent.CONFLICT_DECLARED: "{} declared a conflict of interest of {name}",
    HistoryEvent.CONFLICT_ENDED: "{} ended a conflict of interest",
    HistoryEvent.LABEL_ANSWERED: "{} signed that a change of the label needs no change of the page",
    HistoryEvent.LABEL_FOLLOWED: "{} let the page follow another label",
    HistoryEvent.LABEL_UNFOLLOWED: "{} ended that the page follows a label",
    HistoryEvent.SOURCE_ANSWERED: "{} answered that a source of the page is still right",
}


_OF_SUGGESTIONS = (
    HistoryEvent.SUGGESTED,
    HistoryEvent.SUGGESTION_ACCEPTED,
    HistoryEvent.SUGGESTION_DECLINED,
    HistoryEvent.SUGGESTION_WITHDRAWN,
)
_OF_LABELS = (HistoryEvent.LABEL_FOLLOWED, HistoryEvent.LABEL_UNFOLLOWED)


def _details(event: HistoryEvent, data: dict[str, Any], related: _RelatedRecords) -> dict[str, Any]:
    """Return the fields of a ``HistoryItem`` that only some events have."""
    match event:
        case HistoryEvent.SUBMITTED:
            still_open, closed = related.note_counts(related.submissions.get(data["submission"]))
            return {"remark": _terms(data), "notes": still_open + closed, "open_notes": still_open}
        case HistoryEvent.EDITION:
            edition = related.editions.get(data["edition"])
            return {"edition": edition, "signatures": related.signatures.get(data["submission"], [])}
        case HistoryEvent.TERMS_CHANGED | HistoryEvent.REMINDED:
            return {"remark": _terms_remark(data)}
        case HistoryEvent.RETIREMENT_PROPOSED:
            return {"reason": data["note"], "remark": REASON_TEXTS[WithdrawalReason(data["cause"])].label}
        case HistoryEvent.WITHDRAWN:
            return {"reason": data["note"], "remark": f"Patients read: {data['reason']}"}
        case _:
            return _remark(event, data)


def _remark(event: HistoryEvent, data: dict[str, Any]) -> dict[str, Any]:
    """Return the remark of an event about words, a label, an assignment or a bundle; others have none."""
    if event in _OF_SUGGESTIONS:
        return {"reason": data.get("answer") or data.get("reason", ""), "remark": _suggested(data)}
    if event in _OF_LABELS:
        return {"remark": f"Set id {data['set_id']}"}
    if event is HistoryEvent.SOURCE_ANSWERED:
        return {"remark": data["title"], "reason": data["reason"]}
    if event is HistoryEvent.REVIEW_ASSIGNED:
        before, now = ((data[when] or {}).get("name", "nobody in particular") for when in ("before", "after"))
        due = long_day_text(date.fromisoformat(data["due_on"]))
        return {"remark": f"Before: {before}. Now: {now}. Due {due}."}
    return {"remark": f"Bundle: {data['title']}"} if "bundle" in data else {}


def _suggested(data: dict[str, Any]) -> str:
    """Return whose suggestion it is, and what it changes."""
    old, new = data["old_words"], data["new_words"]
    change = f"“{old}” → “{new}”" if old and new else f"“{new}” added" if new else f"“{old}” deleted"
    by = f" ({data['outsider']})" if data.get("outsider") else ""
    return f"{data['author']['name']}{by}: {change}"


def _names(people: list[dict[str, Any]]) -> str:
    return ", ".join(person["name"] for person in people)


def _terms_remark(data: dict[str, Any]) -> str:
    """Return who was asked, and by when, before and after a change; or who was reminded."""
    if "before" in data:
        return f"Before: {_asked_and_due(data['before'])} Now: {_asked_and_due(data['after'])}"
    return f"To {_names(data['reviewers'])}."


def _asked_and_due(terms: dict[str, Any]) -> str:
    due = long_day_text(date.fromisoformat(terms["due_on"])) if terms["due_on"] else "no due date"
    return f"{_names(terms['reviewers']) or 'nobody in particular'}, {due}."


def _utc_text(moment: str) -> str:
    return long_moment_text(datetime.fromisoformat(moment))


def _terms(data: dict[str, Any]) -> str:
    """Return the terms of a submission: which edition it restores, when it is to be published."""
    sentences = []
    if data.get("restores"):
        sentences.append(f"Restores the text of edition {data['restores']}.")
    if data.get("publish_at"):
        sentences.append(f"To be public from {_utc_text(data['publish_at'])}.")
    return " ".join(sentences)
