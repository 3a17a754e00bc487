"""Verification of a record some pages at a time: in constant memory, by several processes, from a checkpoint.

One pass follows the ledger's chain and keeps what rules compare across pages: a few dozen bytes for each
page. Then pages are checked in groups, each with all of its entries and rows.
"""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, connections
from django.db.models import Exists, OuterRef, Q
from psycopg import sql

from monographs.core.work_progress import WorkProgress
from monographs.editions.checkpoints.entry_tree import ledger_size
from monographs.editions.database_source import DATABASE_EDITION_RULES, DatabaseSource
from monographs.editions.export.record_tables import TABLES
from monographs.editions.models import Edition, EditionFigure, LedgerEntry
from monographs.editions.record.hold_rules import hold_is_kept
from monographs.editions.record.json_values import Row, parsed, utc_time
from monographs.editions.record.record_check import Chain, RecordCheck
from monographs.editions.record.record_index import BY_EVENT, RECORDED, Entry, Record, RecordedHold
from monographs.editions.record.text_facts import STANDARD_TEXT

#: A ledger entry's sequence number and hash.
Head = tuple[int, str]
#: Events of pages; their entries are checked with the rows of the page that is their subject.
PAGE_EVENTS = frozenset({*BY_EVENT, "submitted", "checked", "voided"})
LEDGER = next(table for table in TABLES if table.name == "ledger")
KEYED_TABLES = [table for table in TABLES if table.name not in ("ledger", "figures")]


#: Events that the rules of other pages need to know of.
ACROSS_EVENTS = frozenset("publication signed voided withdrawn signing_hold".split())


@dataclass(frozen=True)
class OtherPagesFacts:
    """Facts of all other pages that the rules of one page depend on.

    ``withdrawn_numbers`` are those of standard texts.
    """

    stated_since: int = 0
    voided: set[int] = field(default_factory=set)
    withdrawn_numbers: dict[str, set[tuple[int, int]]] = field(default_factory=dict)
    holds: dict[int, list[RecordedHold]] = field(default_factory=dict)


@dataclass(frozen=True)
class PagesResult:
    """The faults of some pages, and the number of their rows by table."""

    faults: list[str]
    counts: dict[str, int]


def page_keys(at_most: int | None = None) -> set[str]:
    """The keys of all pages that have a row of the record; with ``at_most``, so many of each table."""
    keys: set[str] = set()
    for table in KEYED_TABLES:
        found = table.model._default_manager.order_by().values_list("key", flat=True).distinct()
        keys.update(str(key) for key in found[:at_most].iterator())
    return keys


def check_some(keys: list[str], now: datetime, across: OtherPagesFacts) -> PagesResult:
    """Check the pages ``keys``."""
    record = Record()
    record.stated_since, record.voided = across.stated_since, set(across.voided)
    record.holds.update(across.holds)
    for key, found in across.withdrawn_numbers.items():
        record.withdrawn_numbers[key] |= found
    RecordCheck(DatabaseSource(keys), record, now, DATABASE_EDITION_RULES).run_pages()
    return PagesResult(list(record.faults), record.counts)


