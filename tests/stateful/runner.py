"""Runs of the state machine: for a number of steps from a seed, or with given steps."""

from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.stateful.base import Steps
from tests.stateful.initial_site import InitialSite
from tests.stateful.oracle_submissions import OracleFinding
from tests.stateful.shortest_ways import Step
from tests.stateful.state_machine import ReviewStateMachine

STEPS_PER_EXAMPLE = 40
ALL_PHASES = (Phase.generate, Phase.shrink)
GENERATE = (Phase.generate,)


def options(examples: int, steps: int, phases: Sequence[Phase]) -> settings:
    """Return the Hypothesis settings of a run."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        phases=tuple(phases),
        deadline=None,  # the duration of HTTP requests is not tested
        database=None,  # examples refer to rows that the next run does not have
        print_blob=False,
        report_multiple_bugs=False,
        verbosity=Verbosity.normal,
        # Examples are intentionally long, slow and large
        suppress_health_check=list(HealthCheck),
    )


def run(
    initial_site: InitialSite,
    number: int,
    *,
    examples: int,
    steps: int = STEPS_PER_EXAMPLE,
    phases: Sequence[Phase] = ALL_PHASES,
    count: Steps | None = None,
) -> Steps:
    """Run ``examples`` examples from seed ``number``; raises ``OracleFinding``."""
    counted = count or Steps()

    class Seeded(ReviewStateMachine):
        pass

    Seeded.initial_site, Seeded.steps = initial_site, counted
    Seeded.__qualname__ = Seeded.__name__ = "ReviewStateMachine"
    machine: Any = seed(number)(Seeded)
    run_state_machine_as_test(machine, settings=options(examples, steps, phases))
    return counted


def take(initial_site: InitialSite, way: list[Step]) -> tuple[int, str]:
    """Take the steps on a new site; return the number of the last step, and what was found in it."""

    class Directed(ReviewStateMachine):
        steps = Steps()

    Directed.initial_site = initial_site
    machine = Directed()
    try:
        for number, (rule, arguments) in enumerate(way, start=1):
            try:
                getattr(machine, rule)(**arguments)
            except OracleFinding as finding:
                return number, str(finding)
    finally:
        machine.web_clock.stop()
    return len(way), ""
