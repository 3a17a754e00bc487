"""``kill -9`` of the web process during a sign-off, a withdrawal or a restoration.

Afterwards public pages show either the old state or the new one, completely.
"""

from collections.abc import Callable
from itertools import count

import pytest

from tests.crash.campaign import Campaign, phase, run_campaign
from tests.crash.operations import RESTORING, SIGNING, WITHDRAWING, Operation
from tests.crash.service import Expected, Service
from tests.crash.web import PendingSubmission

pytestmark = pytest.mark.xdist_group("crash")

#: How often the master process is killed with its workers, which takes longer to recover from.
KILL_ALL_EVERY = 50


@pytest.mark.parametrize(
    ("operation", "during", "number"),
    [
        pytest.param(SIGNING, "", 200, id="sign-off"),
        pytest.param(WITHDRAWING, " during a withdrawal", 20, id="withdrawal"),
        pytest.param(RESTORING, " while an edition is restored", 12, id="restore"),
    ],
)
def test_a_killed_web_process_leaves_the_old_state_or_the_new_one(
    serve: Callable[..., Service], operation: Operation, during: str, number: int
) -> None:
    service = serve()
    campaign = Campaign(f"kill -9 of the web process{during}", number)
    numbers = count(1)

    with service.postgres.connect() as watch:

        def inject_fault(medicine: PendingSubmission, expected: Expected) -> str:
            interrupted = phase(watch, service.web.worker())
            killed = service.web.kill(everything=next(numbers) % KILL_ALL_EVERY == 0)
            service.web.recover(killed)
            service.wait_for_disconnect(killed)
            return interrupted

        run_campaign(operation, service, campaign, inject_fault, tolerated=set())
