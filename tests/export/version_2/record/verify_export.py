#!/usr/bin/env python3
"""Check an exported record on a machine that has Python 3.11 or later and nothing else.

    python verify_export.py [FOLDER] [--anchor FILE | --anchor "SEQUENCE HASH"] [--key KEY]

FOLDER is the export, by default the folder of this file. Prints "OK …" and exits with status 0, or prints
a line "FAULT …" for each thing that is not as it was written, and exits with status 1. Wrong arguments
exit with status 2.

A chain of hashes cannot show that its end was cut off, or that all of it was rewritten. Both are found
with --anchor and a head that was kept elsewhere: "SEQUENCE HASH", as `ledger head` prints it, or a file with
that or with a signed checkpoint. For a checkpoint, --key is the ledger's public key ("name+id+key").
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable
from collections.abc import Callable, Iterator
from collections.abc import Iterable
from collections.abc import Iterable, Iterator
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from datetime import date, datetime, timedelta
from datetime import datetime
from pathlib import Path
from typing import Any
from typing import NamedTuple
from typing import NamedTuple, Protocol
import argparse
import base64
import binascii
import hashlib
import html
import json
import os
import re
import sys
import unicodedata

# --- json_values: Values of the record: JSON, hashes, times and dates.

GENESIS = "0" * 64
#: Allowed difference between two servers' clocks; as in Kerberos (RFC 4120, section 8.2).
CLOCK_SKEW = timedelta(minutes=5)

Row = dict[str, Any]


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


def later_month(day: date, months: int) -> date:
    """The same day ``months`` later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


# --- ed25519: Ed25519 signatures verified in pure Python, after the sample code of RFC 8032, section 6.

#: The field's prime and the order of the group (RFC 8032, section 5.1).
PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
SIGNATURE_BYTES = 64
KEY_BYTES = 32

#: A point of the curve in extended homogeneous coordinates.
Point = tuple[int, int, int, int]


def _inverse(value: int) -> int:
    return pow(value, PRIME - 2, PRIME)


CURVE_D = -121665 * _inverse(121666) % PRIME
ROOT_OF_MINUS_1 = pow(2, (PRIME - 1) // 4, PRIME)


def _sum(a: Point, b: Point) -> Point:
    low, high = (a[1] - a[0]) * (b[1] - b[0]) % PRIME, (a[1] + a[0]) * (b[1] + b[0]) % PRIME
    c, d = 2 * a[3] * b[3] * CURVE_D % PRIME, 2 * a[2] * b[2] % PRIME
    e, f, g, h = high - low, d - c, d + c, high + low
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def _multiple(number: int, point: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while number > 0:
        if number & 1:
            total = _sum(total, point)
        point = _sum(point, point)
        number >>= 1
    return total


def _are_equal(a: Point, b: Point) -> bool:
    return (a[0] * b[2] - b[0] * a[2]) % PRIME == 0 and (a[1] * b[2] - b[1] * a[2]) % PRIME == 0


def _x_of(y: int, sign: int) -> int | None:
    if y >= PRIME:
        return None
    square = (y * y - 1) * _inverse(CURVE_D * y * y + 1) % PRIME
    if square == 0:
        return None if sign else 0
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME != 0:
        x = x * ROOT_OF_MINUS_1 % PRIME
    if (x * x - square) % PRIME != 0:
        return None
    return PRIME - x if (x & 1) != sign else x


def _point(data: bytes) -> Point | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = _x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % PRIME)


BASE_Y = 4 * _inverse(5) % PRIME
BASE_X = _x_of(BASE_Y, 0) or 0
BASE: Point = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % PRIME)


