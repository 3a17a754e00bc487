"""Writing the ledger and reading its head. What an entry means is decided where it happens."""

import uuid
from enum import StrEnum
from typing import Any

from monographs.document.canonical import canonical_json, sha256_hex
from monographs.editions.models import LedgerEntry, iso
from monographs.editions.people import Person

#: The hash before the first entry.
GENESIS = "0" * 64


class Event(StrEnum):
    """Everything the ledger tells of."""

    CONTRIBUTED = "contributed"
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


def record(event: Event, actor: Person, data: dict[str, Any], subject: uuid.UUID | str = "") -> LedgerEntry:
    """Append one entry in the current transaction; the database sets its place, time and hash."""
    body = canonical_json({"actor": actor.as_record(), "data": data}).decode()
    entry = LedgerEntry.objects.create(event=event.value, subject=str(subject), body=body)
    entry.refresh_from_db()
    return entry


def head() -> tuple[int, str]:
    """Sequence number and hash of the last entry; ``(0, GENESIS)`` for an empty ledger."""
    last = LedgerEntry.objects.order_by("-seq").values_list("seq", "hash").first()
    return last or (0, GENESIS)


def entry_hash(entry: LedgerEntry) -> str:
    """The hash the database must have set for ``entry``."""
    lines = (str(entry.seq), iso(entry.at), entry.prev_hash, entry.event, entry.subject, entry.body)
    return sha256_hex("\n".join(lines).encode())
