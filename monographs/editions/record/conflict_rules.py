"""Conflicts of interest as both verifiers read them: whose signature of a page they forbid, and when."""

from collections.abc import Iterator

from monographs.editions.record.json_values import Row, utc_time
from monographs.editions.record.record_index import LedgerReference, Record
from monographs.editions.record.signer_names import keys_of_person


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
    by = {"username": row["by_username"], "sign_in_keys": row.get("by_sign_in_keys")}
    if found[0]["user_id"] == row["by_id"] or keys_of_person(found[0]) & keys_of_person(by):
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
