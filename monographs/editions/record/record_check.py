"""Check a whole record, whatever it is read from, and note every fault."""

from collections.abc import Iterable
from datetime import datetime

from monographs.editions.record.edition_rules import (
    EDITION_RULES,
    EditionRule,
    edition_facts,
    keep_edition,
)
from monographs.editions.record.json_values import CLOCK_SKEW, GENESIS, Row, parsed, sha256, utc_time
from monographs.editions.record.ledger_rules import LEDGER_RULES
from monographs.editions.record.merkle_tree import leaf_hash, tree_root
from monographs.editions.record.publication_rules import END_RULES, PUBLICATION_RULES
from monographs.editions.record.record_index import (
    BY_EVENT,
    RECORDED,
    Entry,
    LedgerReference,
    Record,
    RecordSource,
)
from monographs.editions.record.row_rules import ROW_RULES
from monographs.editions.record.signed_note import TreeHead

ENTRY_RULES = (*LEDGER_RULES, *PUBLICATION_RULES)


class RecordCheck:
    """Checks the record of ``source``. ``now`` is the time at which it is read.

    ``edition_rules`` are further rules of editions, of the kind of source.
    """

    def __init__(
        self,
        source: RecordSource,
        record: Record,
        now: datetime,
        edition_rules: Iterable[EditionRule] = (),
    ) -> None:
        self.source, self.record, self.now = source, record, now
        self.edition_rules = (*EDITION_RULES, *edition_rules)

    def run(self, anchor: tuple[int, str] | None, kept_tree: TreeHead | None = None) -> None:
        """Check the ledger, then every table against it.

        ``anchor`` is a head kept elsewhere, ``kept_tree`` what a checkpoint says of its first entries.
        """
        self._check_ledger(anchor, kept_tree)
        self._check_tables()

    def run_pages(self) -> None:
        """Check the pages that ``source`` is limited to, once the whole ledger's chain has been followed."""
        for row in self._rows("ledger"):
            if row is not None:
                with self.record.noting(f"ledger entry {row['seq']}"):
                    self.apply_entry(row, row["seq"], utc_time(row["at"]))
        self._check_tables()

    def _check_tables(self) -> None:
        for rule in END_RULES:
            with self.record.noting("ledger"):
                for fault in rule(self.record):
                    self.record.add(fault)
        self._read_figures()
        for name in RECORDED:
            self._check_rows(name)
        for edition in sorted(set(self.record.figures) - set(self.record.editions), key=str):
            self.record.add(f"figures: name edition {edition}, which does not exist")

    def _rows(self, name: str) -> Iterable[Row | None]:
        self.record.counts[name] = 0
        for row in self.source.rows(name):
            self.record.counts[name] += 1
            yield row

    def _check_ledger(self, anchor: tuple[int, str] | None, kept_tree: TreeHead | None) -> None:
        chain = Chain(self.record, anchor, kept_tree=kept_tree)
        for row in self._rows("ledger"):
            if row is None:
                chain.skip()
                continue
            with self.record.noting(f"ledger entry {chain.seq + 1}"):
                chain.add(row)
                at = chain.time(row, self.now)
                self.apply_entry(row, chain.seq, at)
        chain.finish()

    def apply_entry(self, row: Row, seq: int, at: datetime) -> None:
        """Apply the rules of ledger entries to one of them."""
        what = f"ledger entry {seq}"
        try:
            body = parsed(row["body"])
            entry = Entry(seq, at, row["event"], row["subject"], body["actor"], body["data"])
        except (KeyError, RecursionError, TypeError, ValueError):
            self.record.add(f"{what} ({row['event']}): its body is not readable")
            return
        with self.record.noting(what):
            self._keep_entry(entry, row["body"])
        for rule in ENTRY_RULES:
            self.record.apply(what, rule(self.record, entry))

    def _keep_entry(self, entry: Entry, body: str) -> None:
        """Keep the entry of a row, which has one only, except a publication."""
        name = BY_EVENT.get(entry.event)
        if name is None:
            return
        table, entries = RECORDED[name], self.record.entries[name]
        identity = entry.data[table.identity_in_entry or table.label]
        if identity in entries and table.identity == "id":
            self.record.add(f"ledger entry {entry.seq}: records {table.label} {identity} a second time")
            return
        entries[identity] = LedgerReference(entry.seq, entry.at, entry.subject, body)

    def _read_figures(self) -> None:
        for row in self._rows("figures"):
            if row is not None:
                with self.record.noting("figures"):
                    self.record.figures[row["edition_id"]].add((row["sha256"], row["file_name"]))

    def _check_rows(self, name: str) -> None:
        table, entries = RECORDED[name], self.record.entries[name]
        for number, row in enumerate(self._rows(name), start=1):
            if row is None:
                continue
            with self.record.noting(f"{name}, row {number}"):
                what = f"{table.label} {row[table.identity]}"
                if "slug" in row:
                    what += f" ({row['slug']}/{row['number']})"
                entry = entries.pop(row[table.identity], None)
                if entry is None:
                    self.record.add(f"{what}: not in the ledger")
                    entry = LedgerReference(0, self.now, "", '{"data":{}}')
                    self._collect_unrecorded(name, row, entry)
                    continue
                self._check_row(name, what, row, entry)
        for identity in sorted(entries, key=str):
            self.record.add(f"{table.label} {identity}: in the ledger but no longer in {name}")

    def _collect_unrecorded(self, name: str, row: Row, entry: LedgerReference) -> None:
        """Let rows that belong to an unrecorded edition be compared with it all the same."""
        if name == "editions":
            keep_edition(self.record, edition_facts(self.record, row, entry, self.source))
        elif name == "withdrawals":
            self.record.withdrawals[row["id"]] = row

    def _check_row(self, name: str, what: str, row: Row, entry: LedgerReference) -> None:
        for rule in ROW_RULES[name]:
            self.record.apply(what, rule(self.record, row, entry))
        if name == "editions":
            with self.record.noting(what):
                facts = edition_facts(self.record, row, entry, self.source)
                for edition_rule in self.edition_rules:
                    self.record.apply(what, edition_rule(self.record, facts))
                keep_edition(self.record, facts)


