"""Mutation testing: the state machine, or a test named here, detects each seeded fault."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stateful.base import Steps
from tests.stateful.edge_faults import EDGE_FAULTS, NAMED_FAULTS
from tests.stateful.initial_site import InitialSite
from tests.stateful.oracle_submissions import OracleFinding
from tests.stateful.runner import GENERATE, STEPS_PER_EXAMPLE, run, take
from tests.stateful.seeded_faults import FAULTS
from tests.stateful.shortest_ways import SHORTEST_WAYS, Step

pytestmark = pytest.mark.mutation

#: A few more than on each change: a fault that is not found in these would pass.
STEPS = 2_000
ALL_FAULTS = {**FAULTS, **EDGE_FAULTS}
BASE_DIR = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("fault", ALL_FAULTS)
def test_the_machine_finds_each_seeded_fault(
    fault: str, initial_site: InitialSite, machine_seed: int, monkeypatch: Any
) -> None:
    counted = Steps()
    seeded, words = ALL_FAULTS[fault]
    with seeded(monkeypatch), pytest.raises(OracleFinding, match=words) as finding:
        run(initial_site, machine_seed, examples=STEPS // STEPS_PER_EXAMPLE, phases=GENERATE, count=counted)
    print(f"seed {machine_seed}: “{fault}” found in {counted.total} steps: {finding.value}")  # noqa: T201


@pytest.mark.parametrize("name", EDGE_FAULTS)
def test_each_edge_is_found_in_the_fewest_steps(initial_site: InitialSite, name: str) -> None:
    """Each way finds nothing in the sound project, and its fault in the last step."""
    wrong = [problem for way in SHORTEST_WAYS[name] for problem in judge(initial_site, name, way)]
    assert not wrong, "\n".join(wrong)


def judge(initial_site: InitialSite, name: str, way: list[Step]) -> Iterator[str]:
    """Yield what is wrong with a way to find a fault."""
    fault, words = EDGE_FAULTS[name]
    step, finding = take(initial_site, way)
    if finding:
        yield f"found without the fault in step {step}: {finding}"
    with pytest.MonkeyPatch.context() as patch, fault(patch):
        step, finding = take(initial_site, way)
    print(f"“{name}” found in step {step}: {finding}", flush=True)  # noqa: T201
    if step != len(way) or not re.search(words, finding):
        yield f"not found in step {len(way)}, but {step}: {finding}"


@pytest.mark.parametrize("fault", NAMED_FAULTS)
def test_a_named_test_finds(fault: str) -> None:
    """The test passes; with the fault it fails by an assertion or a missing refusal, or reads no text."""
    _, test = NAMED_FAULTS[fault]
    sound, faulty = run_test(test), run_test(test, fault)
    assert sound.returncode == 0, sound.stdout
    assert faulty.returncode == 1, faulty.stdout
    found = re.search(
        r"^E +(AssertionError|assert |Failed: DID NOT RAISE|\S+UnreadableDocument)",
        faulty.stdout,
        re.MULTILINE,
    )
    assert found, faulty.stdout
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
