"""What the seeded faults replace exists, and the tests that find them.

`make test-mutation` would notice, but is rarely run.
"""

import importlib
import re
from pathlib import Path

import pytest

from tests.stateful.edge_faults import NAMED_FAULTS

_REPLACED = re.compile(r"patch\.setattr\(\s*(\w+),\s*\"(\w+)\"")
MODULES = sorted(path.stem for path in Path(__file__).parent.glob("*_faults.py") if "test_" not in path.stem)


@pytest.mark.parametrize("name", MODULES)
def test_what_a_fault_replaces_exists(name: str) -> None:
    module = importlib.import_module(f"tests.stateful.{name}")
    assert module.__file__
    replaced = _REPLACED.findall(Path(module.__file__).read_text("utf-8"))
    missing = [
        f"{target}.{attribute}"
        for target, attribute in replaced
        if target in vars(module) and not hasattr(vars(module)[target], attribute)
    ]
    assert missing == []


@pytest.mark.parametrize("fault", NAMED_FAULTS)
def test_the_test_that_finds_a_fault_exists(fault: str) -> None:
    path, _, name = NAMED_FAULTS[fault][1].partition("::")
    module = Path(__file__).resolve().parents[2] / path
    assert module.exists()
    assert f"def {name}(" in module.read_text("utf-8")
