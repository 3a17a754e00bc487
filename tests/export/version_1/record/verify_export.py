#!/usr/bin/env python3
"""Check an exported record on a machine that has Python 3.11 or later and nothing else.

    python verify_export.py [FOLDER] [--anchor FILE | --anchor "SEQUENCE HASH"]

FOLDER is the export, by default the folder of this file. Prints "OK …" and exits with status 0, or prints
"FAULT …", which names the first thing that is not as it was written, and exits with status 1. Wrong
arguments exit with status 2.

A chain of hashes cannot show that its end was cut off, or that all of it was rewritten. Both are found
with --anchor and a head that was kept elsewhere ("SEQUENCE HASH", as `ledger head` prints it).
"""

import argparse
import hashlib
import html
import json
import os
import re
import sys
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

FORMAT = 1
GENESIS = "0" * 64
#: Allowed difference between two servers' clocks; as in Kerberos (RFC 4120, section 8.2).
CLOCK_SKEW = timedelta(minutes=5)
MANIFEST = "manifest.json"
#: File names of an export; none can lead out of the folder.
FILE_NAME = re.compile(r"(?:(?:editions|figures)/)?[A-Za-z0-9_-][A-Za-z0-9_.-]*", re.ASCII)
PAGE_LINK = re.compile(r'<a data-page="([0-9a-f-]{36})">')
TAG = re.compile(r"<[^>]*>")
#: Fields of a text that are not shown on its page, and fields shown in an HTML attribute only.
HIDDEN_FIELDS = frozenset(
    "collection condition date_seen frequency group key kind language media_type page sha256 slug type "
    "urgency".split()
)
ATTRIBUTE_FIELDS = frozenset({"alt", "address"})

Row = dict[str, Any]


class ExportFault(Exception):
    """Part of the export is not as it was written; the message names it."""


class TableSpec(NamedTuple):
    """How ledger entries correspond to the rows of one file."""

    label: str  # names a row in a fault
    event: str
    identity: str = "id"
    identity_in_entry: str = ""  # by default the label
    not_in_entry: frozenset[str] = frozenset()  # columns that the entry leaves out
    only_in_entry: frozenset[str] = frozenset()  # fields of the entry that are no column


TABLES = {
    "contributions": TableSpec("contribution", "contributed"),
    "signatures": TableSpec("signature", "signed"),
    "editions": TableSpec("edition", "edition", not_in_entry=frozenset({"canonical"})),
    "withdrawals": TableSpec("withdrawal", "withdrawn", not_in_entry=frozenset({"canonical"})),
    "publications": TableSpec(
        "publication",
        "publication",
        identity="path",
        identity_in_entry="path",
        not_in_entry=frozenset({"flipped_at"}),
        only_in_entry=frozenset({"number", "sha256"}),
    ),
}
BY_EVENT = {table.event: name for name, table in TABLES.items()}
#: Columns with another name in ledger entries.
NAMES_IN_ENTRY = {"edition_id": "edition", "withdrawal_id": "withdrawal"}
ROOT = {*(f"{name}.jsonl" for name in (*TABLES, "figures", "ledger")), "index.html", "verify_export.py"}


class LedgerReference(NamedTuple):
    """Sequence number and time of a row's ledger entry, and its byte offset in ``ledger.jsonl``."""

    seq: int
    at: datetime
    offset: int


class KnownEdition(NamedTuple):
    """The part of an edition that publications and later editions are compared with."""

    row: Row
    dates: tuple[str, str]


@contextmanager
def faults_of(what: str) -> Iterator[None]:
    """Turn errors of reading or parsing ``what`` into ``ExportFault``."""
    try:
        yield
    except OSError as error:
        raise ExportFault(f"{what}: cannot be read ({error.strerror})") from error
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise ExportFault(f"{what}: not as an export writes it ({type(error).__name__}: {error})") from error


def parsed(text: str | bytes) -> Any:
    """The value of JSON text. Raises ``ValueError`` for text that two parsers could read differently."""

    def unique_names(pairs: list[tuple[str, Any]]) -> Row:
        value = dict(pairs)
        if len(value) != len(pairs):
            raise ValueError("a name occurs twice")
        return value

    def refuse(word: str) -> Any:
        raise ValueError(f"{word} is not a whole number")

    text = text.decode("utf-8") if isinstance(text, bytes) else text
    return json.loads(text, object_pairs_hook=unique_names, parse_constant=refuse, parse_float=refuse)


