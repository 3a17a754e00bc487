"""A test that cannot fail proves nothing: faults made on purpose, each of which the machine must find."""

from typing import Any

import pytest

from tests.machine.base import Steps
from tests.machine.faults import FAULTS
from tests.machine.ground import Ground
from tests.machine.oracle import Finding
from tests.machine.running import GENERATE, STEPS_PER_EXAMPLE, run

#: As many as the machine takes on each change: a fault it does not find in these would pass.
STEPS = 2_000


@pytest.mark.faults
@pytest.mark.parametrize("fault", FAULTS)
def test_the_machine_finds(fault: str, ground: Ground, machine_seed: int, monkeypatch: Any) -> None:
    counted = Steps()
    seeded, words = FAULTS[fault]
    with seeded(monkeypatch), pytest.raises(Finding, match=words) as finding:
        run(ground, machine_seed, examples=STEPS // STEPS_PER_EXAMPLE, phases=GENERATE, count=counted)
    print(f"seed {machine_seed}: “{fault}” found in {counted.total} steps: {finding.value}")  # noqa: T201
