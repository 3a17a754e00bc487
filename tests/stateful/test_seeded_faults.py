"""A test that cannot fail proves nothing: faults made on purpose, each of which the machine must find."""

from typing import Any

import pytest

from tests.stateful.base import Steps
from tests.stateful.database import TestDatabase
from tests.stateful.faults import FAULTS
from tests.stateful.oracle import OracleFinding
from tests.stateful.runner import GENERATE, STEPS_PER_EXAMPLE, run

#: As many as the machine takes on each change: a fault it does not find in these would pass.
STEPS = 2_000


@pytest.mark.mutation
@pytest.mark.parametrize("fault", FAULTS)
def test_the_machine_finds(fault: str, ground: TestDatabase, machine_seed: int, monkeypatch: Any) -> None:
    counted = Steps()
    seeded, words = FAULTS[fault]
    with seeded(monkeypatch), pytest.raises(OracleFinding, match=words) as finding:
        run(ground, machine_seed, examples=STEPS // STEPS_PER_EXAMPLE, phases=GENERATE, count=counted)
    print(f"seed {machine_seed}: “{fault}” found in {counted.total} steps: {finding.value}")  # noqa: T201
