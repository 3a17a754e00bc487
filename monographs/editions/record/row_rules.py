"""Rules of the rows, each compared with its ledger entry and with the rows it belongs to."""

from collections.abc import Callable, Iterator

from monographs.editions.record.conflict_rules import (
    conflict_end_is_by_another,
    conflict_is_kept,
    signed_in_conflict,
)
from monographs.editions.record.expert_rules import expert_was_invited
from monographs.editions.record.json_values import CLOCK_SKEW, Row, canonical, parsed, sha256, utc_time
from monographs.editions.record.record_index import (
    NAMES_IN_ENTRY,
    RECORDED,
    LedgerReference,
    Record,
)
from monographs.editions.record.signer_names import STATED, signature_is_named
from monographs.editions.record.text_writers import NamedPeople, writers_up_to

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
    person = {"id": row["user_id"], "sign_in_keys": row.get("sign_in_keys")}
    person |= {name: row[name] for name in ("username", "name")}
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
    """Somebody qualified signed exactly this act (a withdrawal, a sentence, an answer) before it was made."""
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


def answer_is_of_its_edition(record: Record, row: Row, entry: LedgerReference) -> Iterator[str]:
    """A label answer's columns and hash follow from its text, which names one edition of its page.

    Which label it is about is in its text and in the ledger: no export has the labels.
    """
    edition = record.editions.get(row["edition_id"])
    if edition is None or edition.row["key"] != row["key"]:
        yield "of an edition of another page"
        return
    text = parsed(row["canonical"])
    same = {"label_answer": row["uuid"], "edition": edition.row["number"], "sha256": edition.row["sha256"]}
    same |= {name: row[name] for name in ("key", "from_version", "reason")}
    wanted = same | {name: text.get(name) for name in ("set_id", "version", "label_sha256")}
    if canonical(wanted) != row["canonical"] or sha256(row["canonical"].encode()) != row["sha256"]:
        yield "its columns or its hash differ from its text"


def act_is_signed_by_another(record: Record, row: Row, entry: LedgerReference) -> Iterator[str]:
    """No signature of an act is by somebody who wrote in its edition or in one before, or has an interest."""
    edition = record.editions.get(row["edition_id"])
    writers = writers_up_to(record, row["key"], edition.row["number"]) if edition else NamedPeople(())
    for signature, seq in record.signatures[row["uuid"], row["sha256"]]:
        yield from signed_in_conflict(record, signature, seq, entry.seq)
        if writers.has(signature["user_id"], signature):
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
        expert_was_invited,
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
        act_is_signed_by_another,
    ),
    "label_answers": (
        row_equals_entry("label_answers"),
        time_is_of_entry("at"),
        answer_is_of_its_edition,
        act_is_signed,
        act_is_signed_by_another,
    ),
    "publications": (
        row_equals_entry("publications"),
        time_is_of_entry("flipped_at"),
        publication_shows_its_edition,
        publication_is_withdrawn_by_its_withdrawal,
    ),
}