def is_signature_of(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether ``signature`` is one of ``message`` by the key ``public`` (RFC 8032, section 5.1.7)."""
    if len(public) != KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    key, first = _point(public), _point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or first is None or scalar >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    return _are_equal(_multiple(scalar, BASE), _sum(first, _multiple(challenge, key)))


# --- merkle_tree: Merkle trees of Certificate Transparency (RFC 6962, section 2.1; proofs: RFC 9162, section 2.1.3).

HASH_BYTES = 32


def leaf_hash(data: bytes) -> bytes:
    """The hash of an entry."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node above two others."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def level_above(hashes: Sequence[bytes]) -> list[bytes]:
    """The nodes above ``hashes``; one without a neighbour rises as it is."""
    above = [node_hash(hashes[i], hashes[i + 1]) for i in range(0, len(hashes) - 1, 2)]
    return [*above, hashes[-1]] if len(hashes) % 2 else above


def tree_root(hashes: Sequence[bytes]) -> bytes:
    """The root of the tree that has ``hashes`` as its lowest nodes."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    while len(hashes) > 1:
        hashes = level_above(hashes)
    return hashes[0]


def inclusion_path(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The neighbours of node ``index`` and of the nodes above it, from below."""
    path = []
    while len(hashes) > 1:
        if index ^ 1 < len(hashes):
            path.append(hashes[index ^ 1])
        hashes, index = level_above(hashes), index // 2
    return path


def root_by_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root of a tree of ``size`` entries with ``leaf`` at ``index``; None if the path does not fit."""
    if not 0 <= index < size:
        return None
    node, last, found = index, size - 1, leaf
    for neighbour in path:
        if last == 0:
            return None
        if node % 2 or node == last:
            found = node_hash(neighbour, found)
            while node % 2 == 0 and node:
                node, last = node // 2, last // 2
        else:
            found = node_hash(found, neighbour)
        node, last = node // 2, last // 2
    return found if last == 0 else None


# --- signed_note: Notes signed by Ed25519 keys (c2sp.org/signed-note, tlog-checkpoint and tlog-cosignature).

#: Types of signatures: of the log itself, and of a witness with its time.
ED25519, COSIGNATURE = 1, 4
#: Bounds of what is read: a note of a ledger has three lines, and one signature by each witness.
NOTE_CHARACTERS, NOTE_SIGNATURES = 100_000, 100
SIZE_LIMIT = 2**63
SIGNATURE_MARK = "\u2014 "
VERIFIER_KEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})")
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")

#: Whether the third is an Ed25519 signature of the second by the first, the public key.
Check = Callable[[bytes, bytes, bytes], bool]


class NoteRefused(ValueError):
    """The text is not a note, or not signed as it must be; the message says why."""


class VerifierKey(NamedTuple):
    """A public key, of a name and for one type of signatures."""

    name: str
    key_id: bytes
    kind: int
    public: bytes

    def text(self) -> str:
        """The key as others are given it."""
        data = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{data}"


class NoteSignature(NamedTuple):
    """One line of signature."""

    name: str
    key_id: bytes
    data: bytes

    def line(self) -> str:
        """The line as notes end with it."""
        return f"{SIGNATURE_MARK}{self.name} {base64.b64encode(self.key_id + self.data).decode()}\n"


class SignedNote(NamedTuple):
    """A text that ends with a line break, and its signatures, not verified yet."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def whole(self) -> str:
        """Text and signatures."""
        return self.text + "\n" + "".join(signature.line() for signature in self.signatures)


class TreeHead(NamedTuple):
    """What a checkpoint says: the log, how many entries it has, and the root of the tree over them."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


class Signed(NamedTuple):
    """A key that signed, and the time that a witness states, in seconds since 1970; None for others."""

    key: VerifierKey
    time: int | None


def verifier_key(name: str, public: bytes, kind: int = ED25519) -> VerifierKey:
    """The key ``public`` under ``name``. Raises ``NoteRefused`` for a name that notes cannot hold."""
    if not name or CONTROL.search(name) or re.search(r"[\s+]", name):
        raise NoteRefused(f"{name!r} cannot name a key: it is empty or has a space or a plus sign")
    key_id = hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]
    return VerifierKey(name, key_id, kind, public)


def parse_verifier_key(text: str) -> VerifierKey:
    """Read ``name+id+key``. Raises ``NoteRefused``."""
    found = VERIFIER_KEY.fullmatch(text.strip())
    data = decoded(found[3]) if found else b""
    if not found or len(data) != 33 or data[0] not in (ED25519, COSIGNATURE):  # noqa: PLR2004  # type and key
        raise NoteRefused(f"{text!r} is no Ed25519 key in the form name+id+key")
    key = verifier_key(found[1], data[1:], data[0])
    if key.key_id.hex() != found[2]:
        raise NoteRefused(f"{text!r}: the id is not that of its key")
    return key


def decoded(text: str) -> bytes:
    """Bytes of base64 text that has one spelling only. Raises ``NoteRefused``."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteRefused(f"{text[:60]!r} is not base64") from error
    if base64.b64encode(data).decode() != text:
        raise NoteRefused(f"{text[:60]!r} is not base64")
    return data


def parse_note(whole: str) -> SignedNote:
    """Take a note apart, without verifying it. Raises ``NoteRefused``."""
    text, gap, lines = whole.rpartition("\n\n")
    if len(whole) > NOTE_CHARACTERS or CONTROL.search(whole) or not gap or not lines.endswith("\n"):
        raise NoteRefused("this is no signed note")
    signatures = tuple(_signature(line) for line in lines[:-1].split("\n"))
    if len(signatures) > NOTE_SIGNATURES:
        raise NoteRefused("the note has too many signatures")
    return SignedNote(text + "\n", signatures)


def _signature(line: str) -> NoteSignature:
    parts = line.removeprefix(SIGNATURE_MARK).split(" ")
    if not line.startswith(SIGNATURE_MARK) or len(parts) != 2 or not parts[0] or "+" in parts[0]:  # noqa: PLR2004
        raise NoteRefused(f"{line[:60]!r} is no line of a signature")
    data = decoded(parts[1])
    if len(data) <= 4:  # noqa: PLR2004  # the id alone
        raise NoteRefused(f"{line[:60]!r} is no line of a signature")
    return NoteSignature(parts[0], data[:4], data[4:])


def parse_tree_head(text: str) -> TreeHead:
    """Read the text of a checkpoint. Raises ``NoteRefused``; so do lines that follow the third."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:  # noqa: PLR2004  # three lines, each with its end
        raise NoteRefused("this is no checkpoint of three lines")
    size = whole_number(lines[1])
    root = decoded(lines[2])
    if len(root) != 32:  # noqa: PLR2004  # SHA-256
        raise NoteRefused("the checkpoint's root is no SHA-256 hash")
    return TreeHead(lines[0], size, root)


def whole_number(text: str) -> int:
    """A number as notes write it. Raises ``NoteRefused``."""
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", text) or int(text) >= SIZE_LIMIT:
        raise NoteRefused(f"{text[:60]!r} is no number of entries")
    return int(text)


def cosigned_message(text: str, seconds: int) -> bytes:
    """What a witness signs of a checkpoint's text."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def verified_signatures(note: SignedNote, keys: Iterable[VerifierKey], check: Check) -> list[Signed]:
    """The signatures of ``note`` by ``keys``; those of other keys are ignored.

    Raises ``NoteRefused`` if one by a known key does not hold.
    """
    known = {(key.name, key.key_id): key for key in keys}
    found: dict[VerifierKey, Signed] = {}
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        message, data, seconds = note.text.encode(), signature.data, None
        if key.kind == COSIGNATURE:
            seconds, data = int.from_bytes(data[:8], "big"), data[8:]
            message = cosigned_message(note.text, seconds)
        if not check(key.public, message, data) or (seconds or 0) >= SIZE_LIMIT:
            raise NoteRefused(f"the signature of {key.name} is not of this text")
        found.setdefault(key, Signed(key, seconds))
    return list(found.values())


def opened_checkpoint(
    note: SignedNote,
    log_keys: Iterable[VerifierKey],
    witness_keys: Iterable[VerifierKey],
    quorum: int,
    check: Check,
) -> tuple[TreeHead, list[Signed]]:
    """What a checkpoint says, and who signed it: one of ``log_keys`` and ``quorum`` of ``witness_keys``.

    Raises ``NoteRefused`` otherwise, and for a log key of another name than the checkpoint's first line.
    """
    head = parse_tree_head(note.text)
    logs = [key for key in log_keys if key.kind == ED25519 and key.name == head.origin]
    witnesses = [key for key in witness_keys if key.kind == COSIGNATURE]
    signed = verified_signatures(note, [*logs, *witnesses], check)
    if not any(one.key in logs for one in signed):
        raise NoteRefused(f"{head.origin!r} is not signed by a key of that name that is trusted")
    seen = {one.key.public for one in signed if one.key in witnesses}
    if len(seen) < quorum:
        raise NoteRefused(f"{len(seen)} trusted witnesses signed, and {quorum} must")
    return head, signed


# --- signer_names: Names of signers as both verifiers read them: whether they can be seen, and which are one person's.

#: What a signature's statement repeats of its columns.
STATED = ("sha256", "submission", "step", "meaning", "name", "credentials", "field")
#: Characters that show nothing, as ranges of code points.
INVISIBLE = (
    (0x00, 0x20), (0x7F, 0xA0), (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160),
    (0x1680, 0x1680), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2000, 0x200F), (0x2028, 0x202F),
    (0x205F, 0x206F), (0x2800, 0x2800), (0x3000, 0x3000), (0x3164, 0x3164), (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFC), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)  # fmt: skip


def signature_is_named(signature: Row) -> bool:
    """Whether a signature shows who gave it, and with which credentials."""
    shown = (signature["name"], signature["credentials"])
    return all(any(not _is_invisible(ord(c)) for c in text) for text in shown)


def _is_invisible(code: int) -> bool:
    return any(first <= code <= last for first, last in INVISIBLE)


def keys_of_person(person: Row) -> set[str]:
    """Keys of a sign-in name; people who share one are one person. Old rows have the name only."""
    name = unicodedata.normalize("NFKC", person["username"]).casefold()
    stored = person.get("sign_in_keys") or ()
    return {*stored, name} - {""}


# --- text_facts: What follows from the text of an edition: its path, the columns that repeat it, its figures.

PAGE_LINK = re.compile(r'<a data-page="([0-9a-f-]{36})">')