class Chain:
    """The ledger's chain of hashes, followed entry by entry; after a fault it goes on with what it finds.

    ``head`` is that of the entry before the first one to be followed.
    """

    def __init__(
        self,
        record: Record,
        anchor: tuple[int, str] | None,
        head: tuple[int, str] = (0, GENESIS),
        kept_tree: TreeHead | None = None,
    ) -> None:
        self.record, self.anchor, self.kept_tree = record, anchor, kept_tree
        #: The leaves of the tree that was kept.
        self.leaves: list[bytes] = []
        self.seq = head[0]
        #: None if the entry before cannot be read or is missing.
        self.previous: str | None = head[1]
        self.last: datetime | None = None

    def skip(self) -> None:
        """Go on after an entry that cannot be read."""
        self.seq, self.previous = self.seq + 1, None

    def add(self, row: Row) -> None:
        """Check that ``row`` is the next entry."""
        expected, before = self.seq + 1, self.previous
        self.skip()
        if row["seq"] != expected:
            self.record.add(f"ledger entry {expected}: missing (the next one found is {row['seq']})")
            self.seq, before = max(expected, int(row["seq"])), None
        what = f"ledger entry {self.seq}"
        if before is not None and row["prev_hash"] != before:
            self.record.add(f"{what}: does not follow entry {self.seq - 1}")
        lines = (str(row["seq"]), row["at"], row["prev_hash"], row["event"], row["subject"], row["body"])
        content = "\n".join(lines).encode()
        if self.kept_tree and len(self.leaves) < self.kept_tree.size:
            self.leaves.append(leaf_hash(content))
        if sha256(content) != row["hash"]:
            self.record.add(f"{what} ({row['event']}): its content does not match its hash")
        if self.anchor and self.seq == self.anchor[0] and row["hash"] != self.anchor[1]:
            self.record.add(f"{what}: differs from the head kept elsewhere")
        self.previous = row["hash"]

    def time(self, row: Row, now: datetime) -> datetime:
        """Check that ``row`` is not earlier than the entry before, nor in the future; return its time."""
        at, last, self.last = utc_time(row["at"]), self.last, utc_time(row["at"])
        what = f"ledger entry {self.seq}: its time {row['at']} is"
        if last and at < last - CLOCK_SKEW:
            self.record.add(f"{what} before that of entry {self.seq - 1}")
        if at > now + CLOCK_SKEW:
            self.record.add(f"{what} in the future")
        return at

    def finish(self) -> None:
        """Keep the head, and check that the anchor was not cut off."""
        if self.anchor and self.anchor[0] > self.seq:
            self.record.add(f"ledger entry {self.anchor[0]}: missing (the head kept elsewhere names it)")
        if self.kept_tree and self.seq < self.kept_tree.size:
            self.record.add(f"ledger entry {self.kept_tree.size}: missing (the checkpoint has it)")
        elif self.kept_tree and tree_root(self.leaves) != self.kept_tree.root:
            self.record.add(f"ledger: its first {self.kept_tree.size} entries differ from the checkpoint")
        self.record.head = (self.seq, self.previous or "")
