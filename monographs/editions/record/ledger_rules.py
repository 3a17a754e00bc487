"""Rules of ledger entries, each by itself and in their order."""

from collections.abc import Callable, Iterator

from monographs.editions.record.expert_rules import invitation_is_kept
from monographs.editions.record.hold_rules import hold_is_kept
from monographs.editions.record.json_values import canonical
from monographs.editions.record.record_index import BY_EVENT, RECORDED, Entry, Record


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
    """Publications name withdrawals that were recorded before; no text has words withdrawn before."""
    if entry.event == "withdrawn":
        names = ("key", "edition", "reason")
        record.withdrawal_entries.setdefault(
            entry.data["withdrawal"], {name: entry.data[name] for name in names}
        )
        edition = record.edition_entries.get(entry.data["edition"])
        if edition is not None:
            record.withdrawn_numbers[entry.data["key"]].add((entry.seq, edition["number"]))
    yield from ()


EntryRule = Callable[[Record, Entry], Iterator[str]]
LEDGER_RULES: tuple[EntryRule, ...] = (
    submission_is_kept,
    ticks_are_kept,
    voided_signature_is_kept,
    invitation_is_kept,
    hold_is_kept,
    entry_is_of_its_page,
    signer_ticked_every_statement,
    signer_signs_alone,
    signature_states_its_signer,
    edition_entry_is_kept,
    withdrawal_entry_is_kept,
)