def parts_of(document: Row) -> Iterator[Row]:
    """Every part of a text, including those nested in parts for one condition."""
    lists = [s["parts"] for s in document["sections"]] if "sections" in document else [document["body"]]
    for part in (part for parts in lists for part in parts):
        yield part
        if part["kind"] == "for_condition":
            yield from part["parts"]


def html_of(part: Row) -> list[str]:
    """The rich texts of a part: its own, or the cells of a table."""
    if part["kind"] == "table":
        return [cell for row in (part["header"], *part["rows"]) for cell in row]
    return [part.get("html", "")]


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
        for html in html_of(part):
            keys.update(PAGE_LINK.findall(html))
        if part["kind"] == "companions":
            keys.update(item["page"] for item in part["items"] if item["page"])
        elif part["kind"] == "for_condition":
            keys.add(part["condition"])
    return sorted(keys)


def columns_of(document: Row) -> Row:
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


# --- record_index: What has been read of a record, and the faults found in it.

#: What reading a damaged value raises.
DAMAGE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class TableSpec(NamedTuple):
    """How ledger entries correspond to the rows of one table."""

    label: str  # names a row in a fault
    event: str
    identity: str = "id"
    identity_in_entry: str = ""  # by default the label
    not_in_entry: frozenset[str] = frozenset()  # columns that the entry leaves out
    only_in_entry: frozenset[str] = frozenset()  # fields of the entry that are no column


#: Tables with a ledger entry for each row, in the order in which they are checked.
RECORDED = {
    "contributions": TableSpec("contribution", "contributed"),
    "retractions": TableSpec("retraction", "retracted"),
    "conflicts": TableSpec("conflict", "conflict_declared"),
    "conflict_ends": TableSpec("conflict end", "conflict_ended", identity_in_entry="conflict_end"),
    "signatures": TableSpec("signature", "signed", not_in_entry=frozenset({"statement"})),
    "editions": TableSpec("edition", "edition", not_in_entry=frozenset({"canonical"})),
    "withdrawals": TableSpec("withdrawal", "withdrawn", not_in_entry=frozenset({"canonical"})),
    "sentences": TableSpec("sentence", "sentence", not_in_entry=frozenset({"canonical"})),
    "publications": TableSpec(
        "publication",
        "publication",
        identity="path",
        identity_in_entry="path",
        not_in_entry=frozenset({"flipped_at"}),
        only_in_entry=frozenset({"number", "sha256"}),
    ),
}
BY_EVENT = {table.event: name for name, table in RECORDED.items()}
#: Columns with another name in ledger entries.
NAMES_IN_ENTRY = {
    "edition_id": "edition",
    "withdrawal_id": "withdrawal",
    "contribution_id": "contribution",
    "conflict_id": "conflict",
}


class Entry(NamedTuple):
    """A ledger entry whose body could be read."""

    seq: int
    at: datetime
    event: str
    subject: str
    actor: Row
    data: Row


class LedgerReference(NamedTuple):
    """A row's ledger entry; its body is kept as text, which takes less memory."""

    seq: int
    at: datetime
    subject: str
    body: str


class KnownEdition(NamedTuple):
    """The part of an edition that publications and later editions are compared with."""

    row: Row
    dates: tuple[str, str]


class RecordSource(Protocol):
    """Where a record is read from: the database, or the files of an export."""

    def rows(self, name: str) -> Iterator[Row | None]:
        """Yield the rows of a table as JSON values in their order; None for one that cannot be read."""

    def has_figure(self, file_name: str, digest: str) -> bool:
        """Whether the figure file exists and has this hash."""


class Record:
    """A record being checked: what has been read so far, and all faults."""

    def __init__(self) -> None:
        self.faults: dict[str, None] = {}
        self.counts: dict[str, int] = {}
        self.head: tuple[int, str] = (0, GENESIS)
        self.entries: dict[str, dict[object, LedgerReference]] = {name: {} for name in RECORDED}
        self.contributors: dict[tuple[str, int], list[Row]] = defaultdict(list)
        #: Each contribution and its person, by id, until it is retracted.
        self.contributions: dict[int, tuple[Row, Row]] = {}
        #: Conflicts of interest of each page with their ledger entries; and the entry of each end.
        self.conflicts: dict[str, list[tuple[Row, int]]] = defaultdict(list)
        self.conflict_ends: dict[int, int] = {}
        self.signatures: dict[tuple[str, str], list[tuple[Row, int]]] = defaultdict(list)
        self.figures: dict[int, set[tuple[str, str]]] = defaultdict(set)
        self.editions: dict[int, KnownEdition] = {}
        self.newest: dict[str, KnownEdition] = {}
        self.texts: dict[tuple[str, int], str] = {}
        self.voided: set[int] = set()
        #: Whether a signature with a statement was recorded; every later one must have one, too.
        self.stated = False
        #: Where only some pages are checked: the first entry of such a signature on any page; 0 for none.
        self.stated_since = 0
        #: Hash and steps of each submission, as recorded when it was made; and those with an edition.
        self.submitted: dict[str, tuple[str, str]] = {}
        self.used_submissions: set[str] = set()
        #: Statements the signers of a submission must tick, where it lists any; and those each signer ticked.
        self.checklists: dict[str, list[str]] = {}
        self.checked: dict[tuple[str, str, int], list[str]] = {}
        #: Sequence number of the last signature of a submitted or withdrawn text, by its UUID and hash.
        self.last_signed: dict[tuple[str, str], int] = {}
        self.edition_entries: dict[int, Row] = {}
        self.withdrawal_entries: dict[int, Row] = {}
        #: The last publication entry of each path; by page, the last one and the highest number shown.
        self.paths: dict[str, Row] = {}
        self.withdrawn: dict[str, tuple[int, int]] = {}
        self.shown: dict[str, int] = defaultdict(int)
        self.used_withdrawals: set[int] = set()
        self.withdrawals: dict[int, Row] = {}

    def add(self, fault: str) -> None:
        """Note a fault, once."""
        self.faults[fault] = None

    @contextmanager
    def noting(self, what: str) -> Iterator[None]:
        """Note that ``what`` is damaged if reading it raises, and go on."""
        try:
            yield
        except OSError as error:
            self.add(f"{what}: cannot be read ({error.strerror})")
        except DAMAGE as error:
            self.add(f"{what}: not as it was written ({type(error).__name__}: {error})")

    def apply(self, what: str, faults: Iterable[str]) -> None:
        """Note the faults that a rule yields of ``what``, also if it cannot finish."""
        with self.noting(what):
            for fault in faults:
                self.add(f"{what}: {fault}")


# --- ledger_rules: Rules of ledger entries, each by itself and in their order.

def submission_is_kept(record: Record, entry: Entry) -> Iterator[str]:
    """The first entry of a submission says what was submitted, for which steps and with which statements."""
    if entry.event == "submitted":
        data = entry.data
        record.submitted.setdefault(data["submission"], (data["sha256"], canonical(data["steps"])))
        if "checklist" in data:
            record.checklists.setdefault(data["submission"], data["checklist"])
    yield from ()


