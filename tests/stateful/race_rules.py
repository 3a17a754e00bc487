"""Rules of a signature and a withdrawal that meet: which is first, and where both of them wait."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from django.db import connection
from hypothesis import strategies as st

from monographs.core.locks import PAGE_LOCKS
from monographs.editions.triggers import LEDGER_LOCK
from tests.factories import PASSWORD
from tests.stateful import admin_client
from tests.stateful.admin_client import AdminPage
from tests.stateful.authorship_rules import writers
from tests.stateful.base import BaseMachine, machine_rule, which
from tests.stateful.oracle_submissions import OracleSignature, require

#: Seconds in which an attempt reaches the lock on a busy machine; one that does not wait for it has ended.
PATIENCE = 60.0
#: Other databases of the server are those of tests that run at the same time.
_WAITING = (
    "SELECT count(*) AS n FROM pg_locks WHERE NOT granted AND locktype = 'advisory'"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class RaceRules(BaseMachine):
    """A withdrawal wins, whichever comes first."""

    @machine_rule(
        writer=writers,
        page=which,
        signature_first=st.booleans(),
        at=st.sampled_from(["page", "ledger"]),
        when=lambda self: bool(self.public_pages()),
    )
    def race_a_withdrawal(self, writer: str, page: int, signature_first: bool, at: str) -> None:
        """Sign the next text of a public page while it is withdrawn.

        Another connection holds a lock until both attempts wait: for it, or for each other.
        """
        target = self.public_pages()[page % len(self.public_pages())]
        sent = self._sent(writer, target)
        authors = self.oracle.barred(self.oracle.sent[sent["uuid"]].text) if sent else set()
        signers = [who for who in self.organisation.members if who not in authors and self.may_sign_now(who)]
        withdrawers = [who for who in self.organisation.members if self.organisation.may_withdraw(who)]
        pair = [(s, w) for s in signers for w in withdrawers if s != w]
        if sent is None or not pair:
            return
        signer, withdrawer = pair[page % len(pair)]
        self.settle_notes(sent)
        self.actor(signer).prepare(sent)
        seen: list[OracleSignature | None] = []
        done: list[bool] = []
        attempts = [
            lambda: seen.append(self.actor(signer).sign(sent, prepared=False)),
            lambda: done.append(self._withdraw(withdrawer, sent["key"])),
        ]
        meet(attempts if signature_first else attempts[::-1], page_key=sent["key"] if at == "page" else "")
        self.record_signature(sent, seen[0] if seen else None)
        self.settle_editions()
        require(done == [True], f"{withdrawer} could not withdraw {sent['key']} while {signer} signed")
        self.oracle.withdrew(sent["key"])

    def _sent(self, writer: str, target: AdminPage) -> dict[str, Any] | None:
        """Return a text of the page that is in review, submitted by ``writer`` if there is none."""
        if not self.is_in_review(target):
            word = self.oracle.word(writer)
            target = self.write(writer, target, text=f"<p>About {word}.</p>")
            self.record_submission(target, self.actor(writer).submit(target, "full_review"))
        open_ones = [s for s in admin_client.submissions() if s["status"] == "in_review"]
        return next((s for s in open_ones if s["page"] == target.id and s["uuid"] not in self.tampered), None)

    def _withdraw(self, who: str, key: str) -> bool:
        form = {"cause": "mistake", "note": "Wrong.", "password": PASSWORD}
        answer = self.actor(who).post(f"review/record/{key}/withdraw/", **form)
        return (answer.status, answer.location) == (302, f"/admin/review/record/{key}/")


def meet(attempts: list[Callable[[], Any]], *, page_key: str) -> None:
    """Run the attempts in threads, each started when the one before it waits for a lock.

    The lock that is held meanwhile is that of the page, or without ``page_key`` that of the ledger.
    """
    threads = [Thread(target=_in_thread, args=(attempt,)) for attempt in attempts]
    with _held(page_key):
        for number, thread in enumerate(threads, start=1):
            thread.start()
            until = time.monotonic() + PATIENCE
            while thread.is_alive() and time.monotonic() < until:
                if admin_client.rows(_WAITING)[0]["n"] >= number:
                    break
                time.sleep(0.005)
    for thread in threads:
        thread.join()


def _in_thread(attempt: Callable[[], Any]) -> None:
    try:
        attempt()
    finally:
        connection.close()


@contextmanager
def _held(page_key: str) -> Iterator[None]:
    """Hold the lock in a connection of its own."""
    other: Any = connection.copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            if page_key:
                cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [PAGE_LOCKS, page_key])
            else:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LEDGER_LOCK])
        yield
    finally:
        other.rollback()
        other.close()
