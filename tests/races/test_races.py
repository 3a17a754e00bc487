"""A withdrawal wins over every signature and publication that races it, and nothing dies of a deadlock.

``RACES=1000`` runs so many pairs of each kind and prints the table of their outcomes.
"""

import os
import sys
import time
from collections import Counter
from datetime import timedelta
from threading import Event
from typing import Any

import pytest

from monographs.editions.verify import verify
from monographs.review.publication.scheduled import publish_due
from tests.factories import make_user
from tests.races.pages_in_review import (
    People,
    Raced,
    now,
    offsets,
    page_in_review,
    race,
    signing,
    withdrawing,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.extended]

#: Pairs of each kind; the seed repeats their offsets.
NUMBER = int(os.environ.get("RACES", "6"))
SEED = int(os.environ.get("RACES_SEED", "1"))
#: Seconds by which one competitor starts after the other, at most.
SPREAD = float(os.environ.get("RACES_SPREAD", "1.0"))
#: Number of races after which a long run prints its table.
INTERIM = 100
RACE_HASHER = "tests.races.hashers.RaceHasher"


@pytest.fixture
def people(writer: Any, settings: Any) -> People:
    """Racers whose passwords are hashed as in production."""
    settings.PASSWORD_HASHERS = [RACE_HASHER]
    racers = [make_user(name, "Medical reviewers", credentials="MD") for name in ("signer", "withdrawer")]
    return People(writer, *racers)


def report(what: str, raced: list[Raced], seconds: float) -> None:
    """Print how often each outcome occurred."""
    table = Counter(" | ".join(each.row) for each in raced)
    lines = [f"    {number:5}  {row}" for row, number in sorted(table.items(), key=lambda item: -item[1])]
    head = f"{what}: {len(raced)} races in {seconds:.0f} s, seed {SEED}"
    sys.stdout.write("\n" + "\n".join([head, *lines]) + "\n")
    sys.stdout.flush()


def check(raced: list[Raced]) -> None:
    """Nothing died, every withdrawal succeeded, and no page is public after one."""
    for each in raced:
        assert not any(end.startswith("died") for end in each.ends.values()), each
        assert each.ends["withdrawal"].startswith("done"), each
        assert (each.state, each.withdrawals) == ("withdrawn", 1), each
        assert each.submission in ("recalled", "signed"), each
    verify()


def test_a_withdrawal_wins_over_a_signature(people: People) -> None:
    """Whoever comes first, patients do not read the unsafe text, nor the one that was withdrawn."""
    began, raced = time.monotonic(), []
    for late_signer, late_withdrawer in offsets(NUMBER, SPREAD, SEED):
        submission = page_in_review(people)
        starters = {
            "signature": (late_signer, signing(people, submission)),
            "withdrawal": (late_withdrawer, withdrawing(people, submission)),
        }
        raced.append(race(submission, starters))
        if len(raced) % INTERIM == 0:
            report("So far", raced, time.monotonic() - began)
    report("A signature and a withdrawal of one page", raced, time.monotonic() - began)
    check(raced)


def test_a_withdrawal_wins_over_a_scheduled_publication(people: People) -> None:
    """A text that is due as soon as it is signed is signed, published by two schedulers and withdrawn."""
    began, raced = time.monotonic(), []
    for late_signer, late_withdrawer in offsets(NUMBER, SPREAD, SEED + 1):
        submission = page_in_review(people, publish_at=now() + timedelta(days=1))
        others_ended = Event()

        def scheduler(ended: Event = others_ended) -> None:
            while not ended.wait(0.02):
                publish_due(now() + timedelta(days=2))

        starters = {
            "signature": (late_signer, signing(people, submission)),
            "withdrawal": (late_withdrawer, withdrawing(people, submission)),
        }
        raced.append(race(submission, starters, background=[scheduler] * 2, ended=others_ended))
        if len(raced) % INTERIM == 0:
            report("So far", raced, time.monotonic() - began)
    report("A signature, two schedulers and a withdrawal of one page", raced, time.monotonic() - began)
    check(raced)