def ticks_are_kept(record: Record, entry: Entry) -> Iterator[str]:
    """What a signer read and ticked is recorded before the signature."""
    if entry.event == "checked":
        signer = (entry.data["submission"], entry.data["sha256"], entry.actor["id"])
        record.checked[signer] = entry.data["statements"]
    yield from ()


def voided_signature_is_kept(record: Record, entry: Entry) -> Iterator[str]:
    """A signature that was voided counts for nothing."""
    if entry.event == "voided":
        record.voided.add(entry.data["signature"])
    yield from ()


def entry_is_of_its_page(record: Record, entry: Entry) -> Iterator[str]:
    """The subject of a row's entry is the key of its page."""
    name = BY_EVENT.get(entry.event)
    if name and entry.subject != entry.data["key"]:
        table = RECORDED[name]
        yield f"{table.label} {entry.data[table.identity_in_entry or table.label]} is of another page"


def signer_signs_alone(record: Record, entry: Entry) -> Iterator[str]:
    """The actor of a signature's entry is its signer."""
    data = entry.data
    if entry.event == "signed":
        record.last_signed[data["submission"], data["sha256"]] = entry.seq
        if (entry.actor["id"], entry.actor["username"]) != (data["user_id"], data["username"]):
            yield f"its actor is not the signer of signature {data['signature']}"


def signer_ticked_every_statement(record: Record, entry: Entry) -> Iterator[str]:
    """Before signing, the signer recorded what they read and ticked every required statement."""
    data = entry.data
    if entry.event != "signed" or data["submission"] not in record.checklists:
        return
    ticked = record.checked.get((data["submission"], data["sha256"], data["user_id"]))
    if ticked is None:
        yield f"signature {data['signature']} has no earlier “checked” entry"
        return
    for statement in record.checklists[data["submission"]]:
        if statement not in ticked:
            yield f"signature {data['signature']} without “{statement}” ticked"


def signature_states_its_signer(record: Record, entry: Entry) -> Iterator[str]:
    """Signatures have statements since a release; none after the first of these is without one."""
    if entry.event == "signed":
        stated = bool(entry.data.get("statement_sha256"))
        if not stated and (record.stated or 0 < record.stated_since < entry.seq):
            yield f"signature {entry.data['signature']} states nothing about its signer"
        record.stated = record.stated or stated


def edition_entry_is_kept(record: Record, entry: Entry) -> Iterator[str]:
    """Publications name editions that were recorded before."""
    if entry.event == "edition":
        names = ("key", "number", "sha256", "submission")
        record.edition_entries.setdefault(entry.data["edition"], {name: entry.data[name] for name in names})
    yield from ()


def withdrawal_entry_is_kept(record: Record, entry: Entry) -> Iterator[str]:
    """Publications name withdrawals that were recorded before."""
    if entry.event == "withdrawn":
        names = ("key", "edition", "reason")
        record.withdrawal_entries.setdefault(
            entry.data["withdrawal"], {name: entry.data[name] for name in names}
        )
    yield from ()


EntryRule = Callable[[Record, Entry], Iterator[str]]
LEDGER_RULES: tuple[EntryRule, ...] = (
    submission_is_kept,
    ticks_are_kept,
    voided_signature_is_kept,
    entry_is_of_its_page,
    signer_ticked_every_statement,
    signer_signs_alone,
    signature_states_its_signer,
    edition_entry_is_kept,
    withdrawal_entry_is_kept,
)


# --- publication_rules: Rules of what a public path showed, one entry after the other: a withdrawn text never comes back.

def publication_follows(record: Record, entry: Entry) -> Iterator[str]:
    """Each state of a path follows from the one before, and names what is recorded."""
    if entry.event != "publication":
        return
    data, before = entry.data, record.paths.get(entry.data["path"])
    what = f"publication {data['path']}"
    record.paths[data["path"]] = data
    for fault in (
        *_recorded_edition(record, data),
        *_path_of_one_page(data, before),
        *_state_follows(record, entry, data, before),
    ):
        yield f"{what} {fault}"
    if data["state"] == "current":
        record.shown[data["key"]] = max(record.shown[data["key"]], data["number"])
    if data["state"] == "withdrawn":
        record.withdrawn[data["key"]] = (entry.seq, data["number"])


def _recorded_edition(record: Record, data: Row) -> Iterator[str]:
    edition = record.edition_entries.get(data["edition"])
    named = {name: data[name] for name in ("key", "number", "sha256")}
    if edition is None or {name: edition[name] for name in named} != named:
        yield "shows an edition that the ledger does not record before"


def _path_of_one_page(data: Row, before: Row | None) -> Iterator[str]:
    """A path leads to one page for ever: printed leaflets carry it."""
    if before and before["key"] != data["key"]:
        yield "was another page's path"


def _state_follows(record: Record, entry: Entry, data: Row, before: Row | None) -> Iterator[str]:
    if before is None and data["state"] != "current":
        yield f"begins as {data['state']}"
    match data["state"]:
        case "current":
            yield from _made_current(record, data)
        case "withdrawn":
            yield from _made_withdrawn(record, data, before)
        case "moved":
            same_allowed = before is not None and before["state"] == "moved"
            if before and data["number"] < before["number"] + (not same_allowed):
                yield "moved without a newer edition"
        case state:
            yield f"has the unknown state {state}"
    if data["state"] != "withdrawn" and (data["reason"] or data["withdrawal"]):
        yield "names a withdrawal, but is not withdrawn"


def _made_current(record: Record, data: Row) -> Iterator[str]:
    """Only a newer edition replaces a text, and after a withdrawal only one that was signed later."""
    if data["number"] <= record.shown[data["key"]]:
        yield f"became current again with edition {data['number']}, which is not newer"
    if data["key"] in record.withdrawn:
        seq, number = record.withdrawn[data["key"]]
        edition = record.edition_entries.get(data["edition"], {})
        signed = record.last_signed.get((edition.get("submission", ""), data["sha256"]), 0)
        if data["number"] <= number or signed < seq:
            yield f"became current without an edition signed after its withdrawal (ledger entry {seq})"


def _made_withdrawn(record: Record, data: Row, before: Row | None) -> Iterator[str]:
    if before and (before["state"] == "moved" or before["edition"] != data["edition"]):
        yield "withdrew an edition that was not the one at its path"
    withdrawal = record.withdrawal_entries.get(data["withdrawal"])
    facts = {"key": data["key"], "edition": data["edition"], "reason": data["reason"]}
    if withdrawal != facts:
        yield "withdrawn by no withdrawal that the ledger records before"
    if data["withdrawal"] in record.used_withdrawals:
        yield f"withdrawn by withdrawal {data['withdrawal']} a second time"
    record.used_withdrawals.add(data["withdrawal"])


