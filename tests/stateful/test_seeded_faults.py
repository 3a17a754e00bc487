"""Mutation testing of the state machine: it must detect each seeded fault."""

from typing import Any

import pytest

from tests.stateful.base import Steps
from tests.stateful.initial_site import InitialSite
from tests.stateful.oracle import OracleFinding
from tests.stateful.runner import GENERATE, STEPS_PER_EXAMPLE, run
from tests.stateful.seeded_faults import FAULTS

#: As many as on each change: a fault that is not found in these would pass.
STEPS = 2_000


@pytest.mark.mutation
@pytest.mark.parametrize("fault", FAULTS)
def test_the_machine_finds(
    fault: str, initial_site: InitialSite, machine_seed: int, monkeypatch: Any
) -> None:
    counted = Steps()
    seeded, words = FAULTS[fault]
    with seeded(monkeypatch), pytest.raises(OracleFinding, match=words) as finding:
        run(initial_site, machine_seed, examples=STEPS // STEPS_PER_EXAMPLE, phases=GENERATE, count=counted)
    print(f"seed {machine_seed}: “{fault}” found in {counted.total} steps: {finding.value}")  # noqa: T201
