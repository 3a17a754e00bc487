"""Whatever users do in any order, public pages show only what was signed."""

import pytest

from tests.stateful.base import Steps
from tests.stateful.initial_site import InitialSite
from tests.stateful.runner import STEPS_PER_EXAMPLE, run

#: 800 steps in parallel parts; `make soak` takes as many as it is asked for.
STEPS, PARTS = 800, 2


@pytest.mark.extended
@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_people_do_patients_read_only_what_was_signed(
    part: int, initial_site: InitialSite, machine_seed: int
) -> None:
    seed = machine_seed + part
    print(f"seed {seed}")  # noqa: T201  # pytest shows it when the test fails
    taken = Steps()
    while taken.total < STEPS // PARTS:  # an example may end early
        missing = STEPS // PARTS - taken.total
        run(initial_site, seed + PARTS * taken.total, examples=-(-missing // STEPS_PER_EXAMPLE), count=taken)
    print(f"{taken.total} steps, {taken.editions} editions, {dict(taken.by_rule.most_common())}")  # noqa: T201
    assert taken.editions >= taken.total // 50, "too few editions were published"