def one_path_of_each_page(record: Record) -> Iterator[str]:
    """Of the paths of a page, one shows its newest edition, or says that it is withdrawn."""
    paths: dict[str, list[Row]] = defaultdict(list)
    for data in record.paths.values():
        paths[data["key"]].append(data)
    newest: dict[str, int] = defaultdict(int)
    for edition in record.edition_entries.values():
        newest[edition["key"]] = max(newest[edition["key"]], edition["number"])
    for key, found in sorted(paths.items()):
        last = [data for data in found if data["state"] != "moved"]
        if len(last) != 1:
            yield f"page {key}: {len(last)} of its paths show a text, it must be one"
        for data in last:
            if data["number"] != newest[key]:
                yield f"publication {data['path']}: not of the newest edition of its page"


def withdrawals_took_effect(record: Record) -> Iterator[str]:
    """Every withdrawal withdrew a page."""
    for identity in sorted(set(record.withdrawal_entries) - record.used_withdrawals):
        yield f"withdrawal {identity}: nothing was withdrawn by it"


PUBLICATION_RULES = (publication_follows,)
#: Rules of the whole ledger, once all of it has been read.
END_RULES = (one_path_of_each_page, withdrawals_took_effect)


# --- conflict_rules: Conflicts of interest as both verifiers read them: whose signature of a page they forbid, and when.

def conflict_is_kept(record: Record, row: Row, entry: LedgerReference) -> Iterator[str]:
    """A conflict of interest is compared with the signatures of its page."""
    record.conflicts[row["key"]].append((row, entry.seq))
    yield from ()


def conflict_end_is_by_another(record: Record, row: Row, entry: LedgerReference) -> Iterator[str]:
    """A conflict is ended once, and not by the person who has it, by account or sign-in name."""
    found = [conflict for conflict, _ in record.conflicts[row["key"]] if conflict["id"] == row["conflict_id"]]
    if not found:
        yield f"is not of conflict {row['conflict_id']}"
        return
    names = {each.lower() for each in (found[0]["username"], row["by_username"])}
    if found[0]["user_id"] == row["by_id"] or len(names) == 1:
        yield "is by the person who has the conflict"
    if row["conflict_id"] in record.conflict_ends:
        yield f"conflict {row['conflict_id']} is ended a second time"
    record.conflict_ends[row["conflict_id"]] = entry.seq


def signed_in_conflict(record: Record, signature: Row, signed: int, made: int) -> Iterator[str]:
    """A signature is by nobody with a conflict of interest that was declared before the act was made.

    ``signed`` and ``made`` are the ledger entries of the signature and of what was signed: a declaration of
    later on says nothing about either.
    """
    day = utc_time(signature["signed_at"]).date().isoformat()
    keys = keys_of_person(signature)
    for conflict, declared in record.conflicts[signature["key"]]:
        is_theirs = conflict["user_id"] == signature["user_id"] or keys & keys_of_person(conflict)
        lasts = conflict["starts_on"] <= day <= (conflict["ends_on"] or day)
        ended = record.conflict_ends.get(conflict["id"], made + 1)
        if is_theirs and lasts and declared < made and ended > signed:
            yield f"signature {signature['id']} is by somebody with a conflict of interest ({conflict['id']})"


# --- row_rules: Rules of the rows, each compared with its ledger entry and with the rows it belongs to.

#: What a retraction repeats of its contribution.
RETRACTED_COLUMNS = ("key", "after_edition", "user_id", "username")

RowRule = Callable[[Record, Row, LedgerReference], Iterator[str]]


def row_equals_entry(name: str) -> RowRule:
    """Every column equals the ledger entry; one the entry does not have must be empty."""
    table = RECORDED[name]

    def compare(record: Record, row: Row, entry: LedgerReference) -> Iterator[str]:
        data = parsed(entry.body)["data"]
        for column in sorted(set(row) - table.not_in_entry - {table.identity}):
            named = NAMES_IN_ENTRY.get(column, column)
            if named in data and canonical(data[named]) != canonical(row[column]):
                yield f"{column} differs from ledger entry {entry.seq}"
            if named not in data and row[column] not in (None, "", [], {}):
                yield f"{column} is not in ledger entry {entry.seq}"
        columns = {NAMES_IN_ENTRY.get(column, column) for column in row}
        identity = {table.identity_in_entry or table.label}
        for named in sorted(set(data) - columns - table.only_in_entry - identity):
            yield f"{named} of ledger entry {entry.seq} is missing"

    return compare


def time_is_of_entry(column: str) -> RowRule:
    """A time of a row is that of its ledger entry, within ``CLOCK_SKEW``."""

    def compare(record: Record, row: Row, entry: LedgerReference) -> Iterator[str]:
        if abs(utc_time(row[column]) - entry.at) > CLOCK_SKEW:
            yield f"{column} is {row[column]}, but its ledger entry is of {entry.at.isoformat()}"

    return compare


def contribution_is_kept(record: Record, row: Row, entry: LedgerReference) -> Iterator[str]:
    """A contribution is not later than its ledger entry."""
    person = {"id": row["user_id"], "username": row["username"], "sign_in_keys": row.get("sign_in_keys")}
    record.contributors[row["key"], row["after_edition"]].append(person)
    record.contributions[row["id"]] = (row, person)
    if utc_time(row["at"]) > entry.at + CLOCK_SKEW:
        yield f"its time {row['at']} is after that of ledger entry {entry.seq}"


def retraction_is_of_its_contribution(record: Record, row: Row, entry: LedgerReference) -> Iterator[str]:
    """A retraction is of one contribution, which excludes nobody from then on."""
    found, person = record.contributions.pop(row["contribution_id"], ({}, {}))
    if any(name not in found or found[name] != row[name] for name in RETRACTED_COLUMNS):
        yield f"is not of contribution {row['contribution_id']}"
        return
    if utc_time(row["at"]) > entry.at + CLOCK_SKEW:
        yield f"its time {row['at']} is after that of ledger entry {entry.seq}"
    person["retracted"] = entry.seq


def signature_is_kept(record: Record, row: Row, entry: LedgerReference) -> Iterator[str]:
    """Signatures are found by what they sign."""
    record.signatures[row["submission"], row["sha256"]].append((row, entry.seq))
    yield from ()


def statement_is_of_its_columns(record: Record, row: Row, entry: LedgerReference) -> Iterator[str]:
    """What was signed names the text, the step and the signer as the columns do."""
    if row.get("statement"):
        if sha256(row["statement"].encode()) != row["statement_sha256"]:
            yield "its statement does not match its hash"
        if canonical({name: row[name] for name in STATED}) != row["statement"]:
            yield "its columns differ from its statement"
    elif row.get("statement_sha256"):
        yield "its statement is missing"


def withdrawal_is_of_its_edition(record: Record, row: Row, entry: LedgerReference) -> Iterator[str]:
    """A withdrawal's columns and hash follow from its text, which names one edition of its page."""
    record.withdrawals[row["id"]] = row
    edition = record.editions.get(row["edition_id"])
    if edition is None or edition.row["key"] != row["key"]:
        yield "of an edition of another page"
        return
    text = {"withdrawal": row["uuid"], "edition": edition.row["number"], "sha256": edition.row["sha256"]}
    text |= {name: row[name] for name in ("key", "cause", "reason", "advice", "note")}
    if canonical(text) != row["canonical"] or sha256(row["canonical"].encode()) != row["sha256"]:
        yield "its columns or its hash differ from its text"


