"""The ground the machine runs on: real commits, a real server."""

import os
import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests.stateful.database import TestDatabase, lay
from tests.stateful.world import running_world

#: Of the run that judges a change; any other number would do.
CI_SEED = 20261128


@pytest.fixture
def ground(transactional_db: None, figure_files: None) -> Iterator[TestDatabase]:
    """A site with its people, signed in, behind a server of its own."""
    with running_world() as world:
        yield lay(world)


@pytest.fixture
def machine_seed(request: pytest.FixtureRequest) -> int:
    """The seed of this run: ``--hypothesis-seed``, or one nobody chose.

    Under ``CI`` a change is judged by the same steps each time, as Hypothesis does with its own tests there;
    new ones are tried by everybody else and by ``make soak``.
    """
    given: Any = request.config.getoption("--hypothesis-seed", default=None)
    if given in (None, "random"):
        return CI_SEED if os.environ.get("CI") else random.SystemRandom().randrange(2**32)
    return int(given)
