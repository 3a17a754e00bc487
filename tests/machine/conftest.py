"""The ground the machine runs on: real commits, a real server."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.machine.ground import Ground, lay
from tests.machine.world import running_world


@pytest.fixture
def ground(transactional_db: None, figure_files: None) -> Iterator[Ground]:
    """A site with its people, signed in, behind a server of its own."""
    with running_world() as world:
        yield lay(world)


@pytest.fixture
def machine_seed(request: pytest.FixtureRequest) -> int:
    """The seed of this run: ``--hypothesis-seed``, or one nobody chose."""
    import random  # noqa: PLC0415

    given: Any = request.config.getoption("--hypothesis-seed", default=None)
    return int(given) if given not in (None, "random") else random.SystemRandom().randrange(2**32)
