"""Periodic work on the record: heads kept elsewhere, and its verification against them."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings

from monographs.core.db_clock import database_today
from monographs.core.whole_file import write_whole
from monographs.editions.anchor import Anchor, AnchorUnreadable, read_anchor
from monographs.editions.checkpoints.checkpoint import ForkRefused
from monographs.editions.checkpoints.head_copies import publish_head
from monographs.editions.checkpoints.keys import KeyMissing
from monographs.editions.ledger import head
from monographs.editions.verify import VerificationError, verify
from monographs.scheduler.job import JobFailed, periodic_job


@periodic_job(
    "ledger_head",
    every="05:30",
    title="Notes the ledger's head, in LEDGER_HEADS_FOLDER and at LEDGER_HEAD_TO",
)
def note_head() -> str:
    """Note the head: on one day in one file, each head once; signed, at ``LEDGER_HEAD_TO``."""
    seq, digest = head()
    if settings.LEDGER_HEADS_FOLDER:
        _add_line(Path(settings.LEDGER_HEADS_FOLDER) / database_today().isoformat(), f"{seq} {digest}")
    if settings.LEDGER_HEAD_TO:
        _publish()
    return f"{seq} {digest}"


def _publish() -> None:
    try:
        _, results = publish_head()
    except (ForkRefused, KeyMissing) as error:
        raise JobFailed(str(error)) from error
    if failed := [f"{result.place}: {result.problem}" for result in results if result.problem]:
        raise JobFailed("; ".join(failed))


def _add_line(file: Path, line: str) -> None:
    try:
        known = file.read_text() if file.exists() else ""
        if line not in known.splitlines():
            write_whole(file, f"{known}{line}\n".encode())  # half a line would spoil those of the whole day
    except OSError as error:
        raise JobFailed(f"{file} cannot be written: {error.strerror}") from error


@periodic_job(
    "verify_record",
    every="05:40",
    title="Verifies the whole record against the last head in LEDGER_HEADS_FOLDER",
    limit=timedelta(hours=12),
    own_process=True,
)
def verify_record() -> str:
    """Verify everything. A record of many thousand pages may be verified each week (``SCHEDULE``)."""
    try:
        counts = verify(kept=_earlier_heads())
    except AnchorUnreadable as error:
        raise JobFailed(str(error)) from error
    except VerificationError as error:
        raise JobFailed(f"{len(error.faults)} faults in the record, {error.faults[0]} first") from error
    return "no fault in " + ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())


def _earlier_heads() -> Anchor:
    """Return the heads of the last day before today that has any; none without a folder or a file."""
    if not settings.LEDGER_HEADS_FOLDER:
        return Anchor()
    today = database_today().isoformat()
    days = sorted(Path(settings.LEDGER_HEADS_FOLDER).glob("????-??-??"))
    return read_anchor(next((day for day in reversed(days) if day.name < today), None))
