"""``kill -9`` of the web process at any moment: of a sign-off, a withdrawal, an edition brought back.

Afterwards patients have the old state or the new one, whole.
"""

from collections.abc import Callable
from itertools import count

import pytest

from tests.crash.operations import BRINGING_BACK, SIGNING, WITHDRAWING, Deed
from tests.crash.rounds import Rounds, phase, strike_at
from tests.crash.service import Expected, Service
from tests.crash.web import Waiting

pytestmark = pytest.mark.xdist_group("crash")

#: Each so many rounds the process that starts the others is killed with them, which takes longer to mend.
KILL_ALL_EVERY = 50


@pytest.mark.parametrize(
    ("deed", "during", "number"),
    [
        pytest.param(SIGNING, "", 200, id="sign-off"),
        pytest.param(WITHDRAWING, " during a withdrawal", 20, id="withdrawal"),
        pytest.param(BRINGING_BACK, " while an edition is brought back", 12, id="brought back"),
    ],
)
def test_a_killed_web_process_leaves_the_old_state_or_the_new_one(
    serve: Callable[..., Service], deed: Deed, during: str, number: int
) -> None:
    service = serve()
    rounds = Rounds(f"kill -9 of the web process{during}", number)
    numbers = count(1)

    with service.postgres.connect() as watch:

        def strike(medicine: Waiting, expected: Expected) -> str:
            hit = phase(watch, service.web.worker())
            killed = service.web.kill(everything=next(numbers) % KILL_ALL_EVERY == 0)
            service.web.recover(killed)
            service.wait_for_the_end_of(killed)
            return hit

        strike_at(deed, service, rounds, strike, excuses=set())
