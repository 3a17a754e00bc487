"""Append to the ledger and read its head. The content of an entry is decided by the code that appends it."""

import json
import uuid
from enum import StrEnum
from typing import Any

from monographs.document.canonical import canonical_json, sha256_hex
from monographs.editions.models import LedgerEntry, PageKey, iso
from monographs.editions.person import Person

#: The hash before the first entry.
GENESIS = "0" * 64


class Event(StrEnum):
    """The kinds of ledger entries; the values are stored."""

    CONTRIBUTED = "contributed"
    RETRACTED = "retracted"
    SUBMITTED = "submitted"
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


def append_entry(
    event: Event, actor: Person, data: dict[str, Any], subject: uuid.UUID | str = ""
) -> LedgerEntry:
    """Append one entry in the current transaction; the database sets its sequence number, time and hash."""
    body = canonical_json({"actor": actor.as_record(), "data": data}).decode()
    entry = LedgerEntry.objects.create(event=event.value, subject=str(subject), body=body)
    entry.refresh_from_db()
    return entry


def record_submission(
    actor: Person,
    key: PageKey,
    submission: uuid.UUID,
    *,
    sha256: str,
    steps: list[dict[str, Any]],
    **terms: Any,
) -> LedgerEntry:
    """Record which text was submitted, for which steps, with further columns of the entry in ``terms``.

    The edition must have this text and these steps; a database trigger compares them at commit.
    """
    data = {"submission": str(submission), "sha256": sha256, "steps": steps, **terms}
    return append_entry(Event.SUBMITTED, actor, data, subject=key)


def recorded_submission(key: PageKey, submission: uuid.UUID) -> tuple[str, list[dict[str, Any]]] | None:
    """Hash and steps of a submission as recorded when it was made; None if there is no entry."""
    found = _submission_entry(key, submission)
    return (found[1]["sha256"], found[1]["steps"]) if found else None


def withdrawn_since(key: PageKey, submission: uuid.UUID) -> bool:
    """Whether the page was withdrawn after ``submission`` was made, so that it has to be made anew."""
    found = _submission_entry(key, submission)
    later = LedgerEntry.objects.filter(
        subject=str(key), event=Event.WITHDRAWN, seq__gt=found[0] if found else 0
    )
    return later.exists()


def _submission_entry(key: PageKey, submission: uuid.UUID) -> tuple[int, dict[str, Any]] | None:
    """Sequence number and data of the entry that records a submission; None if there is none."""
    entries = LedgerEntry.objects.filter(subject=str(key), event=Event.SUBMITTED).order_by("seq")
    for seq, body in entries.values_list("seq", "body"):
        data = json.loads(body)["data"]
        if data["submission"] == str(submission):
            return seq, data
    return None


def head() -> tuple[int, str]:
    """Sequence number and hash of the last entry; ``(0, GENESIS)`` for an empty ledger."""
    last = LedgerEntry.objects.order_by("-seq").values_list("seq", "hash").first()
    return last or (0, GENESIS)


def entry_hash(entry: LedgerEntry) -> str:
    """The hash the database must have set for ``entry``."""
    lines = (str(entry.seq), iso(entry.at), entry.prev_hash, entry.event, entry.subject, entry.body)
    return sha256_hex("\n".join(lines).encode())


def is_intact(entry: LedgerEntry) -> bool:
    """Whether an entry has its own hash, and follows another unless it is the first."""
    return entry.hash == entry_hash(entry) and (entry.seq == 1) == (entry.prev_hash == GENESIS)
