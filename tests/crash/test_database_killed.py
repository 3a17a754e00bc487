"""The database server dies at any moment of a sign-off and recovers: again one edition or the other."""

from collections.abc import Callable

import pytest

from tests.crash.operations import SIGNING
from tests.crash.postgres import Death
from tests.crash.rounds import Rounds, phase, strike_at
from tests.crash.service import Expected, Service
from tests.crash.web import Waiting

pytestmark = pytest.mark.xdist_group("crash")

ROUNDS = 50
#: What the web process may answer when its database is away; 400 is Django's for a session it cannot keep.
EXCUSES = {400, 500, 503}


def test_a_killed_database_leaves_the_old_edition_or_the_new_one(serve: Callable[..., Service]) -> None:
    service = serve()
    rounds = Rounds("Death of the database server", ROUNDS)
    worker = service.web.worker()

    def strike(medicine: Waiting, expected: Expected) -> str:
        death = rounds.random.choice(list(Death))
        with service.postgres.connect() as watch:
            hit = phase(watch, worker)
        service.postgres.die(death)
        page, *_ = meanwhile = service.read(medicine)
        assert page[0] in EXCUSES or meanwhile in (expected.before.reading, expected.after.reading), page
        service.postgres.start()
        assert service.web.worker() == worker, "the web process did not survive"
        return hit

    strike_at(SIGNING, service, rounds, strike, excuses=EXCUSES)