def act_is_signed(record: Record, row: Row, entry: LedgerReference) -> Iterator[str]:
    """Somebody qualified signed exactly this act, a withdrawal or a sentence, before it was made."""
    given = record.signatures[row["uuid"], row["sha256"]]
    if not any(s["key"] == row["key"] and signature_is_named(s) and seq < entry.seq for s, seq in given):
        yield "nobody signed it"
    for signature, _ in given:
        if signature["id"] in record.voided:
            yield f"signature {signature['id']} was voided"


def sentence_is_of_its_edition(record: Record, row: Row, entry: LedgerReference) -> Iterator[str]:
    """A prepared sentence's columns and hash follow from its text, which names one edition of its page."""
    edition = record.editions.get(row["edition_id"])
    if edition is None or edition.row["key"] != row["key"]:
        yield "of an edition of another page"
        return
    text = {"sentence": row["uuid"], "edition": edition.row["number"], "sha256": edition.row["sha256"]}
    text |= {
        name: row[name]
        for name in ("key", "set_id", "version", "label_sha256", "agency", "effective", "wording")
    }
    if canonical(text) != row["canonical"] or sha256(row["canonical"].encode()) != row["sha256"]:
        yield "its columns or its hash differ from its text"


def sentence_is_signed_by_another(record: Record, row: Row, entry: LedgerReference) -> Iterator[str]:
    """No signature of a prepared sentence is by somebody who wrote its edition."""
    edition = record.editions.get(row["edition_id"])
    wrote = [(each["id"], each["username"]) for each in edition.row["contributors"]] if edition else []
    for signature, seq in record.signatures[row["uuid"], row["sha256"]]:
        yield from signed_in_conflict(record, signature, seq, entry.seq)
        if any(signature["user_id"] == pk or signature["username"] == name for pk, name in wrote):
            yield f"signature {signature['id']} is by somebody who wrote the page"


def publication_shows_its_edition(record: Record, row: Row, entry: LedgerReference) -> Iterator[str]:
    """A public path points to an edition of its page, at that edition's path unless it moved."""
    edition, data = record.editions.get(row["edition_id"]), parsed(entry.body)["data"]
    if edition is None or edition.row["key"] != row["key"]:
        yield "points to an edition of another page"
        return
    if (data["number"], data["sha256"]) != (edition.row["number"], edition.row["sha256"]):
        yield "points to another edition than its ledger entry"
    if row["state"] != "moved" and edition.row["path"] != row["path"]:
        yield f"points to an edition of {edition.row['path']}"


def publication_is_withdrawn_by_its_withdrawal(
    record: Record, row: Row, entry: LedgerReference
) -> Iterator[str]:
    """A withdrawn path gives the reason of a withdrawal of its edition."""
    if row["state"] == "withdrawn":
        withdrawal = record.withdrawals.get(row["withdrawal_id"], {})
        if (withdrawal.get("edition_id"), withdrawal.get("reason")) != (row["edition_id"], row["reason"]):
            yield "withdrawn by a withdrawal of something else"


#: Rules of the rows of each table, in the order in which they are applied; editions have more of their own.
ROW_RULES: dict[str, tuple[RowRule, ...]] = {
    "contributions": (row_equals_entry("contributions"), contribution_is_kept),
    "retractions": (row_equals_entry("retractions"), retraction_is_of_its_contribution),
    "conflicts": (row_equals_entry("conflicts"), time_is_of_entry("at"), conflict_is_kept),
    "conflict_ends": (
        row_equals_entry("conflict_ends"),
        time_is_of_entry("at"),
        conflict_end_is_by_another,
    ),
    "signatures": (
        row_equals_entry("signatures"),
        time_is_of_entry("signed_at"),
        statement_is_of_its_columns,
        signature_is_kept,
    ),
    "editions": (
        row_equals_entry("editions"),
        time_is_of_entry("created_at"),
        time_is_of_entry("effective_at"),
    ),
    "withdrawals": (
        row_equals_entry("withdrawals"),
        time_is_of_entry("at"),
        withdrawal_is_of_its_edition,
        act_is_signed,
    ),
    "sentences": (
        row_equals_entry("sentences"),
        time_is_of_entry("at"),
        sentence_is_of_its_edition,
        act_is_signed,
        sentence_is_signed_by_another,
    ),
    "publications": (
        row_equals_entry("publications"),
        time_is_of_entry("flipped_at"),
        publication_shows_its_edition,
        publication_is_withdrawn_by_its_withdrawal,
    ),
}


# --- edition_rules: Rules of an edition: its text, its signatures, its dates and its figures.

class EditionFacts(NamedTuple):
    """An edition and the rows it belongs to; ``document`` is None if its text is no JSON object."""

    row: Row
    entry: LedgerReference
    document: Row | None
    before: KnownEdition | None
    signatures: list[tuple[Row, int]]
    source: RecordSource


#: Versions of documents that the rules can read.
DOCUMENT_VERSIONS = (1, 2)

EditionRule = Callable[[Record, EditionFacts], Iterator[str]]


def edition_facts(record: Record, row: Row, entry: LedgerReference, source: RecordSource) -> EditionFacts:
    """The facts that the rules of an edition read."""
    try:
        document = parsed(row["canonical"])
    except (RecursionError, TypeError, ValueError):
        document = None
    found = record.signatures[row["submission"], row["sha256"]]
    given = sorted(
        ((s, seq) for s, seq in found if s["key"] == row["key"]),
        key=lambda signature: (signature[0]["signed_at"], signature[0]["id"]),
    )
    before = record.newest.get(row["key"])
    return EditionFacts(row, entry, document if isinstance(document, dict) else None, before, given, source)


def keep_edition(record: Record, facts: EditionFacts) -> None:
    """Keep what later editions, signed acts and publications are compared with."""
    row = facts.row
    kept = {name: row[name] for name in ("key", "number", "path", "sha256", "contributors")}
    known = KnownEdition(kept, (row["last_reviewed"], row["next_due"]))
    record.newest[row["key"]] = record.editions[row["id"]] = known
    record.texts[row["key"], row["number"]] = row["sha256"]
    record.used_submissions.add(row["submission"])


def number_follows(record: Record, facts: EditionFacts) -> Iterator[str]:
    """Editions of a page are numbered from 1 without a gap."""
    if facts.row["number"] != (facts.before.row["number"] if facts.before else 0) + 1:
        yield "an earlier number is missing"


def text_has_its_hash(record: Record, facts: EditionFacts) -> Iterator[str]:
    """The hash is that of the text."""
    if sha256(facts.row["canonical"].encode()) != facts.row["sha256"]:
        yield "its text does not match its hash"


def text_is_canonical(record: Record, facts: EditionFacts) -> Iterator[str]:
    """The text is JSON in its canonical form."""
    if facts.document is None or canonical(facts.document) != facts.row["canonical"]:
        yield "its text is not in canonical form"


