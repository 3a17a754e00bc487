"""Running the machine for a number of steps from a seed."""

from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.stateful.base import Steps
from tests.stateful.database import TestDatabase
from tests.stateful.state_machine import Foundation

STEPS_PER_EXAMPLE = 40
ALL_PHASES = (Phase.generate, Phase.shrink)
GENERATE = (Phase.generate,)


def options(examples: int, steps: int, phases: Sequence[Phase]) -> settings:
    """How Hypothesis is asked to run."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        phases=tuple(phases),
        deadline=None,  # a step talks to a server and a database; how long that takes is no finding
        database=None,  # examples speak of rows that the next run does not have
        print_blob=False,
        report_multiple_bugs=False,
        verbosity=Verbosity.normal,
        # Examples are long and slow on purpose, and use much data on purpose
        suppress_health_check=list(HealthCheck),
    )


def run(
    ground: TestDatabase,
    number: int,
    *,
    examples: int,
    steps: int = STEPS_PER_EXAMPLE,
    phases: Sequence[Phase] = ALL_PHASES,
    count: Steps | None = None,
) -> Steps:
    """Run ``examples`` examples from seed ``number``; raises what the machine finds."""
    counted = count or Steps()

    class Seeded(Foundation):
        pass

    Seeded.ground, Seeded.steps = ground, counted
    Seeded.__qualname__ = Seeded.__name__ = "Foundation"
    machine: Any = seed(number)(Seeded)
    run_state_machine_as_test(machine, settings=options(examples, steps, phases))
    return counted
