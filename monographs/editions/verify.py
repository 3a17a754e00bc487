"""Verify all append-only tables and the publications against the ledger and against one another.

The rules are those of ``verify_export.py`` (``record/``); only the database can be asked whether a text is
one that this release can show. Every rule but the chain's is about one page, so a record of many pages is
checked some pages at a time (``paged_check``), in as much memory as these take.
"""

from collections.abc import Callable

from monographs.core.db_clock import database_now
from monographs.core.work_progress import NO_PROGRESS, WorkProgress
from monographs.editions.anchor import Anchor
from monographs.editions.checkpoints.kept_heads import faults_of_checkpoints, faults_of_heads
from monographs.editions.database_source import DATABASE_EDITION_RULES, DatabaseSource
from monographs.editions.paged_check import Head, PagedCheck, page_keys
from monographs.editions.record.record_check import RecordCheck
from monographs.editions.record.record_index import RECORDED, Record
from monographs.editions.repeatable_read import repeatable_read

#: Pages that are checked at a time: five editions of each take some 25 MB.
PAGES_AT_A_TIME = 200
NOTHING_KEPT = Anchor()


#: Checks of other apps' tables that the ledger covers, too. An app adds its own when it is ready; each
#: returns its faults, a sentence each.
further_checks: list[Callable[[], list[str]]] = []


class VerificationError(Exception):
    """Rows or ledger entries are not as they were written; ``faults`` names each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def verify(
    anchor: Head | None = None,
    *,
    checkpoint: Head | None = None,
    jobs: int = 1,
    progress: WorkProgress = NO_PROGRESS,
    kept: Anchor = NOTHING_KEPT,
) -> dict[str, int]:
    """Check everything, as ``check_database`` does, and return the number of checked rows of each kind.

    Raises ``VerificationError`` with all faults.
    """
    anchor = anchor or kept.last
    record = check_database(anchor, checkpoint=checkpoint, jobs=jobs, progress=progress, kept=kept)
    if record.faults:
        raise VerificationError(list(record.faults))
    counts = {"entries": record.counts["ledger"]}
    return counts | {name: record.counts[name] for name in RECORDED}


@repeatable_read()
def check_database(
    anchor: Head | None = None,
    *,
    checkpoint: Head | None = None,
    jobs: int = 1,
    pages_at_a_time: int = PAGES_AT_A_TIME,
    progress: WorkProgress = NO_PROGRESS,
    kept: Anchor = NOTHING_KEPT,
) -> Record:
    """Check everything and return the record with all faults.

    ``anchor`` is a head (sequence, hash) kept elsewhere: it must still be in the chain, so a cut tail
    or a rewritten chain is found. All is read from one snapshot, so users can go on signing.

    ``checkpoint`` is the head up to which an earlier verification found no fault: the chain is followed from
    there on, and the pages are checked that have entries since. ``jobs`` is the number of processes;
    ``progress`` is told each step. ``kept`` are further heads, and checkpoints whose tree is compared.
    """
    record, now = Record(), database_now()
    if checkpoint is None and len(page_keys(pages_at_a_time + 1)) <= pages_at_a_time:
        check = RecordCheck(DatabaseSource(), record, now, DATABASE_EDITION_RULES)
        check.run(anchor)
    else:
        PagedCheck(record, now, pages_at_a_time, jobs, progress).run(anchor, checkpoint)
    progress.step("comparing heads and checkpoints")
    for fault in faults_of_heads(head for head in kept.heads if head != anchor):
        record.add(fault)
    for fault in faults_of_checkpoints(kept.checkpoints, stored=checkpoint is None):
        record.add(fault)
    for further_check in further_checks:
        for fault in further_check():
            record.add(fault)
    return record