class PagedCheck:
    """A check of a whole record, noted in ``record``."""

    def __init__(
        self, record: Record, now: datetime, pages_at_a_time: int, jobs: int, progress: WorkProgress
    ) -> None:
        self.record, self.now = record, now
        self.pages_at_a_time, self.jobs, self.progress = pages_at_a_time, jobs, progress
        self.keys: set[str] = set()
        self.paths: dict[str, str] = {}
        self.stated_since = 0
        self.voided: set[int] = set()
        #: Page, ledger entry and edition of each withdrawal.
        self.withdrawals: list[tuple[str, int, int]] = []

    def run(self, anchor: Head | None, checkpoint: Head | None) -> None:
        """Check the ledger's chain, then all pages, or those with entries since ``checkpoint``."""
        self.record.counts = {"ledger": 0, "figures": 0, **dict.fromkeys(RECORDED, 0)}
        if checkpoint is None:
            self.keys = page_keys()
        elif self._check_head(checkpoint, "the checkpoint"):
            if anchor and anchor[0] <= checkpoint[0]:
                self._check_head(anchor, "the head kept elsewhere")
            self._read_before(checkpoint)
            self._compare_numbers()
        else:
            return
        self._follow(anchor, checkpoint)
        edition_of = Edition.objects.filter(pk=OuterRef("edition_id"))
        strays = EditionFigure.objects.filter(~Exists(edition_of)).values_list("edition_id", flat=True)
        for edition in sorted(set(strays)):
            self.record.add(f"figures: name edition {edition}, which does not exist")
        self._check_pages()

    def _check_head(self, head: Head, what: str) -> bool:
        """Note a fault unless the ledger has the entry that ``head`` names."""
        seq, digest = head
        found = LedgerEntry.objects.filter(seq=seq).values_list("hash", flat=True).first()
        if found is None:
            self.record.add(f"ledger entry {seq}: missing ({what} names it)")
        elif found != digest:
            self.record.add(f"ledger entry {seq}: differs from {what}")
        return found == digest

    def _read_before(self, checkpoint: Head) -> None:
        """Read what rules compare across pages from the entries up to ``checkpoint``."""
        needed = Q(event__in=ACROSS_EVENTS - {"signed"}) | Q(
            event="signed", body__contains="statement_sha256"
        )
        for row in LEDGER.rows(needed & Q(seq__lte=checkpoint[0])):
            with self.record.noting(f"ledger entry {row['seq']}"):
                self._keep(row, row["seq"])
        self.keys.clear()

    def _compare_numbers(self) -> None:
        """Note a fault for each table that has more or fewer rows than the ledger records."""
        for name, table in RECORDED.items():
            rows = next(t for t in KEYED_TABLES if t.name == name).model._default_manager.count()
            entries = LedgerEntry.objects.filter(event=table.event)
            recorded = len(self._recorded_paths()) if name == "publications" else entries.count()
            if rows != recorded:
                self.record.add(f"{name}: {rows} rows, but the ledger records {recorded}")

    def _recorded_paths(self) -> set[str]:
        bodies = LedgerEntry.objects.filter(event="publication").values_list("body", flat=True)
        return {parsed(body)["data"]["path"] for body in bodies.iterator()}

    def _follow(self, anchor: Head | None, checkpoint: Head | None) -> None:
        """Follow the chain to its end, and note which pages it is about."""
        chain = Chain(self.record, anchor, checkpoint) if checkpoint else Chain(self.record, anchor)
        self.progress.step("following the ledger", ledger_size() - chain.seq, "entries")
        for row in LEDGER.rows(Q(seq__gt=chain.seq)):
            self.progress.advance()
            self.record.counts["ledger"] += 1
            with self.record.noting(f"ledger entry {chain.seq + 1}"):
                chain.add(row)
                chain.time(row, self.now)
                self._keep(row, chain.seq)
        chain.finish()

    def _keep(self, row: Row, seq: int) -> None:
        """Keep what rules compare across pages; an entry of no page only has to be readable."""
        event, subject = row["event"], row["subject"]
        if event in PAGE_EVENTS:
            self.keys.add(subject)
        if subject in self.keys and event not in ACROSS_EVENTS:
            return  # its page's rules read it
        try:
            body = parsed(row["body"])
            entry = Entry(seq, utc_time(row["at"]), event, subject, body["actor"], body["data"])
        except (KeyError, RecursionError, TypeError, ValueError):
            if subject not in self.keys:
                self.record.add(f"ledger entry {seq} ({event}): its body is not readable")
            return
        self._keep_across(entry)

    def _keep_across(self, entry: Entry) -> None:
        """Keep what rules of other pages need of an entry."""
        data = entry.data
        match entry.event:
            case "signed" if data.get("statement_sha256"):
                self.stated_since = self.stated_since or entry.seq
            case "voided":
                self.voided.add(data["signature"])
            case "withdrawn":
                self.withdrawals.append((entry.subject, entry.seq, data["edition"]))
            case "signing_hold":
                self.record.apply(f"ledger entry {entry.seq}", hold_is_kept(self.record, entry))
            case "publication" if self.paths.setdefault(data["path"], data["key"]) != data["key"]:
                self.record.add(
                    f"ledger entry {entry.seq}: publication {data['path']} was another page's path"
                )

    def _check_pages(self) -> None:
        """Check the pages in groups, and add up what was found."""
        keys, size = sorted(self.keys), self.pages_at_a_time
        groups = [keys[start : start + size] for start in range(0, len(keys), size)]
        across = OtherPagesFacts(
            self.stated_since, self.voided, self._withdrawn_numbers(), dict(self.record.holds)
        )
        self.progress.step("checking pages", len(keys), "pages")
        for group, result in zip(groups, self._results(groups, across), strict=True):
            for fault in result.faults:
                self.record.add(fault)
            for name in (*RECORDED, "figures"):
                self.record.counts[name] += result.counts.get(name, 0)
            self.progress.advance(len(group))

    def _withdrawn_numbers(self) -> dict[str, set[tuple[int, int]]]:
        """Which editions of standard texts were withdrawn, as ``Record.withdrawn_numbers``."""
        editions = Edition.objects.filter(pk__in={pk for _, _, pk in self.withdrawals}, kind=STANDARD_TEXT)
        numbers = dict(editions.values_list("pk", "number"))
        found: dict[str, set[tuple[int, int]]] = {}
        for key, seq, pk in self.withdrawals:
            if pk in numbers:
                found.setdefault(key, set()).add((seq, numbers[pk]))
        return found

    def _results(self, groups: list[list[str]], across: OtherPagesFacts) -> Iterator[PagesResult]:
        if 1 in (self.jobs, len(groups)):
            yield from (check_some(group, self.now, across) for group in groups)
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
        # Forked processes have the application loaded; each opens a connection of its own
        with ProcessPoolExecutor(
            self.jobs, multiprocessing.get_context("fork"), _use_snapshot, (snapshot,)
        ) as pool:
            yield from pool.map(check_some, groups, [self.now] * len(groups), [across] * len(groups))


def _use_snapshot(snapshot: str) -> None:
    """Open a connection in this process that sees what the process sees that exported ``snapshot``.

    PostgreSQL 15, section 9.27.5 (Snapshot Synchronization).
    """
    del connections["default"]  # the parent's; psycopg closes it in the process only that opened it
    connection.set_autocommit(False)
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(snapshot)))
