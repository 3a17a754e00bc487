"""Verify all append-only tables and the publications against the ledger and against one another."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from monographs.document import parse_document
from monographs.document.canonical import sha256_hex
from monographs.document.models import BaseDocument
from monographs.document.versions.stored_document import UnreadableDocument, is_canonical
from monographs.editions.dates import review_dates
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
from monographs.editions.publishing import edition_columns
from monographs.editions.repeatable_read import repeatable_read
from monographs.editions.signatures import (
    ExcludedUsers,
    MissingSignatures,
    ReviewStep,
    check_signed,
    reviewers_of,
    signatures_for,
    signed_on,
)
from monographs.editions.withdrawals import canonical_withdrawal

#: Tables with a ledger entry per row, by event: name of a row (and of its id in the entry), and model.
RECORDED_ROWS = {
    Event.CONTRIBUTED: ("contribution", Contribution),
    Event.SIGNED: ("signature", Signature),
    Event.EDITION: ("edition", Edition),
    Event.WITHDRAWN: ("withdrawal", Withdrawal),
}

#: Editions whose rows are fetched together, and parsed texts kept in memory.
CHUNK = 200


class VerificationError(Exception):
    """A row or ledger entry is not as it was written; the message names it."""


@repeatable_read()
def verify(anchor: tuple[int, str] | None = None) -> dict[str, int]:
    """Check everything and return the number of checked rows of each kind.

    ``anchor`` is a head (sequence, hash) kept elsewhere: it must still be in the chain, so a cut tail
    or a rewritten chain is found. All is read from one snapshot, so users can go on signing.
    Raises ``VerificationError`` at the first fault.
    """
    replay = _LedgerReplay()
    entries = 0
    for entry, data in _verified_chain(anchor):
        entries += 1
        replay.apply(entry, data)
    counts = {"entries": entries}
    for event, (name, model) in RECORDED_ROWS.items():
        counts[f"{name}s"] = _check_rows(model, name, replay.rows[event])
    previous: Edition | None = None
    for rows in _editions():
        edition = rows.edition
        _check_edition(rows, previous if previous and previous.key == edition.key else None, replay)
        previous = edition
    for withdrawal in Withdrawal.objects.select_related("edition").order_by("pk").iterator():
        _check_withdrawal(withdrawal)
    return {**counts, "publications": _check_publications(replay.publications)}


class _LedgerReplay:
    """What the ledger says of each row, collected entry by entry."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[int, dict[str, Any]]] = {event: {} for event in RECORDED_ROWS}
        self.publications: dict[str, dict[str, Any]] = {}
        #: Hash and steps of each submission, as recorded when it was made.
        self.submitted: dict[str, tuple[str, Any]] = {}
        #: Statements the signers of a submission must tick, where it lists any; and those each signer ticked.
        self.checklists: dict[str, list[str]] = {}
        self.checked: dict[tuple[str, str, int], list[str]] = {}
        self.voided: set[int] = set()

    def apply(self, entry: LedgerEntry, data: dict[str, Any]) -> None:
        """Collect ``entry``. Rows never change, so each has one entry."""
        match entry.event:
            case Event.PUBLICATION:
                self.publications[data["path"]] = data
            case Event.VOIDED:
                self.voided.add(data["signature"])
            case Event.SUBMITTED:
                self.submitted.setdefault(data["submission"], (data["sha256"], data["steps"]))
                if "checklist" in data:
                    self.checklists.setdefault(data["submission"], data["checklist"])
            case Event.CHECKED:
                signer = json.loads(entry.body)["actor"]["id"]
                self.checked[data["submission"], data["sha256"], signer] = data["statements"]
            case event if event in self.rows:
                self._add_row(entry, data)

    def _add_row(self, entry: LedgerEntry, data: dict[str, Any]) -> None:
        name, recorded = RECORDED_ROWS[Event(entry.event)][0], self.rows[entry.event]
        if data[name] in recorded:
            raise VerificationError(f"ledger entry {entry.seq}: records {name} {data[name]} a second time")
        if entry.event == Event.SIGNED:
            actor = json.loads(entry.body)["actor"]
            if (actor["id"], actor["username"]) != (data["user_id"], data["username"]):
                raise VerificationError(
                    f"ledger entry {entry.seq}: its actor is not the signer of {name} {data[name]}"
                )
        if entry.subject != data["key"]:
            raise VerificationError(f"ledger entry {entry.seq}: {name} {data[name]} is of another page")
        recorded[data[name]] = data
        if entry.event == Event.SIGNED:
            self._check_checklist(entry, data)

    def _check_checklist(self, entry: LedgerEntry, data: dict[str, Any]) -> None:
        """Before signing, the signer recorded what they read and ticked every required statement."""
        required = self.checklists.get(data["submission"])
        if required is None:
            return
        ticked = self.checked.get((data["submission"], data["sha256"], data["user_id"]))
        if ticked is None:
            raise VerificationError(
                f"ledger entry {entry.seq}: signature {data['signature']} has no earlier “checked” entry"
            )
        if missing := [statement for statement in required if statement not in ticked]:
            raise VerificationError(
                f"ledger entry {entry.seq}: signature {data['signature']} without “{missing[0]}” ticked"
            )


def _verified_chain(anchor: tuple[int, str] | None) -> Iterator[tuple[LedgerEntry, dict[str, Any]]]:
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


def _check_rows(model: Any, name: str, recorded: dict[int, dict[str, Any]]) -> int:
    found = 0
    for row in model._default_manager.order_by("pk").iterator():
        found += 1
        record = recorded.pop(row.pk, None)
        if record is None:
            raise VerificationError(f"{name} {row.pk} ({row}): not in the ledger")
        actual = row.as_record()
        for column, value in record.items():
            if actual[column] != value:
                raise VerificationError(f"{name} {row.pk} ({row}): {column} differs from the ledger")
    if recorded:
        raise VerificationError(f"{name} {min(recorded)}: in the ledger but no longer in the database")
    return found


