"""The list of reliances on Wagtail is complete in itself: what it names exists."""

import ast
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from monographs.review.wagtail_integration.reliances import RELIANCES, Reliance

HERE = Path(__file__).parent


def functions_of(module: str) -> set[str]:
    tree = ast.parse((HERE / f"{module}.py").read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("reliance", RELIANCES, ids=lambda reliance: reliance.wagtail)
def test_what_a_reliance_names_exists(reliance: Reliance) -> None:
    parts = reliance.wagtail.split(".")
    found, rest = None, list(parts)
    for length in range(len(parts), 0, -1):
        try:
            found, rest = import_module(".".join(parts[:length])), parts[length:]
            break
        except ModuleNotFoundError:
            continue
    for name in rest:
        assert hasattr(found, name), f"Wagtail has no {reliance.wagtail} any more"
        found = getattr(found, name)
    assert find_spec(reliance.code), f"{reliance.code} is gone"
    module, _, function = reliance.test.partition("::")
    assert function in functions_of(module), f"{reliance.test} is gone"


def test_every_test_here_belongs_to_a_reliance() -> None:
    """But those of the middleware and of lists, whose other tests are about themselves."""
    listed = {reliance.test for reliance in RELIANCES}
    found = {
        f"{path.stem}::{name}"
        for path in HERE.glob("test_*.py")
        if path.stem not in ("test_reliances", "test_refusal_middleware")
        for name in functions_of(path.stem)
        if name.startswith("test_") and name != "test_every_list_of_the_admin_is_measured"
    }
    assert found <= listed


def test_every_module_of_the_package_is_in_the_list() -> None:
    package = Path(import_module("monographs.review.wagtail_integration").__file__).parent
    modules = {path.stem for path in package.glob("*.py")} - {"__init__"}
    assert modules <= {reliance.code.rpartition(".")[2] for reliance in RELIANCES}
