"""The database server crashes during a sign-off and recovers: the old edition or the new one is left."""

from collections.abc import Callable

import pytest

from tests.crash.campaign import Campaign, phase, run_campaign
from tests.crash.operations import SIGNING
from tests.crash.postgres import CrashMode
from tests.crash.service import Expected, Service
from tests.crash.web import PendingSubmission

pytestmark = pytest.mark.xdist_group("crash")

ITERATIONS = 50
#: Statuses of the web process without its database; Django answers 400 if it cannot save a session.
TOLERATED = {400, 500, 503}


def test_a_killed_database_leaves_the_old_edition_or_the_new_one(serve: Callable[..., Service]) -> None:
    service = serve()
    campaign = Campaign("Crash of the database server", ITERATIONS)
    worker = service.web.worker()

    def inject_fault(medicine: PendingSubmission, expected: Expected) -> str:
        mode = campaign.random.choice(list(CrashMode))
        with service.postgres.connect() as watch:
            interrupted = phase(watch, worker)
        service.postgres.crash(mode)
        try:
            states = zip(expected.before.public_answers, expected.after.public_answers, strict=True)
            for answer, known in zip(service.read(medicine), states, strict=True):
                # What this process read last is shown, also what it read before the database was set back
                assert answer[0] in TOLERATED or answer in known, answer
        finally:  # other tests use the same server
            service.postgres.start()
        service.wait_until_database_is_asked()
        assert service.web.worker() == worker, "the web process did not survive"
        return interrupted

    run_campaign(SIGNING, service, campaign, inject_fault, tolerated=TOLERATED)
