"""Mutation testing: the state machine, or a test named here, detects each seeded fault."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.stateful.base import Steps
from tests.stateful.edge_faults import EDGE_FAULTS, NAMED_FAULTS
from tests.stateful.initial_site import InitialSite
from tests.stateful.oracle import OracleFinding
from tests.stateful.runner import GENERATE, STEPS_PER_EXAMPLE, run
from tests.stateful.seeded_faults import FAULTS

pytestmark = pytest.mark.mutation

#: A few more than on each change: a fault that is not found in these would pass.
STEPS = 2_000
ALL_FAULTS = {**FAULTS, **EDGE_FAULTS}
BASE_DIR = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("fault", ALL_FAULTS)
def test_the_machine_finds(
    fault: str, initial_site: InitialSite, machine_seed: int, monkeypatch: Any
) -> None:
    counted = Steps()
    seeded, words = ALL_FAULTS[fault]
    with seeded(monkeypatch), pytest.raises(OracleFinding, match=words) as finding:
        run(initial_site, machine_seed, examples=STEPS // STEPS_PER_EXAMPLE, phases=GENERATE, count=counted)
    print(f"seed {machine_seed}: “{fault}” found in {counted.total} steps: {finding.value}")  # noqa: T201


@pytest.mark.parametrize("fault", NAMED_FAULTS)
def test_a_named_test_finds(fault: str) -> None:
    """The test passes, and fails by its own assertion with the fault."""
    _, test = NAMED_FAULTS[fault]
    sound, faulty = run_test(test), run_test(test, fault)
    assert sound.returncode == 0, sound.stdout
    assert faulty.returncode == 1, faulty.stdout
    assert re.search(r"^E +(AssertionError|assert )", faulty.stdout, re.MULTILINE), faulty.stdout
    print(f"“{fault}” found by {test}")  # noqa: T201


def run_test(test: str, fault: str = "") -> subprocess.CompletedProcess[str]:
    """Run a test in a process of its own, with a fault or without one."""
    options = ["-q", "-n", "0", "-x", "-m", "", "-p", "no:randomly", "-p", "tests.stateful.fault_plugin"]
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, test],
        cwd=BASE_DIR,
        env={**own, "SEEDED_FAULT": fault},
        capture_output=True,
        text=True,
        check=False,
    )
