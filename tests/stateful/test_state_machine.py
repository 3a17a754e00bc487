"""Everybody does anything, in any order, and patients still read only what was signed."""

import pytest

from tests.stateful.base import Steps
from tests.stateful.database import TestDatabase
from tests.stateful.runner import STEPS_PER_EXAMPLE, run

#: On each change 2,000 steps, in parts that run beside each other.
STEPS, PARTS = 2_000, 2


@pytest.mark.extended
@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_people_do_patients_read_only_what_was_signed(
    part: int, ground: TestDatabase, machine_seed: int
) -> None:
    seed = machine_seed + part
    print(f"seed {seed}")  # noqa: T201  # pytest shows it when the test fails
    taken = Steps()
    while taken.total < STEPS // PARTS:  # an example may end early
        missing = STEPS // PARTS - taken.total
        run(ground, seed + PARTS * taken.total, examples=-(-missing // STEPS_PER_EXAMPLE), count=taken)
    print(f"{taken.total} steps, {taken.editions} editions, {dict(taken.by_rule.most_common())}")  # noqa: T201
    assert taken.editions >= taken.total // 50, "the way through review was hardly walked"
