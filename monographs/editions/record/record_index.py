"""What has been read of a record, and the faults found in it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from monographs.editions.record.json_values import GENESIS, Row

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
    "label_answers": TableSpec(
        "label answer",
        "label_answered",
        identity_in_entry="label_answer",
        not_in_entry=frozenset({"canonical"}),
    ),
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
    "label_id": "label",
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
    """The part of an edition that publications, signed acts and later editions are compared with.

    ``made`` is its ledger entry.
    """

    row: Row
    dates: tuple[str, str]
    made: int


class RecordedText(NamedTuple):
    """The hash of an edition's text, and its kind."""

    sha256: str
    kind: str


@dataclass
class RecordedHold:
    """A change of sign-in facts after which an account must not sign until a time, or until it is confirmed.

    ``reason`` names what changed, ``actor`` who changed it.
    """

    reason: str
    actor: int | None
    since: datetime
    until: datetime | None
    confirmed: datetime | None = None


class RecordSource(Protocol):
    """Where a record is read from: the database, or the files of an export."""

    def rows(self, name: str) -> Iterator[Row | None]:
        """Yield the rows of a table as JSON values in their order; None for one that cannot be read."""

    def has_figure(self, file_name: str, digest: str) -> bool:
        """Whether the figure file exists and has this hash."""

    def earlier_text(self, key: str, number: int, before: int) -> RecordedText | None:
        """An edition that is not read from here and has a lower id than ``before``."""


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
        #: Invitations of outside experts to sign, by submission; and the entry that ended each link.
        self.invitations: dict[str, list[Entry]] = defaultdict(list)
        self.revoked_links: dict[int, int] = {}
        self.signatures: dict[tuple[str, str], list[tuple[Row, int]]] = defaultdict(list)
        self.figures: dict[int, set[tuple[str, str]]] = defaultdict(set)
        self.editions: dict[int, KnownEdition] = {}
        #: The editions of each page, in the order in which they were made.
        self.of_page: dict[str, list[KnownEdition]] = defaultdict(list)
        self.texts: dict[tuple[str, int], RecordedText] = {}
        #: By page, the ledger entry of each withdrawal and the number of the edition that it withdrew.
        self.withdrawn_numbers: dict[str, set[tuple[int, int]]] = defaultdict(set)
        self.holds: dict[int, list[RecordedHold]] = defaultdict(list)
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