def version_is_known(record: Record, facts: EditionFacts) -> Iterator[str]:
    """The text is of a version of documents that these rules were written for."""
    version = facts.document.get("schema_version") if facts.document else None
    if facts.document and (type(version) is not int or version not in DOCUMENT_VERSIONS):
        known = ", ".join(map(str, DOCUMENT_VERSIONS))
        yield (
            f"its text is of version {version!r} of documents; this program reads versions {known}. Take the "
            "one of a newer export"
        )


def columns_repeat_text(record: Record, facts: EditionFacts) -> Iterator[str]:
    """The columns that lists and searches read repeat the text."""
    for column, value in columns_of(facts.document).items() if facts.document else ():
        if canonical(facts.row[column]) != canonical(value):
            yield f"{column} differs from its text"


def text_was_submitted(record: Record, facts: EditionFacts) -> Iterator[str]:
    """The text and its steps are those of its submission, which has no other edition."""
    row = facts.row
    if row["submission"] in record.used_submissions:
        yield "its submission has an edition already"
    if record.submitted.get(row["submission"]) != (row["sha256"], canonical(row["steps"])):
        yield "this text was not submitted, or for other steps of review"


def signatures_came_first(record: Record, facts: EditionFacts) -> Iterator[str]:
    """No signature is voided, or given after the edition was made."""
    made = utc_time(facts.row["created_at"])
    for signature, seq in facts.signatures:
        if signature["id"] in record.voided:
            yield f"signature {signature['id']} was voided"
        if seq > facts.entry.seq or utc_time(signature["signed_at"]) > made + CLOCK_SKEW:
            yield f"signature {signature['id']} was given after it was made"


def reviewers_are_the_signers(record: Record, facts: EditionFacts) -> Iterator[str]:
    """Patients read the names of those who signed."""
    names = ("name", "credentials", "step")
    shown = [{name: signature[name] for name in names} for signature, _ in facts.signatures]
    if canonical(shown) != canonical(facts.row["reviewers"]):
        yield "its reviewers are not those who signed"


def every_step_is_signed(record: Record, facts: EditionFacts) -> Iterator[str]:
    """Every step has enough signatures by distinct qualified people who did not contribute."""
    row = facts.row
    standing = (
        person
        for person in record.contributors[row["key"], row["number"] - 1]
        if person.get("retracted", facts.entry.seq) >= facts.entry.seq  # not after the edition
    )
    excluded = [*standing, *row["contributors"]]
    ids = {person["id"] for person in excluded if person["id"]}
    keys = {key for person in excluded for key in keys_of_person(person)}
    valid = [
        s
        for s, _ in facts.signatures
        if signature_is_named(s) and s["user_id"] not in ids and keys.isdisjoint(keys_of_person(s))
    ]
    wanted = 0
    for step in row["steps"]:
        needed = max(step["signatures"], 1)
        wanted += needed
        given = len({s["user_id"] for s in valid if s["step"] == step["step"]})
        if given < needed:
            yield f"step “{step['step']}” has {given} of {needed} signatures"
    people = len({s["user_id"] for s in valid})
    if not wanted or people < wanted:
        yield f"signed by {people} people, needs {max(wanted, 1)}"


def signers_have_no_conflict(record: Record, facts: EditionFacts) -> Iterator[str]:
    """No signature is by somebody with a conflict of interest that was declared before the edition."""
    for signature, seq in facts.signatures:
        yield from signed_in_conflict(record, signature, seq, facts.entry.seq)


def dates_follow(record: Record, facts: EditionFacts) -> Iterator[str]:
    """Only a full review changes the review dates, to the day of its last signature."""
    row = facts.row
    if row["review_kind"] == "correction" and facts.before:
        expected = facts.before.dates
    elif facts.signatures and facts.document:
        day = max(utc_time(signature["signed_at"]) for signature, _ in facts.signatures).date()
        due = later_month(day, facts.document["review_interval_months"])
        expected = (day.isoformat(), due.isoformat())
    else:
        return
    if (row["last_reviewed"], row["next_due"]) != expected:
        yield "last_reviewed or next_due does not follow from its review"


def restored_text_is_the_earlier(record: Record, facts: EditionFacts) -> Iterator[str]:
    """An edition that restores another has its text."""
    row = facts.row
    if row["restores"] is not None and record.texts.get((row["key"], row["restores"])) != row["sha256"]:
        yield f"its text is not that of edition {row['restores']}"


def figures_are_its_own(record: Record, facts: EditionFacts) -> Iterator[str]:
    """The figures listed for an edition are those its text names, and their files are unaltered."""
    if facts.document is None:
        return
    shown = figures_of(facts.document)
    if shown != record.figures.get(facts.row["id"], set()):
        yield "its list of figures differs from its text"
    for digest, file_name in sorted(shown):
        if not facts.source.has_figure(file_name, digest):
            yield f"figure file {file_name} is missing or does not match its hash"


EDITION_RULES: tuple[EditionRule, ...] = (
    number_follows,
    text_has_its_hash,
    text_is_canonical,
    version_is_known,
    columns_repeat_text,
    text_was_submitted,
    signatures_came_first,
    reviewers_are_the_signers,
    every_step_is_signed,
    signers_have_no_conflict,
    dates_follow,
    restored_text_is_the_earlier,
    figures_are_its_own,
)


# --- record_check: Check a whole record, whatever it is read from, and note every fault.

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


# --- verify_export: Check an exported record on a machine that has Python 3.11 or later and nothing else.

EXPORT_FORMAT = 1
MANIFEST_NAME = "manifest.json"
#: File names of an export; none can lead out of the folder.
FILE_NAME = re.compile(r"(?:(?:editions|figures)/)?[A-Za-z0-9_-][A-Za-z0-9_.-]*", re.ASCII)
TAG = re.compile(r"<[^>]*>")
#: Fields of a text that are not shown on its page, and fields shown in an HTML attribute only.
HIDDEN_FIELDS = frozenset(
    "collection condition date_seen frequency group key kind language media_type page sha256 slug type "
    "urgency".split()
)
ATTRIBUTE_FIELDS = frozenset({"alt", "address"})
#: Fields that hold rich text; the latter two are the cells of tables.
HTML_FIELDS = frozenset({"html", "header", "rows"})
ROOT_FILES = {
    *(f"{name}.jsonl" for name in (*RECORDED, "figures", "ledger")),
    "index.html",
    "verify_export.py",
}
#: Files that exports of earlier releases do not have.
LATER_FILES = {"retractions.jsonl", "sentences.jsonl", "conflicts.jsonl", "conflict_ends.jsonl"}


def words_of(value: Any, name: str = "") -> Iterator[tuple[str, bool]]:
    """Every string of a text that its page shows, and whether it is in an HTML attribute."""
    if isinstance(value, dict):
        for inner, item in value.items():
            yield from words_of(item, inner)
    elif isinstance(value, list):
        for item in value:
            yield from words_of(item, name)
    elif isinstance(value, str) and name not in HIDDEN_FIELDS:
        yield (html.unescape(TAG.sub("", value)) if name in HTML_FIELDS else value), name in ATTRIBUTE_FIELDS


