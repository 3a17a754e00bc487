"""Development tools and demonstration content are not available in production."""

import sys

import pytest

from tests.deployment.conftest import PRODUCTION, environment, run
from tests.deployment.dockerfile import instructions


def manage(*arguments: str) -> tuple[int, str]:
    """Exit status and error output of ``manage.py`` under production settings, without a database."""
    result = run(sys.executable, "manage.py", *arguments, env=environment(**PRODUCTION))
    return result.returncode, result.stderr


def test_production_does_not_know_generate_monographs() -> None:
    status, errors = manage("generate_monographs", "1")
    assert status != 0
    assert "Unknown command: 'generate_monographs'" in errors


def test_production_refuses_load_demo() -> None:
    status, errors = manage("load_demo")
    assert status != 0
    assert "known password" in errors


@pytest.mark.parametrize("folder", ["devtools", "benchmarks", "tests"])
def test_the_image_does_not_contain(folder: str) -> None:
    copied = {rest.split()[0] for name, rest in instructions() if name == "COPY"}
    assert {"cms", "home", "monographs"} <= copied
    assert folder not in copied
    assert "." not in copied
