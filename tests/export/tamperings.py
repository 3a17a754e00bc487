"""Thirty and more ways to change a record with the triggers switched off, as an owner of the database can.

The record (``make_small_record``): a page that moved, was withdrawn and came back signed; a page that is
withdrawn; and another page.
"""

import json
from collections.abc import Callable
from typing import Any

from django.db import connection

from monographs.editions.ledger import entry_hash
from monographs.editions.models import LedgerEntry
from tests.public.published import monograph, publish, withdraw

Data = dict[str, Any]


def make_small_record() -> None:
    """Publish, move, withdraw and restore a page; withdraw another; publish a third."""
    document = monograph("testumab")
    publish(document)
    moved = document.model_copy(update={"slug": "testumab-new", "summary": "It moved."})
    withdraw(publish(moved))
    publish(moved, restores=2)
    gone = monograph("goneumab")
    withdraw(publish(gone))
    publish(monograph("otherumab"))


def sql(*statements: str) -> Callable[[], None]:
    """A tampering by SQL alone; the ledger stays as it is."""

    def tamper() -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    return tamper


def forge(change: Callable[[LedgerEntry, Data], bool], *statements: str) -> Callable[[], None]:
    """A tampering by SQL, and a ledger forged to match: ``change`` returns whether an entry is kept."""

    def tamper() -> None:
        sql(*statements)()
        kept = []
        for entry in LedgerEntry.objects.order_by("seq"):
            body = json.loads(entry.body)
            if change(entry, body["data"]):
                entry.body = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
                kept.append(entry)
        rewrite_chain(kept)

    return tamper


def rewrite_chain(entries: list[LedgerEntry]) -> None:
    """Replace the ledger by ``entries`` with new sequence numbers and matching hashes."""
    previous = "0" * 64
    rows = []
    for seq, entry in enumerate(entries, start=1):
        entry.seq, entry.prev_hash = seq, previous
        previous = entry.hash = entry_hash(entry)
        rows.append([seq, entry.at, entry.event, entry.subject, entry.body, entry.prev_hash, entry.hash])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM editions_ledgerentry")
        cursor.executemany(
            "INSERT INTO editions_ledgerentry (seq, at, event, subject, body, prev_hash, hash) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s)",
            rows,
        )


def without(event: str, number: int = 1) -> Callable[[LedgerEntry, Data], bool]:
    """Leave out the entry with this event that comes as the ``number``-th."""
    seen = []

    def keep(entry: LedgerEntry, data: Data) -> bool:
        seen.append(entry.event)
        return not (entry.event == event and seen.count(event) == number)

    return keep


def update(event: str, where: Data, **changes: Any) -> Callable[[LedgerEntry, Data], bool]:
    """Change the data of every entry with this event and the values ``where``."""

    def change(entry: LedgerEntry, data: Data) -> bool:
        if entry.event == event and where.items() <= data.items():
            data.update(changes)
        return True

    return change


def again(event: str) -> Callable[[], None]:
    """Append the last entry with this event once more, to a chain that is whole."""

    def tamper() -> None:
        entries = list(LedgerEntry.objects.order_by("seq"))
        last = [entry for entry in entries if entry.event == event][-1]
        copy = LedgerEntry(at=entries[-1].at, event=event, subject=last.subject, body=last.body)
        rewrite_chain([*entries, copy])

    return tamper


