"""Signing holds as both verifiers read them: when an account whose sign-in facts changed must not sign."""

from collections.abc import Iterator
from datetime import datetime

from monographs.editions.record.json_values import utc_time
from monographs.editions.record.record_index import Entry, Record, RecordedHold


def hold_is_kept(record: Record, entry: Entry) -> Iterator[str]:
    """A hold begins with one entry and may end with another, by who is neither the owner nor made the change.

    An entry of an end names the account and what had changed; each ends the oldest hold of that kind.
    """
    if entry.event == "signing_hold":
        holds, data, actor = record.holds[entry.data["id"]], entry.data, entry.actor["id"]
        if "until" in data:
            until = utc_time(data["until"]) if data["until"] else None
            holds.append(RecordedHold(data["reason"], actor, entry.at, until))
        elif actor != data["id"]:
            waiting = (hold for hold in holds if hold.confirmed is None and hold.reason == data["reason"])
            hold = next(waiting, None)
            if hold is not None and hold.actor != actor:
                hold.confirmed = entry.at
    yield from ()


def is_on_hold(record: Record, account: int, moment: datetime) -> bool:
    """Whether a hold that the ledger records kept ``account`` from signing at ``moment``."""
    return any(
        hold.since <= moment
        and (hold.until is None or hold.until > moment)
        and (hold.confirmed is None or hold.confirmed > moment)
        for hold in record.holds.get(account, ())
    )
