#!/usr/bin/env python3
"""Check an exported record on a machine that has Python 3.11 or later and nothing else.

    python verify_export.py [FOLDER] [--anchor FILE | --anchor "SEQUENCE HASH"]

FOLDER is the export, by default the folder this file is in. The answer is "OK …" and exit status 0, or
"FAULT …", which names the first thing that is not as it was written, and exit status 1; 2 if the
question was wrong.

A chain of hashes cannot show that its end was cut off, or that all of it was written anew. Give a head
that was kept elsewhere ("SEQUENCE HASH", as `ledger head` prints it) as --anchor, and both are found.
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
#: How far two servers' clocks may be apart; as much as Kerberos allows (RFC 4120, section 8.2).
SKEW = timedelta(minutes=5)
MANIFEST = "manifest.json"
#: Names an export gives its files; nothing that could lead out of the folder.
NAME = re.compile(r"(?:(?:editions|figures)/)?[A-Za-z0-9_-][A-Za-z0-9_.-]*", re.ASCII)
PAGE_LINK = re.compile(r'<a data-page="([0-9a-f-]{36})">')
TAG = re.compile(r"<[^>]*>")
#: What of a text is no word to be read, and what is read as an attribute only.
UNSAID = frozenset(
    "collection condition date_seen frequency group key kind language media_type page sha256 slug type "
    "urgency".split()
)
ATTRIBUTES = frozenset({"alt", "address"})

Row = dict[str, Any]


class ExportFault(Exception):
    """Something is not as it was written; the message names it."""


class TableSpec(NamedTuple):
    """How the ledger tells of the rows of one file."""

    what: str  # a row's name in a fault, and its identity's in the ledger unless ``name`` says another
    event: str
    identity: str = "id"
    name: str = ""
    untold: frozenset[str] = frozenset()  # columns that the entry leaves out
    aside: frozenset[str] = frozenset()  # words of the entry that are no column


TABLES = {
    "contributions": TableSpec("contribution", "contributed"),
    "signatures": TableSpec("signature", "signed"),
    "editions": TableSpec("edition", "edition", untold=frozenset({"canonical"})),
    "withdrawals": TableSpec("withdrawal", "withdrawn", untold=frozenset({"canonical"})),
    "publications": TableSpec(
        "publication",
        "publication",
        identity="path",
        name="path",
        untold=frozenset({"flipped_at"}),
        aside=frozenset({"number", "sha256"}),
    ),
}
BY_EVENT = {table.event: name for name, table in TABLES.items()}
#: An entry calls the rows it points to by what they are.
COLUMNS_AS_TOLD = {"edition_id": "edition", "withdrawal_id": "withdrawal"}
ROOT = {*(f"{name}.jsonl" for name in (*TABLES, "figures", "ledger")), "index.html", "verify_export.py"}


class LedgerReference(NamedTuple):
    """Where the ledger tells of a row."""

    seq: int
    at: datetime
    offset: int


class KnownEdition(NamedTuple):
    """What publications and later editions need to know of an edition."""

    row: Row
    dates: tuple[str, str]


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Whatever cannot be read as it should be is a fault of ``what``."""
    try:
        yield
    except OSError as error:
        raise ExportFault(f"{what}: cannot be read ({error.strerror})") from error
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise ExportFault(f"{what}: not as an export writes it ({type(error).__name__}: {error})") from error


def parsed(text: str | bytes) -> Any:
    """The value of JSON text. Raises ``ValueError`` for what two programs could read differently."""

    def once(pairs: list[tuple[str, Any]]) -> Row:
        value = dict(pairs)
        if len(value) != len(pairs):
            raise ValueError("a name is there twice")
        return value

    def never(word: str) -> Any:
        raise ValueError(f"{word} is not a whole number")

    text = text.decode("utf-8") if isinstance(text, bytes) else text
    return json.loads(text, object_pairs_hook=once, parse_constant=never, parse_float=never)


