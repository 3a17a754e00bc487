"""``kill -9`` of the web process at any moment of a sign-off: a new edition, or nothing at all."""

from collections.abc import Callable
from itertools import count

import pytest

from tests.crash.rounds import Rounds, phase, strike_sign_offs
from tests.crash.service import Expected, Service
from tests.crash.web import Waiting

pytestmark = [pytest.mark.crash, pytest.mark.xdist_group("crash")]

ROUNDS = 200
#: Each so many rounds the process that starts the others is killed with them, which takes longer to mend.
KILL_ALL_EVERY = 50


def test_a_killed_web_process_leaves_the_old_edition_or_the_new_one(serve: Callable[..., Service]) -> None:
    service = serve()
    rounds = Rounds("kill -9 of the web process", ROUNDS)
    numbers = count(1)

    with service.postgres.connect() as watch:

        def strike(medicine: Waiting, expected: Expected) -> str:
            hit = phase(watch, service.web.worker())
            killed = service.web.kill(everything=next(numbers) % KILL_ALL_EVERY == 0)
            service.web.recover(killed)
            service.wait_for_the_end_of(killed)
            return hit

        strike_sign_offs(service, rounds, strike, excuses=set())
