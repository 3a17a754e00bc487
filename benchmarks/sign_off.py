"""Sign-offs per second with several signers, and what one costs: ``python -m benchmarks.sign_off``.

Each signer is a process of its own that signs texts of its own, as a web worker does: the action ``Sign``
with its checks, the edition, the publication and the emails. Every commit is flushed to disk. Passwords are
hashed by MD5: hashing one as in production takes some hundred milliseconds of CPU on purpose, before any
lock, and would be all that is measured. ``--sign-offs N`` for each number of signers, ``--signers 1,8,20``.
"""

import argparse
import multiprocessing
import os
import time
from pathlib import Path
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection, transaction

from benchmarks.harness import temporary_database
from monographs.editions.verify import verify
from monographs.models import MonographPage
from monographs.review.actions import Sign
from monographs.review.models import Submission
from tests.factories import PASSWORD, edit, make_monograph, make_user, read_all, submit

ROW = "{:>8}{:>10}{:>10}{:>12}{:>14}{:>14}"
#: How the ledger's lock is taken: by its table's trigger.
FIRST_LOCKED = 'INSERT INTO "editions_ledgerentry"'
#: Letters for digits: a name must hold no number.
LETTERS = str.maketrans("0123456789", "bcdfghklmn")
#: Clock ticks of /proc/<pid>/stat in a second.
TICKS = os.sysconf("SC_CLK_TCK")


class Cost(NamedTuple):
    """CPU seconds of one process and of its database connection."""

    web: float
    database: float


def submissions(writer: Any, number: int, start: int) -> list[int]:
    """Create ``number`` texts in review and return their primary keys."""
    keys = []
    for count in range(start, start + number):
        page = make_monograph(f"{str(count).translate(LETTERS)}umab", by=writer)
        keys.append(submit(MonographPage.objects.get(pk=page.pk), writer).pk)
    return keys


def sign(user: Any, submission: Submission) -> None:
    """Sign a submission that the user has read."""
    Sign(user, submission, password=PASSWORD, seen_sha256=submission.sha256).execute()


class Counter:
    """Counts the statements of a sign-off, and those sent while the ledger is locked."""

    def __init__(self) -> None:
        self.count = self.locked = 0
        self.since: float | None = None
        self.milliseconds = 0.0
        self.committed = False

    def __call__(self, execute: Any, sql: str, *rest: Any) -> Any:
        self.count += 1
        if connection.in_atomic_block:
            transaction.on_commit(self._note_commit)  # before whatever the action does after its commit
        if self.since is None and sql.startswith(FIRST_LOCKED):
            self.since = time.perf_counter()
        if self.since is not None and not self.committed:
            self.locked += 1
        return execute(sql, *rest)

    def _note_commit(self) -> None:
        if self.since is not None and not self.committed:
            self.committed, self.milliseconds = True, (time.perf_counter() - self.since) * 1000


def statements(user: Any, writer: Any) -> Counter:
    """Count what the last signature of a second edition takes."""
    page = make_monograph("counted", by=writer)
    for words in ("", "Another text."):
        if words:
            edit(MonographPage.objects.get(pk=page.pk), writer, how_it_works=words)
        submission = submit(MonographPage.objects.get(pk=page.pk), writer)
        read_all(submission, user)
        counter = Counter()
        with connection.execute_wrapper(counter):
            sign(get_user_model().objects.get(pk=user.pk), submission)
    return counter


def signer(user: int, keys: list[int], barrier: Any, costs: Any) -> None:
    """Sign the submissions ``keys`` in this process, with all others, and report what it took."""
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    account = get_user_model().objects.get(pk=user)
    texts = list(Submission.objects.filter(pk__in=keys))
    barrier.wait()
    web, database = time.process_time(), _cpu_of(backend)
    for text in texts:
        sign(account, text)
    costs.put(Cost(time.process_time() - web, _cpu_of(backend) - database))
    connection.close()


def _cpu_of(process: int) -> float:
    """Return the CPU seconds of another process (proc(5): utime and stime)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def measured(users: list[Any], keys: list[int]) -> str:
    """Let all ``users`` sign their share of ``keys`` at once; return a row of the table."""
    shares = [keys[number :: len(users)] for number in range(len(users))]
    for user, share in zip(users, shares, strict=True):
        for submission in Submission.objects.filter(pk__in=share):
            read_all(submission, user)
    connection.close()
    context = multiprocessing.get_context("fork")
    barrier, costs = context.Barrier(len(users) + 1), context.Queue()
    signers = [
        context.Process(target=signer, args=(user.pk, share, barrier, costs))
        for user, share in zip(users, shares, strict=True)
    ]
    for process in signers:
        process.start()
    barrier.wait()
    start = time.perf_counter()
    each = [costs.get() for _ in signers]
    seconds = time.perf_counter() - start
    for process in signers:
        process.join()
    signed = Submission.objects.filter(pk__in=keys, status="signed").count()
    if signed != len(keys):
        raise SystemExit(f"{signed} of {len(keys)} texts were signed")
    figures = (sum(cost.web for cost in each), sum(cost.database for cost in each))
    return ROW.format(
        len(users),
        len(keys),
        f"{seconds:.1f}",
        f"{len(keys) / seconds:.1f}",
        *(f"{value / len(keys) * 1000:.0f}" for value in figures),
    )


def main() -> None:
    """Create the texts, measure each number of signers and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sign-offs", type=int, default=40)
    parser.add_argument("--signers", default="1,8,20")
    options = parser.parse_args()
    numbers = [int(number) for number in options.signers.split(",")]
    with temporary_database():
        call_command("setup_site", verbosity=0)
        writer = make_user("writer", "Medical writers")
        users = [make_user(f"signer{number}", "Medical reviewers") for number in range(max(numbers))]
        one = statements(users[0], writer)
        held = f"{one.locked} of them ({one.milliseconds:.0f} ms) with the ledger locked"
        print(f"one sign-off: {one.count} statements, {held}")
        print(ROW.format("signers", "texts", "seconds", "a second", "web CPU ms", "db CPU ms"))
        for row, number in enumerate(numbers):
            keys = submissions(writer, options.sign_offs, 1000 + row * options.sign_offs)
            print(measured(users[:number], keys), flush=True)
        verify()


if __name__ == "__main__":
    main()
