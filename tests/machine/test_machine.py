"""Everybody does anything, in any order, and patients still read only what was signed."""

from tests.machine.ground import Ground
from tests.machine.running import STEPS_PER_EXAMPLE, run

#: Enough for each rule to be taken some thirty times, and affordable on each change.
STEPS = 500


def test_whatever_people_do_patients_read_only_what_was_signed(ground: Ground, machine_seed: int) -> None:
    print(f"seed {machine_seed}")  # noqa: T201  # shown when the test fails
    taken = run(ground, machine_seed, examples=STEPS // STEPS_PER_EXAMPLE)
    print(f"{taken.total} steps, {taken.editions} editions, {dict(taken.by_rule.most_common())}")  # noqa: T201
    assert taken.total >= STEPS
    assert taken.editions >= STEPS // 100, "the way through review was hardly walked"
