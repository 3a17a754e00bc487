"""Check the whole record: chain, contributions, signatures, editions, publications.

The first fault is named.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from monographs.document import canonical_bytes, parse_document
from monographs.document.canonical import sha256_hex
from monographs.document.models import BaseDocument
from monographs.editions.figure_files import FigureFileError, figure_bytes
from monographs.editions.ledger import GENESIS, Event, entry_hash
from monographs.editions.models import (
    Contribution,
    Edition,
    LedgerEntry,
    Publication,
    Signature,
    Withdrawal,
)
from monographs.editions.person import Person
from monographs.editions.publishing import (
    ExcludedUsers,
    MissingSignatures,
    ReviewStep,
    check_signed,
    columns_of,
    review_dates,
    reviewers_of,
    signatures_for,
    signed_on,
)
from monographs.editions.repeatable_read import repeatable_read
from monographs.editions.withdrawals import signed_text

#: Tables whose every row is told by a ledger entry: event, name of the row (and of its id in the entry).
TOLD = {
    Event.CONTRIBUTED: ("contribution", Contribution),
    Event.SIGNED: ("signature", Signature),
    Event.EDITION: ("edition", Edition),
    Event.WITHDRAWN: ("withdrawal", Withdrawal),
}


#: Editions whose rows are fetched together, and texts kept parsed.
CHUNK = 200


class VerificationError(Exception):
    """Something in the record is not as it was written; the message names it."""


@repeatable_read()
def verify(anchor: tuple[int, str] | None = None) -> dict[str, int]:
    """Check everything and return how many rows of each sort were checked. Raises ``VerificationError``.

    ``anchor`` is a head (sequence, hash) kept elsewhere: it must still be in the chain, so a cut tail
    or a rewritten chain is caught. The record is read as of one moment: people may go on signing.
    """
    story = _LedgerReplay()
    entries = 0
    for entry, data in _chain(anchor):
        entries += 1
        story.hear(entry, data)
    counts = {"entries": entries}
    for event, (name, model) in TOLD.items():
        counts[f"{name}s"] = _rows_as_told(model, name, story.told[event])
    previous: Edition | None = None
    for signed in _editions():
        edition = signed.edition
        _check_edition(signed, previous if previous and previous.key == edition.key else None, story)
        previous = edition
    for withdrawal in Withdrawal.objects.select_related("edition").order_by("pk").iterator():
        _check_withdrawal(withdrawal)
    return {**counts, "publications": _check_publications(story.public)}


class _LedgerReplay:
    """What the ledger tells, entry by entry."""

    def __init__(self) -> None:
        self.told: dict[str, dict[int, dict[str, Any]]] = {event: {} for event in TOLD}
        self.public: dict[str, dict[str, Any]] = {}
        #: Hash and steps of each submission, as it was made.
        self.submitted: dict[str, tuple[str, Any]] = {}
        #: What signers of each submission must tick, where it says so; and what each said they had.
        self.checklists: dict[str, list[str]] = {}
        self.checked: dict[tuple[str, str, int], list[str]] = {}
        self.void: set[int] = set()

    def hear(self, entry: LedgerEntry, data: dict[str, Any]) -> None:
        """Remember what ``entry`` tells. Rows never change, so each is told of once."""
        match entry.event:
            case Event.PUBLICATION:
                self.public[data["path"]] = data
            case Event.VOIDED:
                self.void.add(data["signature"])
            case Event.SUBMITTED:
                self.submitted.setdefault(data["submission"], (data["sha256"], data["steps"]))
                if "checklist" in data:
                    self.checklists.setdefault(data["submission"], data["checklist"])
            case Event.CHECKED:
                who = json.loads(entry.body)["actor"]["id"]
                self.checked[data["submission"], data["sha256"], who] = data["statements"]
            case event if event in self.told:
                self._row(entry, data)

    def _row(self, entry: LedgerEntry, data: dict[str, Any]) -> None:
        name, told = TOLD[Event(entry.event)][0], self.told[entry.event]
        if data[name] in told:
            raise VerificationError(f"ledger entry {entry.seq}: tells of {name} {data[name]} a second time")
        if entry.event == Event.SIGNED:
            actor = json.loads(entry.body)["actor"]
            if (actor["id"], actor["username"]) != (data["user_id"], data["username"]):
                raise VerificationError(
                    f"ledger entry {entry.seq}: somebody else than its actor signed {name} {data[name]}"
                )
        if entry.subject != data["key"]:
            raise VerificationError(f"ledger entry {entry.seq}: {name} {data[name]} is of another page")
        told[data[name]] = data
        if entry.event == Event.SIGNED:
            self._check_prepared(entry, data)

    def _check_prepared(self, entry: LedgerEntry, data: dict[str, Any]) -> None:
        """Whoever signed had said before what they read, and had ticked what was asked of them."""
        asked = self.checklists.get(data["submission"])
        if asked is None:
            return
        ticked = self.checked.get((data["submission"], data["sha256"], data["user_id"]))
        if ticked is None:
            raise VerificationError(
                f"ledger entry {entry.seq}: signature {data['signature']} tells of nothing read"
            )
        if missing := [statement for statement in asked if statement not in ticked]:
            raise VerificationError(
                f"ledger entry {entry.seq}: signature {data['signature']} without “{missing[0]}” ticked"
            )


def _chain(anchor: tuple[int, str] | None) -> Iterator[tuple[LedgerEntry, dict[str, Any]]]:
    previous, expected = GENESIS, 1
    anchored = anchor is None or anchor == (0, GENESIS)
    for entry in LedgerEntry.objects.order_by("seq").iterator():
        if entry.seq != expected:
            raise VerificationError(f"ledger entry {expected}: missing (the next one found is {entry.seq})")
        if entry.prev_hash != previous:
            raise VerificationError(f"ledger entry {entry.seq}: does not follow entry {entry.seq - 1}")
        if entry.hash != entry_hash(entry):
            raise VerificationError(
                f"ledger entry {entry.seq} ({entry.event}): its content does not match its hash"
            )
        if anchor and entry.seq == anchor[0]:
            if entry.hash != anchor[1]:
                raise VerificationError(f"ledger entry {entry.seq}: differs from the head kept elsewhere")
            anchored = True
        previous, expected = entry.hash, expected + 1
        yield entry, _data(entry)
    if not anchored and anchor:
        raise VerificationError(f"ledger entry {anchor[0]}: missing (the head kept elsewhere names it)")


def _data(entry: LedgerEntry) -> dict[str, Any]:
    try:
        data: dict[str, Any] = json.loads(entry.body)["data"]
    except (ValueError, TypeError, KeyError) as error:
        raise VerificationError(
            f"ledger entry {entry.seq} ({entry.event}): its body is not readable"
        ) from error
    return data


def _rows_as_told(model: Any, name: str, told: dict[int, dict[str, Any]]) -> int:
    found = 0
    for row in model._default_manager.order_by("pk").iterator():
        found += 1
        record = told.pop(row.pk, None)
        if record is None:
            raise VerificationError(f"{name} {row.pk} ({row}): not in the ledger")
        actual = row.as_record()
        for column, value in record.items():
            if actual[column] != value:
                raise VerificationError(f"{name} {row.pk} ({row}): {column} differs from the ledger")
    if told:
        raise VerificationError(f"{name} {min(told)}: in the ledger but no longer in the database")
    return found


@dataclass(frozen=True, slots=True)
class _Signed:
    """An edition with the rows it rests on."""

    edition: Edition
    signatures: list[Signature]
    contributors: list[Person]


def _editions() -> Iterator[_Signed]:
    """Every edition, page by page in order, with its rows; a fixed number of queries for each chunk."""
    rows = Edition.objects.order_by("key", "number").prefetch_related("figures").iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        signatures: dict[Any, list[Signature]] = defaultdict(list)
        given = Signature.objects.filter(submission__in=[e.submission for e in chunk])
        for signature in given.order_by("signed_at", "pk"):
            signatures[signature.submission, signature.sha256, signature.key].append(signature)
        people: dict[Any, list[Person]] = defaultdict(list)
        for row in Contribution.objects.filter(key__in={e.key for e in chunk}).order_by("pk"):
            people[row.key, row.after_edition].append(row.person)
        for edition in chunk:
            yield _Signed(
                edition,
                signatures[edition.submission, edition.sha256, edition.key],
                people[edition.key, edition.number - 1],
            )


@lru_cache(maxsize=CHUNK)
def _read(canonical: str) -> BaseDocument | None:
    """The document of a text; None for one that is not in canonical form."""
    document: BaseDocument = parse_document(canonical)
    return document if canonical_bytes(document) == canonical.encode() else None


def _check_edition(signed: _Signed, previous: Edition | None, story: _LedgerReplay) -> None:
    edition, signatures = signed.edition, signed.signatures
    name = f"edition {edition.pk} ({edition})"
    if edition.number != (previous.number + 1 if previous else 1):
        raise VerificationError(f"{name}: the edition before it is missing")
    if sha256_hex(edition.canonical.encode()) != edition.sha256:
        raise VerificationError(f"{name}: its text does not match its hash")
    document = _read(edition.canonical)
    if document is None:
        raise VerificationError(f"{name}: its text is not in canonical form")
    _check_columns(name, edition, document)
    _check_figures(name, edition, document)
    _check_signatures(name, signed, story)
    dates = review_dates(document, previous, edition.review_kind, signed_on(signatures))
    if dates != (edition.last_reviewed, edition.next_due):
        raise VerificationError(f"{name}: its review dates do not follow from its signatures")


def _check_signatures(name: str, signed: _Signed, story: _LedgerReplay) -> None:
    edition, signatures = signed.edition, signed.signatures
    told = [Person(c["id"], c["username"], c["name"]) for c in edition.contributors]
    barred = ExcludedUsers.by([*signed.contributors, *told])
    if story.submitted.get(str(edition.submission)) != (edition.sha256, edition.steps):
        raise VerificationError(f"{name}: this text was not submitted, or for other steps of review")
    if any(s.pk in story.void for s in signatures):
        raise VerificationError(f"{name}: it rests on a signature that was taken back")
    if edition.reviewers != reviewers_of(signatures):
        raise VerificationError(f"{name}: its reviewers are not those who signed")
    try:
        check_signed(signatures, [ReviewStep(**step) for step in edition.steps], barred)
    except MissingSignatures as error:
        raise VerificationError(f"{name}: {error}") from error


def _check_withdrawal(withdrawal: Withdrawal) -> None:
    name = f"withdrawal {withdrawal.pk} ({withdrawal.edition})"
    if sha256_hex(withdrawal.canonical.encode()) != withdrawal.sha256:
        raise VerificationError(f"{name}: its text does not match its hash")
    told = (withdrawal.uuid, withdrawal.edition, withdrawal.cause, withdrawal.note)
    words = (withdrawal.reason, withdrawal.advice)
    text = signed_text(*told, *words)
    if text != withdrawal.canonical or withdrawal.key != withdrawal.edition.key:
        raise VerificationError(f"{name}: its columns differ from its text")
    signatures = signatures_for(withdrawal.uuid, withdrawal.sha256)
    if not any(s.key == withdrawal.key and s.credentials for s in signatures):
        raise VerificationError(f"{name}: nobody signed it")


def _check_columns(name: str, edition: Edition, document: BaseDocument) -> None:
    """What lists and searches read beside the text must say what the text says."""
    row = edition.as_record()
    for column, value in columns_of(document).items():
        if row[column] != value:
            raise VerificationError(f"{name}: {column} differs from its text")


def _check_figures(name: str, edition: Edition, document: BaseDocument) -> None:
    """The files that are served for an edition are those its text pins."""
    shown = {(figure.file_name, figure.sha256) for figure in document.figures()}
    if shown != {(figure.file_name, figure.sha256) for figure in edition.figures.all()}:
        raise VerificationError(f"{name}: its list of figures differs from its text")
    for file_name, _ in sorted(shown):
        try:
            figure_bytes(file_name)
        except FigureFileError as error:
            raise VerificationError(f"{name}: {error}") from error


def _check_publications(public: dict[str, dict[str, Any]]) -> int:
    found = 0
    for publication in Publication.objects.select_related("edition").order_by("path"):
        found += 1
        told = public.pop(publication.path, None)
        actual = (
            publication.edition_id,
            str(publication.key),
            publication.state,
            publication.reason,
            publication.withdrawal_id,
            publication.edition.number,
            publication.edition.sha256,
        )
        columns = ("edition", "key", "state", "reason", "withdrawal", "number", "sha256")
        if told is None or tuple(told.get(column) for column in columns) != actual:
            raise VerificationError(f"publication {publication.path}: differs from what the ledger tells")
    if public:
        raise VerificationError(f"publication {min(public)}: in the ledger but no longer in the database")
    return found
