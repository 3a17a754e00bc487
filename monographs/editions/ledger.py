"""Append to the ledger and read its head. The content of an entry is decided by the code that appends it."""

import json
import uuid
from enum import StrEnum
from typing import Any

from django.db.models import TextField

from monographs.core.compiled_query import CompiledQuery, Parameter, among
from monographs.document.canonical import canonical_json, sha256_hex
from monographs.editions.deferred_ledger import defer_entry, deferred_entries, write_deferred
from monographs.editions.event_log import log_after_commit
from monographs.editions.models import LedgerEntry, PageKey, iso
from monographs.editions.person import Person

#: The hash before the first entry.
GENESIS = "0" * 64


class Event(StrEnum):
    """The kinds of ledger entries; the values are stored."""

    CONTRIBUTED = "contributed"
    RETRACTED = "retracted"
    SUBMITTED = "submitted"
    TERMS_CHANGED = "terms_changed"
    REMINDED = "reminded"
    REVIEW_ASSIGNED = "review_assigned"
    BUNDLED = "bundled"
    UNBUNDLED = "unbundled"
    RECALLED = "recalled"
    RETURNED = "returned"
    CHECKED = "checked"
    SIGNED = "signed"
    VOIDED = "voided"
    SCHEDULED = "scheduled"
    EDITION = "edition"
    PUBLICATION = "publication"
    WITHDRAWN = "withdrawn"
    RETIREMENT_PROPOSED = "retirement_proposed"
    RETIREMENT_DECLINED = "retirement_declined"
    NOTED = "noted"
    NOTE_ANSWERED = "note_answered"
    NOTE_RESOLVED = "note_resolved"
    NOTE_WITHDRAWN = "note_withdrawn"
    NOTE_REOPENED = "note_reopened"
    SUGGESTED = "suggested"
    SUGGESTION_ACCEPTED = "suggestion_accepted"
    SUGGESTION_DECLINED = "suggestion_declined"
    SUGGESTION_WITHDRAWN = "suggestion_withdrawn"
    SUGGESTION_EXEMPTION = "suggestion_exemption"
    DRAFT_SET_ASIDE = "draft_set_aside"
    DRAFT_MERGED = "draft_merged"
    DRAFT_LEFT = "draft_left"
    REFUSED = "refused"
    MEMBERSHIP = "membership"
    PERMISSION = "permission"
    CREDENTIALS = "credentials"
    ACCOUNT = "account"
    LOCKED_OUT = "locked_out"
    WORKFLOW_PROPOSED = "workflow_proposed"
    WORKFLOW_CONFIRMED = "workflow_confirmed"
    WORKFLOW_DECLINED = "workflow_declined"
    SIGNING_HOLD = "signing_hold"
    LABEL_STORED = "label_stored"
    LABEL_ANSWERED = "label_answered"
    LABEL_FOLLOWED = "label_followed"
    LABEL_UNFOLLOWED = "label_unfollowed"
    SOURCE_ANSWERED = "source_answered"
    SENTENCE_ASKED = "sentence_asked"
    SENTENCE = "sentence"
    OUTSIDE_LINK_MADE = "outside_link_made"
    OUTSIDE_LINK_REVOKED = "outside_link_revoked"
    HANDED_OVER = "handed_over"
    CONFLICT_DECLARED = "conflict_declared"
    CONFLICT_ENDED = "conflict_ended"


def append_entry(event: Event, actor: Person, data: dict[str, Any], subject: uuid.UUID | str = "") -> None:
    """Append one entry in the current transaction; the database sets its sequence number, time and hash.

    In a block of ``deferred_ledger`` it is stored when the block ends.
    """
    entry = _entry(event, actor, data, subject)
    if not defer_entry(entry):
        entry.save(force_insert=True)


def append_entry_now(
    event: Event, actor: Person, data: dict[str, Any], subject: uuid.UUID | str = ""
) -> LedgerEntry:
    """As ``append_entry``, but store and return the entry at once, after those that wait."""
    write_deferred()
    entry = _entry(event, actor, data, subject)
    entry.save(force_insert=True)
    return entry


def _entry(event: Event, actor: Person, data: dict[str, Any], subject: uuid.UUID | str) -> LedgerEntry:
    body = canonical_json({"actor": actor.as_record(), "data": data}).decode()
    entry = LedgerEntry(event=event.value, subject=str(subject), body=body)
    log_after_commit(entry)
    return entry


def record_submission(
    actor: Person,
    key: PageKey,
    submission: uuid.UUID,
    *,
    sha256: str,
    steps: list[dict[str, Any]],
    **terms: Any,
) -> None:
    """Record which text was submitted, for which steps, with further columns of the entry in ``terms``.

    The edition must have this text and these steps; a database trigger compares them at commit.
    """
    data = {"submission": str(submission), "sha256": sha256, "steps": steps, **terms}
    append_entry(Event.SUBMITTED, actor, data, subject=key)


def recorded_submission(key: PageKey, submission: uuid.UUID) -> tuple[str, list[dict[str, Any]]] | None:
    """Hash and steps of a submission as recorded when it was made; None if there is no entry."""
    data = next((data for _, data in _submitted(key) if data["submission"] == str(submission)), None)
    return (data["sha256"], data["steps"]) if data else None


def ended_by(key: PageKey, submission: uuid.UUID) -> Event | None:
    """What ended ``submission``, so that it has to be made anew; None if nothing did.

    A withdrawal of its page, or that a signature of it was voided, because it was returned or recalled.
    """
    entries = _submitted(key, Event.WITHDRAWN, Event.VOIDED)
    made = next((n for n, (_, data) in enumerate(entries) if data.get("submission") == str(submission)), -1)
    for event, data in entries[made + 1 :]:
        if event == Event.WITHDRAWN or (event == Event.VOIDED and data.get("submission") == str(submission)):
            return Event(event)
    return None


_ENTRIES: CompiledQuery[tuple[str, str]] = CompiledQuery(
    lambda: (
        LedgerEntry.objects.filter(
            among("event", Parameter("events", TextField())), subject=Parameter("subject", TextField())
        )
        .order_by("seq")
        .values_list("event", "body")
    )
)


def _submitted(key: PageKey, *others: Event) -> list[tuple[str, dict[str, Any]]]:
    """Event and data of the entries of a page's submissions, and of ``others``, in order. One query."""
    events = (Event.SUBMITTED, *others)
    if any(entry.subject == str(key) and entry.event in events for entry in deferred_entries()):
        write_deferred()
    rows = _ENTRIES.rows(subject=str(key), events=[event.value for event in events])
    return [(event, json.loads(body)["data"]) for event, body in rows]


def head() -> tuple[int, str]:
    """Sequence number and hash of the last entry; ``(0, GENESIS)`` for an empty ledger."""
    write_deferred()
    last = LedgerEntry.objects.order_by("-seq").values_list("seq", "hash").first()
    return last or (0, GENESIS)


def entry_bytes(entry: LedgerEntry) -> bytes:
    """What an entry's hash, and its leaf in the tree of a checkpoint, are made of."""
    lines = (str(entry.seq), iso(entry.at), entry.prev_hash, entry.event, entry.subject, entry.body)
    return "\n".join(lines).encode()


def entry_hash(entry: LedgerEntry) -> str:
    """The hash the database must have set for ``entry``."""
    return sha256_hex(entry_bytes(entry))


def is_intact(entry: LedgerEntry) -> bool:
    """Whether an entry has its own hash, and follows another unless it is the first."""
    return entry.hash == entry_hash(entry) and (entry.seq == 1) == (entry.prev_hash == GENESIS)