def canonical(value: Any) -> str:
    """RFC 8785 text of a value without fractions: names by their UTF-16 code units, no spaces."""

    def ordered(part: Any) -> Any:
        if isinstance(part, dict):
            return {k: ordered(part[k]) for k in sorted(part, key=lambda name: name.encode("utf-16-be"))}
        return [ordered(item) for item in part] if isinstance(part, list) else part

    return json.dumps(ordered(value), ensure_ascii=False, separators=(",", ":"))


def sha256(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def moment(text: str) -> datetime:
    """A time of the record, which is UTC."""
    value = datetime.fromisoformat(text)
    if value.utcoffset() != timedelta(0):
        raise ValueError(f"{text} is not UTC")
    return value


def months_later(day: date, months: int) -> date:
    """The same day ``months`` later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


# --- What a text says of itself ---------------------------------------------------------------------


def parts_of(document: Row) -> Iterator[Row]:
    """Every part of a text, those inside parts for one condition included."""
    lists = [s["parts"] for s in document["sections"]] if "sections" in document else [document["body"]]
    for part in (part for parts in lists for part in parts):
        yield part
        if part["kind"] == "for_condition":
            yield from part["parts"]


def path_of(document: Row) -> str:
    """Where a text is read."""
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
    """Every page a text points to."""
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


def columns_of(document: Row) -> Row:
    """What an edition repeats of its text."""
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
    """Hash and file of every picture a text shows."""
    figures = (part for part in parts_of(document) if part["kind"] == "figure")
    return {(f["sha256"], f"{f['sha256']}.{f['media_type'].removeprefix('image/')}") for f in figures}


def words_of(value: Any, name: str = "") -> Iterator[tuple[str, bool]]:
    """Everything a text says, and whether a page says it in an attribute."""
    if isinstance(value, dict):
        for inner, item in value.items():
            yield from words_of(item, inner)
    elif isinstance(value, list):
        for item in value:
            yield from words_of(item, name)
    elif isinstance(value, str) and name not in UNSAID:
        yield (html.unescape(TAG.sub("", value)) if name == "html" else value), name in ATTRIBUTES


# --- The checks ---------------------------------------------------------------------------------------


class Export:
    """One export being checked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[str, Row] = {}
        self.manifest: Row = {}
        self.told: dict[str, dict[Any, LedgerReference]] = {name: {} for name in TABLES}
        self.counts: dict[str, int] = {}
        self.head = (0, GENESIS)
        self.contributors: dict[tuple[str, int], list[Row]] = defaultdict(list)
        self.signatures: dict[tuple[str, str], list[tuple[Row, int]]] = defaultdict(list)
        self.figures: dict[int, set[tuple[str, str]]] = defaultdict(set)
        self.editions: dict[int, KnownEdition] = {}
        self.newest: dict[str, KnownEdition] = {}
        self.texts: dict[tuple[str, int], str] = {}
        self.void: set[int] = set()
        #: Hash and steps of each submission, as it was made.
        self.submitted: dict[str, tuple[str, str]] = {}
        self.asked: dict[str, list[str]] = {}
        self.checked: dict[tuple[str, str, int], tuple[int, list[str]]] = {}
        self.submissions: set[str] = set()
        self.homonyms: set[str] = set()
        self.pages: set[str] = set()
        self.current: set[str] = set()
        self.withdrawals: dict[int, Row] = {}

    def check(self, anchor: tuple[int, str] | None) -> None:
        """Check everything. Raises ``ExportFault``."""
        self.check_files()
        self.check_ledger(anchor)
        self.read_figures()
        self.check_rows("contributions", self.check_contribution)
        self.check_rows("signatures", self.check_signature)
        self.check_rows("editions", self.check_edition)
        self.check_no_other_files()
        self.check_rows("withdrawals", self.check_withdrawal)
        self.check_rows("publications", self.check_publication)
        told = {"counts": self.counts, "head": {"seq": self.head[0], "hash": self.head[1]}}
        for name, value in told.items():
            if self.manifest.get(name) != value:
                raise ExportFault(f"{MANIFEST}: its {name} are not those of the record")

    def check_files(self) -> None:
        """The folder holds what its manifest lists, and nothing else."""
        found = set(self._found(self.folder, ""))
        if MANIFEST not in found:
            raise ExportFault(f"{MANIFEST}: missing")
        with reading(MANIFEST):
            self.manifest = parsed((self.folder / MANIFEST).read_bytes())
            if self.manifest["format"] != FORMAT:
                raise ExportFault(
                    f"{MANIFEST}: of format {self.manifest['format']}, this program reads {FORMAT}"
                )
            self.files = dict(self.manifest["files"])
        for name in sorted(self.files):
            if not NAME.fullmatch(name) or ("/" not in name and name not in ROOT):
                raise ExportFault(f"{MANIFEST}: lists {name!r}, which no export holds")
        for name in sorted(found - {MANIFEST} - set(self.files)):
            raise ExportFault(f"{name}: not in the manifest")
        for name in sorted((ROOT | set(self.files)) - found):
            raise ExportFault(f"{name}: missing")
        self.check_hashes()

    def check_hashes(self) -> None:
        """Every file is the one that was listed."""
        for name, facts in sorted(self.files.items()):
            with reading(name), (self.folder / name).open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
                if (stream.tell(), digest) != (facts["size"], facts["sha256"]):
                    raise ExportFault(f"{name}: does not match its hash in the manifest")

    def _found(self, folder: Path, prefix: str) -> Iterator[str]:
        with reading(prefix or str(folder)), os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                name = prefix + entry.name
                if entry.is_symlink() or not (entry.is_file() or entry.is_dir()):
                    raise ExportFault(f"{name}: neither a file nor a folder but a link or a device")
                if entry.is_dir():
                    yield from self._found(folder / entry.name, f"{name}/")
                else:
                    yield name

    def rows(self, name: str) -> Iterator[tuple[Row, int]]:
        """Rows of a file and where their lines begin. Counts them."""
        self.counts[name] = offset = 0
        with (self.folder / f"{name}.jsonl").open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                with reading(f"{name}.jsonl, line {number}"):
                    row = parsed(line)
                    if not isinstance(row, dict) or not line.endswith(b"\n"):
                        raise ValueError("not an object on a line of its own")
                yield row, offset
                self.counts[name] = number
                offset += len(line)

    def check_ledger(self, anchor: tuple[int, str] | None) -> None:
        """The chain is whole, and nothing is told twice."""
        previous, last = self.head, datetime.fromisoformat("0001-01-01T00:00:00Z") + SKEW
        for row, offset in self.rows("ledger"):
            seq = previous[0] + 1
            with reading(f"ledger entry {seq}"):
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
                at = moment(row["at"])
                if at < last - SKEW:
                    raise ExportFault(
                        f"ledger entry {seq}: its time {row['at']} is before that of entry {seq - 1}"
                    )
                self._note(row, LedgerReference(seq, at, offset))
            previous, last = (seq, row["hash"]), at
        if anchor and anchor[0] > previous[0]:
            raise ExportFault(f"ledger entry {anchor[0]}: missing (the head kept elsewhere names it)")
        self.head = previous

    def _note(self, row: Row, entry: LedgerReference) -> None:
        data = parsed(row["body"])["data"]
        match row["event"]:
            case "voided":
                self.void.add(data["signature"])
            case "submitted":
                self.submitted.setdefault(data["submission"], (data["sha256"], canonical(data["steps"])))
                if "checklist" in data:
                    self.asked.setdefault(data["submission"], data["checklist"])
            case "checked":
                who = parsed(row["body"])["actor"]["id"]
                self.checked[data["submission"], data["sha256"], who] = (entry.seq, data["statements"])
        name = BY_EVENT.get(row["event"])
        if name is None:
            return
        table = TABLES[name]
        identity = data[table.name or table.what]
        if identity in self.told[name] and table.identity == "id":
            raise ExportFault(f"ledger entry {entry.seq}: tells of {table.what} {identity} a second time")
        self.told[name][identity] = entry

    def _entry(self, entry: LedgerReference) -> tuple[Row, Row]:
        with (self.folder / "ledger.jsonl").open("rb") as lines:
            lines.seek(entry.offset)
            row = parsed(lines.readline())
        return row, parsed(row["body"])

    def check_rows(self, name: str, check: Callable[[str, Row, LedgerReference, Row], None]) -> None:
        """Every row is as the ledger tells, and passes ``check`` with its entry and what that says."""
        table, told = TABLES[name], self.told[name]
        for number, (row, _) in enumerate(self.rows(name), start=1):
            what = f"{name}.jsonl, line {number}"
            with reading(what):
                what = f"{table.what} {row[table.identity]}"
                if "slug" in row:
                    what += f" ({row['slug']}/{row['number']})"
                entry = told.pop(row[table.identity], None)
                if entry is None:
                    raise ExportFault(f"{what}: not in the ledger")
                check(what, row, entry, self._told(what, table, row, entry))
        for identity in told:
            raise ExportFault(f"{table.what} {identity}: in the ledger but no longer in {name}.jsonl")

    def _told(self, what: str, table: TableSpec, row: Row, entry: LedgerReference) -> Row:
        """What the ledger tells of a row, if it is what the row says."""
        told, body = self._entry(entry)
        if told["subject"] != row["key"]:
            raise ExportFault(f"{what}: ledger entry {entry.seq} tells of it as of another page")
        compare(what, table, row, entry, body["data"])
        actor = (body["actor"]["id"], body["actor"]["username"])
        if table.event == "signed" and actor != (row["user_id"], row["username"]):
            raise ExportFault(f"{what}: ledger entry {entry.seq} tells that {actor[1]} gave it")
        return body["data"]

    def check_contribution(self, what: str, row: Row, entry: LedgerReference, told: Row) -> None:
        """Who contributed to which text."""
        if moment(row["at"]) > entry.at + SKEW:
            raise ExportFault(f"{what}: its time {row['at']} is after that of ledger entry {entry.seq}")
        person = {"id": row["user_id"], "username": row["username"]}
        self.contributors[row["key"], row["after_edition"]].append(person)

    def check_signature(self, what: str, row: Row, entry: LedgerReference, told: Row) -> None:
        """Who signed which text."""
        near(what, "signed_at", row["signed_at"], entry.at)
        asked = self.asked.get(row["submission"])
        if asked is not None:
            act = (row["submission"], row["sha256"], row["user_id"])
            seq, ticked = self.checked.get(act, (entry.seq, []))
            if seq >= entry.seq:
                raise ExportFault(f"{what}: the ledger does not tell before it what was read")
            if missing := [statement for statement in asked if statement not in ticked]:
                raise ExportFault(f"{what}: given without “{missing[0]}” ticked")
        self.signatures[row["submission"], row["sha256"]].append((row, entry.seq))

    def check_edition(self, what: str, row: Row, entry: LedgerReference, told: Row) -> None:
        """An edition is whole, signed, and shown as it is."""
        document = self._text(what, row)
        before = self.newest.get(row["key"])
        if row["number"] != (before.row["number"] if before else 0) + 1:
            raise ExportFault(f"{what}: an earlier number is missing")
        near(what, "created_at", row["created_at"], entry.at)
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
        for column, value in columns_of(document).items():
            if canonical(row[column]) != canonical(value):
                raise ExportFault(f"{what}: {column} differs from its text")
        return document

    def _signed(self, what: str, row: Row, entry: LedgerReference) -> list[Row]:
        """The signatures of an edition, if they are enough."""
        if row["submission"] in self.submissions:
            raise ExportFault(f"{what}: its submission has an edition already")
        self.submissions.add(row["submission"])
        if self.submitted.get(row["submission"]) != (row["sha256"], canonical(row["steps"])):
            raise ExportFault(f"{what}: this text was not submitted, or for other steps of review")
        here = self.signatures[row["submission"], row["sha256"]]
        given = sorted((s["signed_at"], s["id"], seq, s) for s, seq in here if s["key"] == row["key"])
        for signed_at, number, seq, _ in given:
            if number in self.void:
                raise ExportFault(f"{what}: signature {number} was taken back")
            if seq > entry.seq or moment(signed_at) > moment(row["created_at"]) + SKEW:
                raise ExportFault(f"{what}: signature {number} was given after it was made")
        signatures = [signature for *_, signature in given]
        shown = [{name: s[name] for name in ("name", "credentials", "step")} for s in signatures]
        if canonical(shown) != canonical(row["reviewers"]):
            raise ExportFault(f"{what}: its reviewers are not those who signed")
        barred = [*self.contributors[row["key"], row["number"] - 1], *row["contributors"]]
        check_signed(what, row["steps"], signatures, barred)
        return signatures

    def _dates(
        self, what: str, row: Row, document: Row, before: KnownEdition | None, signatures: list[Row]
    ) -> None:
        """Only a full review moves the date of the last review, to the day of its last signature."""
        if row["review_kind"] == "correction" and before:
            expected = before.dates
        else:
            day = max(moment(signature["signed_at"]) for signature in signatures).date()
            expected = (day.isoformat(), months_later(day, document["review_interval_months"]).isoformat())
        if (row["last_reviewed"], row["next_due"]) != expected:
            raise ExportFault(f"{what}: last_reviewed or next_due is not what its review gives it")

    def _figures(self, what: str, row: Row, document: Row) -> None:
        shown = figures_of(document)
        if shown != self.figures.get(row["id"], set()):
            raise ExportFault(f"{what}: its list of figures differs from its text")
        for digest, file_name in sorted(shown):
            if self.files.get(f"figures/{file_name}", {}).get("sha256") != digest:
                raise ExportFault(
                    f"{what}: the file of figure {file_name} is missing or does not match its hash"
                )

    def read_figures(self) -> None:
        """Which files each edition is said to show."""
        for row, _ in self.rows("figures"):
            with reading("figures.jsonl"):
                self.figures[row["edition_id"]].add((row["sha256"], row["file_name"]))

    def check_no_other_files(self) -> None:
        """Pages and figures belong to editions."""
        for edition in self.figures:
            if edition not in self.editions:
                raise ExportFault(f"figures.jsonl: names edition {edition}, which is not there")
        shown = {f"figures/{file_name}" for figures in self.figures.values() for _, file_name in figures}
        for name in sorted(set(self.files) - shown - self.pages):
            if "/" in name:
                raise ExportFault(f"{name}: belongs to no edition")

    def _page(self, what: str, row: Row, document: Row, signatures: list[Row]) -> None:
        """A page for people leaves out no word of the text and nobody who answers for it."""
        name = f"editions/{row['slug']}-{row['number']}"
        page = f"{name}.{row['id']}.html" if name.lower() in self.homonyms else f"{name}.html"
        self.homonyms.add(name.lower())
        self.pages.add(page)
        if page not in self.files:
            raise ExportFault(f"{page}: missing, the page of {what}")
        with reading(page):
            source = (self.folder / page).read_text(encoding="utf-8")
        attributes = squeezed(html.unescape(source))
        text = squeezed(html.unescape(TAG.sub("", source)))
        facts = [row["sha256"], row["reason"], row["created_at"], row["last_reviewed"], row["next_due"]]
        names = ("name", "credentials", "username", "step", "meaning", "method", "signed_at")
        facts += [signature[name] for signature in signatures for name in names]
        facts += [person["name"] for person in row["contributors"]]
        for words, hidden in (*words_of(document), *((fact, False) for fact in facts)):
            if squeezed(words) not in (attributes if hidden else text):
                raise ExportFault(f"{page}: does not say what {what} says: {words[:60]!r}")

    def check_withdrawal(self, what: str, row: Row, entry: LedgerReference, told: Row) -> None:
        """A withdrawal is of one edition, in the words somebody signed."""
        near(what, "at", row["at"], entry.at)
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

    def check_publication(self, what: str, row: Row, entry: LedgerReference, told: Row) -> None:
        """A public path shows the edition it was last told to show."""
        edition = self.editions.get(row["edition_id"])
        if edition is None or edition.row["key"] != row["key"]:
            raise ExportFault(f"{what}: points to an edition of another page")
        if (told["number"], told["sha256"]) != (edition.row["number"], edition.row["sha256"]):
            raise ExportFault(f"{what}: points to another edition than the ledger tells")
        near(what, "flipped_at", row["flipped_at"], entry.at)
        if row["state"] != "moved" and edition.row["path"] != row["path"]:
            raise ExportFault(f"{what}: shows an edition of {edition.row['path']}")
        if row["state"] == "withdrawn":
            by = self.withdrawals.get(row["withdrawal_id"], {})
            if (by.get("edition_id"), by.get("reason")) != (row["edition_id"], row["reason"]):
                raise ExportFault(f"{what}: withdrawn by a withdrawal of something else")
        if row["state"] == "current":
            if row["key"] in self.current:
                raise ExportFault(f"{what}: its page is public at another path too")
            self.current.add(row["key"])


def compare(what: str, table: TableSpec, row: Row, entry: LedgerReference, told: Row) -> None:
    """Every column is what the ledger tells; one it does not tell must be empty."""
    for column in sorted(set(row) - table.untold - {table.identity}):
        as_told = COLUMNS_AS_TOLD.get(column, column)
        if as_told in told and canonical(told[as_told]) != canonical(row[column]):
            raise ExportFault(f"{what}: {column} differs from ledger entry {entry.seq}")
        if as_told not in told and row[column] not in (None, "", [], {}):
            raise ExportFault(f"{what}: {column} is not in ledger entry {entry.seq}")
    columns = {COLUMNS_AS_TOLD.get(column, column) for column in row}
    for name in sorted(set(told) - columns - table.aside - {table.name or table.what}):
        raise ExportFault(f"{what}: {name} of ledger entry {entry.seq} is missing")


def near(what: str, column: str, text: str, at: datetime) -> None:
    """A time is that of its ledger entry, as far as two clocks agree."""
    if abs(moment(text) - at) > SKEW:
        raise ExportFault(f"{what}: {column} is {text}, but the ledger told of it at {at.isoformat()}")


def check_signed(what: str, steps: list[Row], signatures: list[Row], barred: list[Row]) -> None:
    """Every step has enough signatures by distinct qualified people who did not contribute to the text."""
    ids = {person["id"] for person in barred if person["id"]}
    usernames = {person["username"] for person in barred if person["username"]}
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


def squeezed(text: str) -> str:
    """``text`` without any space."""
    return "".join(text.split())


# --- Asking -----------------------------------------------------------------------------------------


def anchor_of(text: str) -> tuple[int, str]:
    """A head given as such or as the file it was kept in. Raises ``ValueError`` if it is none."""
    if not re.fullmatch(r"\s*\d+\s+[0-9a-f]{64}\s*", text):
        try:
            text = Path(text).read_text(encoding="utf-8")
        except OSError as error:
            raise ValueError(f"{text}: {error.strerror}") from error
    found = re.fullmatch(r"\s*(\d{1,18})\s+([0-9a-f]{64})\s*", text)
    if not found:
        raise ValueError("an anchor is a sequence number and a hash, or a file that holds them")
    return int(found[1]), found[2]


def say(text: str) -> None:
    """One line, whatever somebody put into it."""
    plain = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a stream of this process
    sys.stdout.write(f"{plain}\n")


def main() -> int:
    """Check the folder that was asked for."""
    parser = argparse.ArgumentParser(description="Check an exported record.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--anchor", help='a head kept elsewhere: "SEQUENCE HASH" or a file that holds it')
    arguments = parser.parse_args()
    if not arguments.folder.is_dir():
        parser.error(f"{arguments.folder} is not a folder")
    try:
        anchor = anchor_of(arguments.anchor) if arguments.anchor is not None else None
    except ValueError as error:
        parser.error(str(error))
    export = Export(arguments.folder)
    try:
        with reading(str(arguments.folder)):
            export.check(anchor)
    except ExportFault as fault:
        say(f"FAULT {fault}")
        return 1
    counts = ", ".join(f"{count} {name}" for name, count in export.counts.items())
    say(f"OK {counts}. Head {export.head[0]} {export.head[1]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