class ExportFolder:
    """The files of one export, as the source of a record."""

    def __init__(self, folder: Path, record: Record) -> None:
        self.folder, self.record = folder, record
        self.files: dict[str, Row] = {}
        self.manifest: Row = {}
        self.homonyms: set[str] = set()
        self.pages: set[str] = set()

    def rows(self, name: str) -> Iterator[Row | None]:
        """Yield the rows of a file; None for a line that is not one."""
        file = self.folder / f"{name}.jsonl"
        if not file.is_file() or file.is_symlink():
            return
        with self.record.noting(file.name), file.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                row = None
                with self.record.noting(f"{file.name}, line {number}"):
                    found = parsed(line)
                    if not isinstance(found, dict) or not line.endswith(b"\n"):
                        raise ValueError("not one object on one line")
                    row = found
                yield row

    def has_figure(self, file_name: str, digest: str) -> bool:
        """Whether the manifest, which is compared with the files, lists the figure with this hash."""
        facts = self.files.get(f"figures/{file_name}")
        return isinstance(facts, dict) and facts.get("sha256") == digest

    def check_files(self) -> bool:
        """Check that the folder holds the files its manifest lists, and no others.

        False if there is no manifest that this program can read.
        """
        found = set(self._file_names(self.folder, ""))
        if MANIFEST_NAME not in found:
            self.record.add(f"{MANIFEST_NAME}: missing")
            return False
        with self.record.noting(MANIFEST_NAME):
            self.manifest = parsed((self.folder / MANIFEST_NAME).read_bytes())
            if self.manifest["format"] != EXPORT_FORMAT:
                other = self.manifest["format"]
                self.record.add(f"{MANIFEST_NAME}: has format {other}, this program reads {EXPORT_FORMAT}")
                return False
            self.files = dict(self.manifest["files"])
        for name in sorted(self.files):
            if not FILE_NAME.fullmatch(name) or ("/" not in name and name not in ROOT_FILES):
                self.record.add(f"{MANIFEST_NAME}: lists {name!r}, which is not part of an export")
                del self.files[name]
        for name in sorted(found - {MANIFEST_NAME} - set(self.files)):
            self.record.add(f"{name}: not in the manifest")
        for name in sorted((ROOT_FILES - LATER_FILES | set(self.files)) - found):
            self.record.add(f"{name}: missing")
        for name in sorted(set(self.files) & found):
            self._check_hash(name, self.files[name])
        return True

    def _check_hash(self, name: str, facts: Row) -> None:
        with self.record.noting(name), (self.folder / name).open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            if (stream.tell(), digest) != (facts["size"], facts["sha256"]):
                self.record.add(f"{name}: does not match its hash in the manifest")

    def _file_names(self, folder: Path, prefix: str) -> Iterator[str]:
        with self.record.noting(prefix or str(folder)), os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                name = prefix + entry.name
                if entry.is_symlink() or not (entry.is_file() or entry.is_dir()):
                    self.record.add(f"{name}: not a file or a folder but a link or a device")
                elif entry.is_dir():
                    yield from self._file_names(folder / entry.name, f"{name}/")
                else:
                    yield name

    def page_shows_edition(self, record: Record, facts: EditionFacts) -> Iterator[str]:
        """The HTML page of an edition shows its whole text, its signatures and contributors."""
        row = facts.row
        name = f"editions/{row['slug']}-{row['number']}"
        page = f"{name}.{row['id']}.html" if name.lower() in self.homonyms else f"{name}.html"
        self.homonyms.add(name.lower())
        self.pages.add(page)
        if page not in self.files or (self.folder / page).is_symlink() or not (self.folder / page).is_file():
            yield f"{page} is missing, its page"
            return
        source = (self.folder / page).read_text(encoding="utf-8")
        attributes = without_spaces(html.unescape(source))
        text = without_spaces(html.unescape(TAG.sub("", source)))
        shown = [row["sha256"], row["reason"], row["created_at"], row["last_reviewed"], row["next_due"]]
        names = ("name", "credentials", "username", "step", "meaning", "method", "signed_at")
        shown += [signature[name] for signature, _ in facts.signatures for name in names]
        shown += [person["name"] for person in row["contributors"]]
        for words, in_attribute in (*words_of(facts.document), *((fact, False) for fact in shown)):
            if without_spaces(words) not in (attributes if in_attribute else text):
                yield f"{page} does not show what it says: {words[:60]!r}"

    def check_no_other_files(self) -> None:
        """Check that every page and figure file belongs to an edition."""
        shown = {
            f"figures/{file_name}" for figures in self.record.figures.values() for _, file_name in figures
        }
        for name in sorted(set(self.files) - shown - self.pages):
            if "/" in name:
                self.record.add(f"{name}: belongs to no edition")

    def check_manifest(self) -> None:
        """Check that the manifest's counts and head are those of the record."""
        seq, digest = self.record.head
        counts = {name: n for name, n in self.record.counts.items() if n or f"{name}.jsonl" in self.files}
        found = {"counts": counts, "head": {"seq": seq, "hash": digest}}
        for name, value in found.items():
            if self.manifest.get(name) != value:
                self.record.add(f"{MANIFEST_NAME}: its “{name}” differs from the record")


def check_folder(
    folder: Path, anchor: tuple[int, str] | None = None, kept_tree: TreeHead | None = None
) -> Record:
    """Check the export in ``folder`` and return its record, with all faults."""
    record = Record()
    files = ExportFolder(folder, record)
    with record.noting(str(folder)):
        if files.check_files():
            RecordCheck(files, record, datetime.now(UTC), [files.page_shows_edition]).run(anchor, kept_tree)
            files.check_no_other_files()
            files.check_manifest()
    return record


def without_spaces(text: str) -> str:
    """``text`` without white space."""
    return "".join(text.split())


# --- Command line -----------------------------------------------------------------------------------


def parse_anchor(text: str, keys: list[str]) -> tuple[int, str] | TreeHead:
    """A head or a signed checkpoint, given as text or as the name of a file. Raises ``ValueError``."""
    if not re.fullmatch(r"\s*\d+\s+[0-9a-f]{64}\s*", text):
        try:
            text = Path(text).read_text(encoding="utf-8")
        except OSError as error:
            raise ValueError(f"{text}: {error.strerror}") from error
    if text.count("\n\n") == 1:
        log_keys = [parse_verifier_key(key) for key in keys]
        return opened_checkpoint(parse_note(text), log_keys, [], 0, is_signature_of)[0]
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
    parser.add_argument("--key", action="append", default=[], help="a public key of the ledger")
    arguments = parser.parse_args()
    if not arguments.folder.is_dir():
        parser.error(f"{arguments.folder} is not a folder")
    try:
        kept = parse_anchor(arguments.anchor, arguments.key) if arguments.anchor is not None else None
    except ValueError as error:
        parser.error(str(error))
    anchor, kept_tree = (None, kept) if isinstance(kept, TreeHead) else (kept, None)
    record = check_folder(arguments.folder, anchor, kept_tree)
    for fault in record.faults:
        print_line(f"FAULT {fault}")
    if record.faults:
        return 1
    counts = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in record.counts.items())
    print_line(f"OK {counts}. Head {record.head[0]} {record.head[1]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