def later_entry() -> None:
    """Move the last entry two days into the future."""
    entries = list(LedgerEntry.objects.order_by("seq"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT now() + interval '2 days'")
        entries[-1].at = cursor.fetchone()[0]
    rewrite_chain(entries)


PATH, NEW, GONE, OTHER = (
    f"/medicines/{name}/" for name in ("testumab", "testumab-new", "goneumab", "otherumab")
)
NO_CHECK = "ALTER TABLE editions_edition DROP CONSTRAINT edition_hash_is_of_its_text"
SECOND = "slug = 'testumab-new' AND number = 2"
BACK = (
    "UPDATE editions_publication SET state = 'current', reason = '', withdrawal_id = NULL "  # noqa: S608
    f"WHERE path = '{GONE}'"
)
OF_ANOTHER = (
    "UPDATE editions_publication SET (key, edition_id) = (SELECT key, id FROM editions_edition "  # noqa: S608
    f"WHERE slug = 'otherumab') WHERE path = '{PATH}'"
)


def back_with_an_entry() -> None:
    """The withdrawn page shows its edition again, and the ledger says so."""
    sql(BACK)()
    again("publication")()
    entries = list(LedgerEntry.objects.order_by("seq"))
    old = next(e for e in reversed(entries) if e.event == "publication" and GONE in e.body)
    body = json.loads(old.body)
    body["data"] |= {"state": "current", "reason": "", "withdrawal": None}
    entries[-1].subject, entries[-1].body = old.subject, json.dumps(body, sort_keys=True, ensure_ascii=False)
    rewrite_chain(entries)


def path_of_another_with_an_entry() -> None:
    """The old path leads to another medicine, and the ledger says so."""
    sql(OF_ANOTHER)()
    again("publication")()
    entries = list(LedgerEntry.objects.order_by("seq"))
    body = json.loads(entries[-1].body)
    body["data"] |= {"path": PATH, "state": "moved"}
    entries[-1].body = json.dumps(body, sort_keys=True, ensure_ascii=False)
    rewrite_chain(entries)


def steps_of_all(entry: LedgerEntry, data: Data) -> bool:
    """Lower the steps of every submission and edition to none."""
    if "steps" in data:
        data["steps"] = []
    return True


#: By name: the tampering, and words of a fault that it must lead to.
TAMPERINGS: dict[str, tuple[Callable[[], None], str]] = {
    "byte of a text": (
        sql(
            NO_CHECK,
            f"UPDATE editions_edition SET canonical = replace(canonical, 'Fever', 'Feves') WHERE {SECOND}",  # noqa: S608
        ),
        "its text does not match its hash",
    ),
    "text that is not JSON": (
        sql(NO_CHECK, f"UPDATE editions_edition SET canonical = '{{' || canonical WHERE {SECOND}"),  # noqa: S608
        "its text is not in canonical form",
    ),
    "title": (sql("UPDATE editions_edition SET title = 'Other'"), "title differs from ledger entry"),
    "reviewers": (sql("UPDATE editions_edition SET reviewers = '[]'"), "reviewers are not those who signed"),
    "review date": (
        sql("UPDATE editions_edition SET last_reviewed = last_reviewed + 1"),
        "does not follow from its review",
    ),
    "time of an edition": (
        sql("UPDATE editions_edition SET created_at = created_at + interval '400 seconds'"),
        "created_at is",
    ),
    "time at which an edition takes effect": (
        sql("UPDATE editions_edition SET effective_at = effective_at + interval '2 days'"),
        "effective_at differs",
    ),
    "restored edition": (
        sql("UPDATE editions_edition SET restores = 1 WHERE number = 3"),
        "its text is not that of edition 1",
    ),
    "edition removed": (
        sql(f"DELETE FROM editions_edition WHERE {SECOND}"),  # noqa: S608
        "an earlier number is missing",
    ),
    "edition and its entry removed": (
        forge(
            lambda entry, data: not (entry.event == "edition" and data["number"] == 2),
            f"DELETE FROM editions_edition WHERE {SECOND}",  # noqa: S608
        ),
        "shows an edition that the ledger does not record before",
    ),
    "name of a signer": (
        sql("UPDATE editions_signature SET name = 'Somebody Else'"),
        "name differs from ledger entry",
    ),
    "credentials of a signer": (
        forge(update("signed", {}, credentials=""), "UPDATE editions_signature SET credentials = ''"),
        "has 0 of 1 signatures",
    ),
    "signer other than the actor": (
        forge(update("signed", {}, username="ghost"), "UPDATE editions_signature SET username = 'ghost'"),
        "its actor is not the signer",
    ),
    "signature removed": (
        sql("DELETE FROM editions_signature WHERE id = (SELECT min(id) FROM editions_signature)"),
        "in the ledger but no longer in signatures",
    ),
    "signature and its entry removed": (
        forge(
            without("signed"),
            "DELETE FROM editions_signature WHERE id = (SELECT min(id) FROM editions_signature)",
        ),
        "signed by 0 people, needs 1",
    ),
    "signature time": (
        sql("UPDATE editions_signature SET signed_at = signed_at - interval '1 day'"),
        "signed_at differs",
    ),
    "signature of the signed text twice": (again("signed"), "a second time"),
    "contribution by the signer": (
        sql(
            "INSERT INTO editions_contribution (key, after_edition, user_id, username, name, sha256, at) "
            "SELECT key, 0, user_id, username, name, sha256, now() FROM editions_signature LIMIT 1"
        ),
        "not in the ledger",
    ),
    "submission left out": (forge(without("submitted")), "this text was not submitted"),
    "steps of review": (
        forge(steps_of_all, "UPDATE editions_edition SET steps = '[]'"),
        "signed by 1 people, needs 1|signed by 0 people, needs 1|signed by .* people",
    ),
    "withdrawal removed": (
        sql("DELETE FROM editions_withdrawal WHERE id = (SELECT max(id) FROM editions_withdrawal)"),
        "withdrawn by a withdrawal of something else",
    ),
    "reason of a withdrawal": (
        sql("UPDATE editions_withdrawal SET reason = 'Other'"),
        "its columns or its hash differ from its text",
    ),
    "withdrawal that withdrew nothing": (
        forge(
            lambda entry, data: (entry.event, data.get("state")) != ("publication", "withdrawn"),
            BACK,
        ),
        "nothing was withdrawn by it",
    ),
    "withdrawn page is public again": (sql(BACK), "state differs from ledger entry"),
    "withdrawn page is public again, with an entry": (back_with_an_entry, "which is not newer"),
    "path leads to another medicine": (sql(OF_ANOTHER), "is of another page|key differs"),
    "path leads to another medicine, with an entry": (path_of_another_with_an_entry, "another page's path"),
    "older edition is shown": (
        sql(
            f"UPDATE editions_publication SET edition_id = (SELECT id FROM editions_edition WHERE {SECOND}) "  # noqa: S608
            f"WHERE path = '{NEW}'"
        ),
        "edition_id differs from ledger entry",
    ),
    "path removed": (
        sql(f"DELETE FROM editions_publication WHERE path = '{PATH}'"),  # noqa: S608
        "in the ledger but no longer in publications",
    ),
    "path renamed": (
        sql(f"UPDATE editions_publication SET path = '/medicines/x/' WHERE path = '{OTHER}'"),  # noqa: S608
        "publication /medicines/x/: not in the ledger",
    ),
    "time of a publication": (
        sql("UPDATE editions_publication SET flipped_at = flipped_at + interval '400 seconds'"),
        "flipped_at is",
    ),
    "two paths of one page": (
        forge(update("publication", {"path": PATH}, state="current")),
        "2 of its paths show a text",
    ),
    "ledger entry changed": (
        sql("UPDATE editions_ledgerentry SET body = replace(body, 'reviewer', 'revIewer') WHERE seq = 3"),
        "its content does not match its hash",
    ),
    "ledger entry that is not JSON": (
        sql("UPDATE editions_ledgerentry SET body = '{not json' WHERE seq = 2"),
        r"ledger entry 2 \(\w+\): its body is not readable",
    ),
    "ledger entry removed": (
        sql("DELETE FROM editions_ledgerentry WHERE seq = 4"),
        "ledger entry 4: missing",
    ),
    "ledger entry from the future": (later_entry, "in the future"),
    "two faults": (
        sql(
            "UPDATE editions_ledgerentry SET body = '{not json' WHERE seq = 2",
            "UPDATE editions_signature SET field = 'Surgery' "
            "WHERE id = (SELECT max(id) FROM editions_signature)",
        ),
        "field differs from ledger entry",
    ),
}
