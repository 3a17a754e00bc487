"""Rules of what a public path showed, one entry after the other: a withdrawn text never comes back."""

from collections import defaultdict
from collections.abc import Iterator

from monographs.editions.record.json_values import Row
from monographs.editions.record.record_index import Entry, Record


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