@dataclass(frozen=True, slots=True)
class _EditionRows:
    """An edition with its signatures and contributions."""

    edition: Edition
    signatures: list[Signature]
    contributors: list[Person]


def _editions() -> Iterator[_EditionRows]:
    """Every edition with its rows, ordered by page and number; a fixed number of queries for each chunk."""
    rows = Edition.objects.order_by("key", "number").prefetch_related("figures").iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        signatures: dict[Any, list[Signature]] = defaultdict(list)
        found = Signature.objects.filter(submission__in=[e.submission for e in chunk])
        for signature in found.order_by("signed_at", "pk"):
            signatures[signature.submission, signature.sha256, signature.key].append(signature)
        people: dict[Any, list[Person]] = defaultdict(list)
        for row in Contribution.objects.filter(key__in={e.key for e in chunk}).order_by("pk"):
            people[row.key, row.after_edition].append(row.person)
        for edition in chunk:
            yield _EditionRows(
                edition,
                signatures[edition.submission, edition.sha256, edition.key],
                people[edition.key, edition.number - 1],
            )


@lru_cache(maxsize=CHUNK)
def _parsed(canonical: str) -> BaseDocument:
    """The document of a stored text, of whatever version. Raises ``UnreadableDocument``.

    Canonical form and shape are those of the stored bytes: nothing is written again to be compared.
    """
    if not is_canonical(canonical):
        raise UnreadableDocument("not in canonical form")
    document: BaseDocument = parse_document(canonical)
    return document


def _check_edition(rows: _EditionRows, previous: Edition | None, replay: _LedgerReplay) -> None:
    edition, signatures = rows.edition, rows.signatures
    name = f"edition {edition.pk} ({edition})"
    if edition.number != (previous.number + 1 if previous else 1):
        raise VerificationError(f"{name}: the edition before it is missing")
    if sha256_hex(edition.canonical.encode()) != edition.sha256:
        raise VerificationError(f"{name}: its text does not match its hash")
    try:
        document = _parsed(edition.canonical)
    except UnreadableDocument as error:
        raise VerificationError(f"{name}: its text is {error}") from error
    _check_columns(name, edition, document)
    _check_figures(name, edition, document)
    _check_signatures(name, rows, replay)
    dates = review_dates(document, previous, edition.review_kind, signed_on(signatures))
    if dates != (edition.last_reviewed, edition.next_due):
        raise VerificationError(f"{name}: its review dates do not follow from its signatures")


def _check_signatures(name: str, rows: _EditionRows, replay: _LedgerReplay) -> None:
    edition, signatures = rows.edition, rows.signatures
    listed = [Person(c["id"], c["username"], c["name"]) for c in edition.contributors]
    excluded = ExcludedUsers.from_contributors([*rows.contributors, *listed])
    if replay.submitted.get(str(edition.submission)) != (edition.sha256, edition.steps):
        raise VerificationError(f"{name}: this text was not submitted, or for other steps of review")
    if any(s.pk in replay.voided for s in signatures):
        raise VerificationError(f"{name}: it has a voided signature")
    if edition.reviewers != reviewers_of(signatures):
        raise VerificationError(f"{name}: its reviewers are not those who signed")
    try:
        check_signed(signatures, [ReviewStep(**step) for step in edition.steps], excluded)
    except MissingSignatures as error:
        raise VerificationError(f"{name}: {error}") from error


def _check_withdrawal(withdrawal: Withdrawal) -> None:
    name = f"withdrawal {withdrawal.pk} ({withdrawal.edition})"
    if sha256_hex(withdrawal.canonical.encode()) != withdrawal.sha256:
        raise VerificationError(f"{name}: its text does not match its hash")
    text = canonical_withdrawal(
        withdrawal.uuid,
        withdrawal.edition,
        withdrawal.cause,
        withdrawal.note,
        withdrawal.reason,
        withdrawal.advice,
    )
    if text != withdrawal.canonical or withdrawal.key != withdrawal.edition.key:
        raise VerificationError(f"{name}: its columns differ from its text")
    signatures = signatures_for(withdrawal.uuid, withdrawal.sha256)
    if not any(s.key == withdrawal.key and s.credentials for s in signatures):
        raise VerificationError(f"{name}: nobody signed it")


def _check_columns(name: str, edition: Edition, document: BaseDocument) -> None:
    """The columns that lists and searches read must repeat the text."""
    row = edition.as_record()
    for column, value in edition_columns(document).items():
        if row[column] != value:
            raise VerificationError(f"{name}: {column} differs from its text")


def _check_figures(name: str, edition: Edition, document: BaseDocument) -> None:
    """The figure files served for an edition are those its text names, unaltered."""
    shown = {(figure.file_name, figure.sha256) for figure in document.figures()}
    if shown != {(figure.file_name, figure.sha256) for figure in edition.figures.all()}:
        raise VerificationError(f"{name}: its list of figures differs from its text")
    for file_name, _ in sorted(shown):
        try:
            figure_bytes(file_name)
        except FigureFileError as error:
            raise VerificationError(f"{name}: {error}") from error


def _check_publications(recorded: dict[str, dict[str, Any]]) -> int:
    found = 0
    for publication in Publication.objects.select_related("edition").order_by("path"):
        found += 1
        entry = recorded.pop(publication.path, None)
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
        if entry is None or tuple(entry.get(column) for column in columns) != actual:
            raise VerificationError(f"publication {publication.path}: differs from the ledger")
    if recorded:
        raise VerificationError(f"publication {min(recorded)}: in the ledger but no longer in the database")
    return found