def canonical(value: Any) -> str:
    """RFC 8785 text of a value without fractions: names sorted by UTF-16 code units, no spaces."""

    def ordered(part: Any) -> Any:
        if isinstance(part, dict):
            return {k: ordered(part[k]) for k in sorted(part, key=lambda name: name.encode("utf-16-be"))}
        return [ordered(item) for item in part] if isinstance(part, list) else part

    return json.dumps(ordered(value), ensure_ascii=False, separators=(",", ":"))


def sha256(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def utc_time(text: str) -> datetime:
    """A time of the record. Raises ``ValueError`` unless it is UTC."""
    value = datetime.fromisoformat(text)
    if value.utcoffset() != timedelta(0):
        raise ValueError(f"{text} is not UTC")
    return value


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


# --- What follows from a text -----------------------------------------------------------------------


def parts_of(document: Row) -> Iterator[Row]:
    """Every part of a text, including those nested in parts for one condition."""
    lists = [s["parts"] for s in document["sections"]] if "sections" in document else [document["body"]]
    for part in (part for parts in lists for part in parts):
        yield part
        if part["kind"] == "for_condition":
            yield from part["parts"]


def path_of(document: Row) -> str:
    """The public path of a text."""
    folders = {
        "monograph": "medicines",
        "drug_class": "classes",
        "condition": "conditions",
        "information": "about",
    }
    match document["kind"]:
        case "home":
            return "/"
        case "index":
            return f"/{document['collection']}/"
        case kind:
            return f"/{folders[kind]}/{document['slug']}/"


def linked_keys(document: Row) -> list[str]:
    """The keys of all pages a text links to."""
    keys = {reference["key"] for reference in document.get("conditions", [])}
    if document.get("drug_class"):
        keys.add(document["drug_class"]["key"])
    for part in parts_of(document):
        keys.update(PAGE_LINK.findall(part.get("html", "")))
        if part["kind"] == "companions":
            keys.update(item["page"] for item in part["items"] if item["page"])
        elif part["kind"] == "for_condition":
            keys.add(part["condition"])
    return sorted(keys)


def edition_columns(document: Row) -> Row:
    """The columns of an edition that repeat its text."""
    same = ("key", "kind", "slug", "title", "summary", "change_note")
    return {
        **{name: document[name] for name in same},
        "path": path_of(document),
        "linked_keys": linked_keys(document),
        "brand_names": document.get("brand_names", []),
        "class_key": (document.get("drug_class") or {}).get("key"),
        "condition_keys": [reference["key"] for reference in document.get("conditions", [])],
    }


def figures_of(document: Row) -> set[tuple[str, str]]:
    """Hash and file name of every figure of a text."""
    figures = (part for part in parts_of(document) if part["kind"] == "figure")
    return {(f["sha256"], f"{f['sha256']}.{f['media_type'].removeprefix('image/')}") for f in figures}


def words_of(value: Any, name: str = "") -> Iterator[tuple[str, bool]]:
    """Every string of a text that its page shows, and whether it is in an HTML attribute."""
    if isinstance(value, dict):
        for inner, item in value.items():
            yield from words_of(item, inner)
    elif isinstance(value, list):
        for item in value:
            yield from words_of(item, name)
    elif isinstance(value, str) and name not in HIDDEN_FIELDS:
        yield (html.unescape(TAG.sub("", value)) if name == "html" else value), name in ATTRIBUTE_FIELDS


# --- Checks -----------------------------------------------------------------------------------------


class Export:
    """One export being checked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[str, Row] = {}
        self.manifest: Row = {}
        self.entries: dict[str, dict[Any, LedgerReference]] = {name: {} for name in TABLES}
        self.counts: dict[str, int] = {}
        self.head = (0, GENESIS)
        self.contributors: dict[tuple[str, int], list[Row]] = defaultdict(list)
        self.signatures: dict[tuple[str, str], list[tuple[Row, int]]] = defaultdict(list)
        self.figures: dict[int, set[tuple[str, str]]] = defaultdict(set)
        self.editions: dict[int, KnownEdition] = {}
        self.newest: dict[str, KnownEdition] = {}
        self.texts: dict[tuple[str, int], str] = {}
        self.voided: set[int] = set()
        #: Hash and steps of each submission, as recorded when it was made.
        self.submitted: dict[str, tuple[str, str]] = {}
        #: Statements the signers of a submission must tick; and those each signer ticked, by entry.
        self.checklists: dict[str, list[str]] = {}
        self.checked: dict[tuple[str, str, int], tuple[int, list[str]]] = {}
        self.submissions: set[str] = set()
        self.homonyms: set[str] = set()
        self.pages: set[str] = set()
        self.current: set[str] = set()
        self.withdrawals: dict[int, Row] = {}

    def check(self, anchor: tuple[int, str] | None) -> None:
        """Check everything. Raises ``ExportFault`` at the first fault."""
        self.check_files()
        self.check_ledger(anchor)
        self.read_figures()
        self.check_rows("contributions", self.check_contribution)
        self.check_rows("signatures", self.check_signature)
        self.check_rows("editions", self.check_edition)
        self.check_no_other_files()
        self.check_rows("withdrawals", self.check_withdrawal)
        self.check_rows("publications", self.check_publication)
        found = {"counts": self.counts, "head": {"seq": self.head[0], "hash": self.head[1]}}
        for name, value in found.items():
            if self.manifest.get(name) != value:
                raise ExportFault(f"{MANIFEST}: its “{name}” differs from the record")

    def check_files(self) -> None:
        """Check that the folder holds the files its manifest lists, and no others."""
        found = set(self._file_names(self.folder, ""))
        if MANIFEST not in found:
            raise ExportFault(f"{MANIFEST}: missing")
        with faults_of(MANIFEST):
            self.manifest = parsed((self.folder / MANIFEST).read_bytes())
            if self.manifest["format"] != FORMAT:
                raise ExportFault(
                    f"{MANIFEST}: has format {self.manifest['format']}, this program reads {FORMAT}"
                )
            self.files = dict(self.manifest["files"])
        for name in sorted(self.files):
            if not FILE_NAME.fullmatch(name) or ("/" not in name and name not in ROOT):
                raise ExportFault(f"{MANIFEST}: lists {name!r}, which is not part of an export")
        for name in sorted(found - {MANIFEST} - set(self.files)):
            raise ExportFault(f"{name}: not in the manifest")
        for name in sorted((ROOT | set(self.files)) - found):
            raise ExportFault(f"{name}: missing")
        self.check_hashes()

    def check_hashes(self) -> None:
        """Check size and hash of every file."""
        for name, facts in sorted(self.files.items()):
            with faults_of(name), (self.folder / name).open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
                if (stream.tell(), digest) != (facts["size"], facts["sha256"]):
                    raise ExportFault(f"{name}: does not match its hash in the manifest")

    def _file_names(self, folder: Path, prefix: str) -> Iterator[str]:
        with faults_of(prefix or str(folder)), os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                name = prefix + entry.name
                if entry.is_symlink() or not (entry.is_file() or entry.is_dir()):
                    raise ExportFault(f"{name}: not a file or a folder but a link or a device")
                if entry.is_dir():
                    yield from self._file_names(folder / entry.name, f"{name}/")
                else:
                    yield name

    def rows(self, name: str) -> Iterator[tuple[Row, int]]:
        """Yield the rows of a file with the byte offsets of their lines, and count them."""
        self.counts[name] = offset = 0
        with (self.folder / f"{name}.jsonl").open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                with faults_of(f"{name}.jsonl, line {number}"):
                    row = parsed(line)
                    if not isinstance(row, dict) or not line.endswith(b"\n"):
                        raise ValueError("not one object on one line")
                yield row, offset
                self.counts[name] = number
                offset += len(line)

    def check_ledger(self, anchor: tuple[int, str] | None) -> None:
        """Check that the chain is complete, and that no row has two entries."""
        previous, last = self.head, datetime.fromisoformat("0001-01-01T00:00:00Z") + CLOCK_SKEW
        for row, offset in self.rows("ledger"):
            seq = previous[0] + 1
            with faults_of(f"ledger entry {seq}"):
                if row["seq"] != seq:
                    raise ExportFault(f"ledger entry {seq}: missing (the next one found is {row['seq']})")
                if row["prev_hash"] != previous[1]:
                    raise ExportFault(f"ledger entry {seq}: does not follow entry {seq - 1}")
                lines = (str(seq), row["at"], row["prev_hash"], row["event"], row["subject"], row["body"])
                if sha256("\n".join(lines).encode()) != row["hash"]:
                    raise ExportFault(
                        f"ledger entry {seq} ({row['event']}): its content does not match its hash"
                    )
                if anchor and seq == anchor[0] and row["hash"] != anchor[1]:
                    raise ExportFault(f"ledger entry {seq}: differs from the head kept elsewhere")
                at = utc_time(row["at"])
                if at < last - CLOCK_SKEW:
                    raise ExportFault(
                        f"ledger entry {seq}: its time {row['at']} is before that of entry {seq - 1}"
                    )
                self._index_entry(row, LedgerReference(seq, at, offset))
            previous, last = (seq, row["hash"]), at
        if anchor and anchor[0] > previous[0]:
            raise ExportFault(f"ledger entry {anchor[0]}: missing (the head kept elsewhere names it)")
        self.head = previous

    def _index_entry(self, row: Row, entry: LedgerReference) -> None:
        data = parsed(row["body"])["data"]
        match row["event"]:
            case "voided":
                self.voided.add(data["signature"])
            case "submitted":
                self.submitted.setdefault(data["submission"], (data["sha256"], canonical(data["steps"])))
                if "checklist" in data:
                    self.checklists.setdefault(data["submission"], data["checklist"])
            case "checked":
                signer = parsed(row["body"])["actor"]["id"]
                self.checked[data["submission"], data["sha256"], signer] = (entry.seq, data["statements"])
        name = BY_EVENT.get(row["event"])
        if name is None:
            return
        table = TABLES[name]
        identity = data[table.identity_in_entry or table.label]
        if identity in self.entries[name] and table.identity == "id":
            raise ExportFault(f"ledger entry {entry.seq}: records {table.label} {identity} a second time")
        self.entries[name][identity] = entry

    def _read_entry(self, entry: LedgerReference) -> tuple[Row, Row]:
        with (self.folder / "ledger.jsonl").open("rb") as lines:
            lines.seek(entry.offset)
            row = parsed(lines.readline())
        return row, parsed(row["body"])

    def check_rows(self, name: str, check: Callable[[str, Row, LedgerReference, Row], None]) -> None:
        """Check that every row equals its ledger entry, and call ``check`` with both."""
        table, entries = TABLES[name], self.entries[name]
        for number, (row, _) in enumerate(self.rows(name), start=1):
            what = f"{name}.jsonl, line {number}"
            with faults_of(what):
                what = f"{table.label} {row[table.identity]}"
                if "slug" in row:
                    what += f" ({row['slug']}/{row['number']})"
                entry = entries.pop(row[table.identity], None)
                if entry is None:
                    raise ExportFault(f"{what}: not in the ledger")
                check(what, row, entry, self._matching_data(what, table, row, entry))
        for identity in entries:
            raise ExportFault(f"{table.label} {identity}: in the ledger but no longer in {name}.jsonl")

    def _matching_data(self, what: str, table: TableSpec, row: Row, entry: LedgerReference) -> Row:
        """The data of a row's ledger entry, after comparing it with the row."""
        ledger_row, body = self._read_entry(entry)
        if ledger_row["subject"] != row["key"]:
            raise ExportFault(f"{what}: ledger entry {entry.seq} is of another page")
        compare(what, table, row, entry, body["data"])
        actor = (body["actor"]["id"], body["actor"]["username"])
        if table.event == "signed" and actor != (row["user_id"], row["username"]):
            raise ExportFault(f"{what}: ledger entry {entry.seq} is by {actor[1]}")
        return body["data"]

    def check_contribution(self, what: str, row: Row, entry: LedgerReference, data: Row) -> None:
        """Check the time of a contribution and collect its contributor."""
        if utc_time(row["at"]) > entry.at + CLOCK_SKEW:
            raise ExportFault(f"{what}: its time {row['at']} is after that of ledger entry {entry.seq}")
        person = {"id": row["user_id"], "username": row["username"]}
        self.contributors[row["key"], row["after_edition"]].append(person)

    def check_signature(self, what: str, row: Row, entry: LedgerReference, data: Row) -> None:
        """Check time and checklist of a signature and collect it."""
        check_time(what, "signed_at", row["signed_at"], entry.at)
        required = self.checklists.get(row["submission"])
        if required is not None:
            signer = (row["submission"], row["sha256"], row["user_id"])
            seq, ticked = self.checked.get(signer, (entry.seq, []))
            if seq >= entry.seq:
                raise ExportFault(f"{what}: the ledger has no earlier “checked” entry")
            if missing := [statement for statement in required if statement not in ticked]:
                raise ExportFault(f"{what}: signed without “{missing[0]}” ticked")
        self.signatures[row["submission"], row["sha256"]].append((row, entry.seq))

    def check_edition(self, what: str, row: Row, entry: LedgerReference, data: Row) -> None:
        """Check an edition's text, signatures, dates, figures and page."""
        document = self._text(what, row)
        before = self.newest.get(row["key"])
        if row["number"] != (before.row["number"] if before else 0) + 1:
            raise ExportFault(f"{what}: an earlier number is missing")
        check_time(what, "created_at", row["created_at"], entry.at)
        signed = self._signed(what, row, entry)
        self._dates(what, row, document, before, signed)
        self.texts[row["key"], row["number"]] = row["sha256"]
        if row["restores"] is not None and self.texts.get((row["key"], row["restores"])) != row["sha256"]:
            raise ExportFault(f"{what}: its text is not that of edition {row['restores']}")
        self._figures(what, row, document)
        self._page(what, row, document, signed)
        kept = {name: row[name] for name in ("key", "number", "path", "sha256")}
        self.newest[row["key"]] = known = KnownEdition(kept, (row["last_reviewed"], row["next_due"]))
        self.editions[row["id"]] = known

    def _text(self, what: str, row: Row) -> Row:
        text = row["canonical"]
        if sha256(text.encode()) != row["sha256"]:
            raise ExportFault(f"{what}: its text does not match its hash")
        document: Row = parsed(text)
        if canonical(document) != text:
            raise ExportFault(f"{what}: its text is not in canonical form")
        for column, value in edition_columns(document).items():
            if canonical(row[column]) != canonical(value):
                raise ExportFault(f"{what}: {column} differs from its text")
        return document

    def _signed(self, what: str, row: Row, entry: LedgerReference) -> list[Row]:
        """Check that an edition has enough signatures and return them."""
        if row["submission"] in self.submissions:
            raise ExportFault(f"{what}: its submission has an edition already")
        self.submissions.add(row["submission"])
        if self.submitted.get(row["submission"]) != (row["sha256"], canonical(row["steps"])):
            raise ExportFault(f"{what}: this text was not submitted, or for other steps of review")
        found = self.signatures[row["submission"], row["sha256"]]
        given = sorted((s["signed_at"], s["id"], seq, s) for s, seq in found if s["key"] == row["key"])
        for signed_at, number, seq, _ in given:
            if number in self.voided:
                raise ExportFault(f"{what}: signature {number} was voided")
            if seq > entry.seq or utc_time(signed_at) > utc_time(row["created_at"]) + CLOCK_SKEW:
                raise ExportFault(f"{what}: signature {number} was given after it was made")
        signatures = [signature for *_, signature in given]
        shown = [{name: s[name] for name in ("name", "credentials", "step")} for s in signatures]
        if canonical(shown) != canonical(row["reviewers"]):
            raise ExportFault(f"{what}: its reviewers are not those who signed")
        excluded = [*self.contributors[row["key"], row["number"] - 1], *row["contributors"]]
        check_signed(what, row["steps"], signatures, excluded)
        return signatures

    def _dates(
        self, what: str, row: Row, document: Row, before: KnownEdition | None, signatures: list[Row]
    ) -> None:
        """Check the review dates: only a full review changes them, to the day of its last signature."""
        if row["review_kind"] == "correction" and before:
            expected = before.dates
        else:
            day = max(utc_time(signature["signed_at"]) for signature in signatures).date()
            expected = (day.isoformat(), add_months(day, document["review_interval_months"]).isoformat())
        if (row["last_reviewed"], row["next_due"]) != expected:
            raise ExportFault(f"{what}: last_reviewed or next_due does not follow from its review")

    def _figures(self, what: str, row: Row, document: Row) -> None:
        """Check that the figures of a text are listed and their files unaltered."""
        shown = figures_of(document)
        if shown != self.figures.get(row["id"], set()):
            raise ExportFault(f"{what}: its list of figures differs from its text")
        for digest, file_name in sorted(shown):
            if self.files.get(f"figures/{file_name}", {}).get("sha256") != digest:
                raise ExportFault(f"{what}: figure file {file_name} is missing or does not match its hash")

    def read_figures(self) -> None:
        """Read which figure files each edition lists."""
        for row, _ in self.rows("figures"):
            with faults_of("figures.jsonl"):
                self.figures[row["edition_id"]].add((row["sha256"], row["file_name"]))

    def check_no_other_files(self) -> None:
        """Check that every page and figure file belongs to an edition."""
        for edition in self.figures:
            if edition not in self.editions:
                raise ExportFault(f"figures.jsonl: names edition {edition}, which does not exist")
        shown = {f"figures/{file_name}" for figures in self.figures.values() for _, file_name in figures}
        for name in sorted(set(self.files) - shown - self.pages):
            if "/" in name:
                raise ExportFault(f"{name}: belongs to no edition")

    def _page(self, what: str, row: Row, document: Row, signatures: list[Row]) -> None:
        """Check that the HTML page of an edition shows its whole text, its signatures and contributors."""
        name = f"editions/{row['slug']}-{row['number']}"
        page = f"{name}.{row['id']}.html" if name.lower() in self.homonyms else f"{name}.html"
        self.homonyms.add(name.lower())
        self.pages.add(page)
        if page not in self.files:
            raise ExportFault(f"{page}: missing, the page of {what}")
        with faults_of(page):
            source = (self.folder / page).read_text(encoding="utf-8")
        attributes = without_spaces(html.unescape(source))
        text = without_spaces(html.unescape(TAG.sub("", source)))
        facts = [row["sha256"], row["reason"], row["created_at"], row["last_reviewed"], row["next_due"]]
        names = ("name", "credentials", "username", "step", "meaning", "method", "signed_at")
        facts += [signature[name] for signature in signatures for name in names]
        facts += [person["name"] for person in row["contributors"]]
        for words, in_attribute in (*words_of(document), *((fact, False) for fact in facts)):
            if without_spaces(words) not in (attributes if in_attribute else text):
                raise ExportFault(f"{page}: does not show what {what} says: {words[:60]!r}")

    def check_withdrawal(self, what: str, row: Row, entry: LedgerReference, data: Row) -> None:
        """Check that a withdrawal is of one edition and that its text was signed."""
        check_time(what, "at", row["at"], entry.at)
        edition = self.editions.get(row["edition_id"])
        if edition is None or edition.row["key"] != row["key"]:
            raise ExportFault(f"{what}: of an edition of another page")
        text = {"withdrawal": row["uuid"], "edition": edition.row["number"], "sha256": edition.row["sha256"]}
        text |= {name: row[name] for name in ("key", "cause", "reason", "advice", "note")}
        if canonical(text) != row["canonical"] or sha256(row["canonical"].encode()) != row["sha256"]:
            raise ExportFault(f"{what}: its columns or its hash differ from its text")
        given = self.signatures[row["uuid"], row["sha256"]]
        if not any(s["key"] == row["key"] and s["credentials"] and seq < entry.seq for s, seq in given):
            raise ExportFault(f"{what}: nobody signed it")
        self.withdrawals[row["id"]] = row

    def check_publication(self, what: str, row: Row, entry: LedgerReference, data: Row) -> None:
        """Check that a public path points to the edition of its last ledger entry."""
        edition = self.editions.get(row["edition_id"])
        if edition is None or edition.row["key"] != row["key"]:
            raise ExportFault(f"{what}: points to an edition of another page")
        if (data["number"], data["sha256"]) != (edition.row["number"], edition.row["sha256"]):
            raise ExportFault(f"{what}: points to another edition than its ledger entry")
        check_time(what, "flipped_at", row["flipped_at"], entry.at)
        if row["state"] != "moved" and edition.row["path"] != row["path"]:
            raise ExportFault(f"{what}: points to an edition of {edition.row['path']}")
        if row["state"] == "withdrawn":
            withdrawal = self.withdrawals.get(row["withdrawal_id"], {})
            if (withdrawal.get("edition_id"), withdrawal.get("reason")) != (row["edition_id"], row["reason"]):
                raise ExportFault(f"{what}: withdrawn by a withdrawal of something else")
        if row["state"] == "current":
            if row["key"] in self.current:
                raise ExportFault(f"{what}: its page is public at another path too")
            self.current.add(row["key"])


def compare(what: str, table: TableSpec, row: Row, entry: LedgerReference, data: Row) -> None:
    """Check that every column equals the ledger entry; one the entry does not have must be empty."""
    for column in sorted(set(row) - table.not_in_entry - {table.identity}):
        name = NAMES_IN_ENTRY.get(column, column)
        if name in data and canonical(data[name]) != canonical(row[column]):
            raise ExportFault(f"{what}: {column} differs from ledger entry {entry.seq}")
        if name not in data and row[column] not in (None, "", [], {}):
            raise ExportFault(f"{what}: {column} is not in ledger entry {entry.seq}")
    columns = {NAMES_IN_ENTRY.get(column, column) for column in row}
    for name in sorted(set(data) - columns - table.only_in_entry - {table.identity_in_entry or table.label}):
        raise ExportFault(f"{what}: {name} of ledger entry {entry.seq} is missing")


def check_time(what: str, column: str, text: str, at: datetime) -> None:
    """Check that a time is that of its ledger entry, within ``CLOCK_SKEW``."""
    if abs(utc_time(text) - at) > CLOCK_SKEW:
        raise ExportFault(f"{what}: {column} is {text}, but its ledger entry is of {at.isoformat()}")


def check_signed(what: str, steps: list[Row], signatures: list[Row], excluded: list[Row]) -> None:
    """Check that every step has enough signatures by distinct qualified people who did not contribute."""
    ids = {person["id"] for person in excluded if person["id"]}
    usernames = {person["username"] for person in excluded if person["username"]}
    valid = [
        s
        for s in signatures
        if s["credentials"] and s["user_id"] not in ids and s["username"] not in usernames
    ]
    wanted = 0
    for step in steps:
        needed = max(step["signatures"], 1)
        wanted += needed
        given = len({s["user_id"] for s in valid if s["step"] == step["step"]})
        if given < needed:
            raise ExportFault(f"{what}: step “{step['step']}” has {given} of {needed} signatures")
    people = len({s["user_id"] for s in valid})
    if not wanted or people < wanted:
        raise ExportFault(f"{what}: signed by {people} people, needs {max(wanted, 1)}")


def without_spaces(text: str) -> str:
    """``text`` without white space."""
    return "".join(text.split())


# --- Command line -----------------------------------------------------------------------------------


def parse_anchor(text: str) -> tuple[int, str]:
    """A head, given as text or as the name of a file that holds it. Raises ``ValueError``."""
    if not re.fullmatch(r"\s*\d+\s+[0-9a-f]{64}\s*", text):
        try:
            text = Path(text).read_text(encoding="utf-8")
        except OSError as error:
            raise ValueError(f"{text}: {error.strerror}") from error
    found = re.fullmatch(r"\s*(\d{1,18})\s+([0-9a-f]{64})\s*", text)
    if not found:
        raise ValueError("an anchor is a sequence number and a hash, or a file that holds them")
    return int(found[1]), found[2]


def print_line(text: str) -> None:
    """Print one line, with control characters escaped."""
    plain = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a TextIOWrapper
    sys.stdout.write(f"{plain}\n")


def main() -> int:
    """Check the folder named on the command line."""
    parser = argparse.ArgumentParser(description="Check an exported record.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--anchor", help='a head kept elsewhere: "SEQUENCE HASH" or a file that holds it')
    arguments = parser.parse_args()
    if not arguments.folder.is_dir():
        parser.error(f"{arguments.folder} is not a folder")
    try:
        anchor = parse_anchor(arguments.anchor) if arguments.anchor is not None else None
    except ValueError as error:
        parser.error(str(error))
    export = Export(arguments.folder)
    try:
        with faults_of(str(arguments.folder)):
            export.check(anchor)
    except ExportFault as fault:
        print_line(f"FAULT {fault}")
        return 1
    counts = ", ".join(f"{count} {name}" for name, count in export.counts.items())
    print_line(f"OK {counts}. Head {export.head[0]} {export.head[1]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
