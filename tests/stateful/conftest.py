"""Fixtures of the state machine: a committed database and a live server."""

import os
import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests.stateful.initial_site import InitialSite, build_initial_site
from tests.stateful.running_site import running_site

#: The fixed seed; any number would do.
CI_SEED = 20261128


@pytest.fixture
def initial_site(transactional_db: None, figure_files: None) -> Iterator[InitialSite]:
    """A site with its users signed in, behind its own server."""
    with running_site() as site:
        yield build_initial_site(site)


@pytest.fixture
def machine_seed(request: pytest.FixtureRequest) -> int:
    """The seed of this run: ``--hypothesis-seed``, or a random one.

    Under ``CI`` the seed is fixed, as Hypothesis derandomizes its own tests there; other runs and
    ``make soak`` try new seeds.
    """
    given: Any = request.config.getoption("--hypothesis-seed", default=None)
    if given in (None, "random"):
        return CI_SEED if os.environ.get("CI") else random.SystemRandom().randrange(2**32)
    return int(given)
