"""Required, pinned and installed versions agree."""

import re
import tomllib
from importlib.metadata import version

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.deployment.conftest import BASE_DIR

PROJECT = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]
ASKED = {
    "requirements.txt": PROJECT["dependencies"],
    "requirements-s3.txt": [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["s3"]],
    "requirements-dev.txt": [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]],
}


def pins(file: str) -> dict[str, str]:
    """Return name → version of a requirements file."""
    return dict(re.findall(r"^([a-z0-9.-]+)==([^ ;\\]+)", (BASE_DIR / file).read_text(), re.MULTILINE))


@pytest.mark.parametrize("file", ASKED)
def test_everything_asked_for_is_pinned_within_its_bounds(file: str) -> None:
    pinned = pins(file)
    for requirement in map(Requirement, ASKED[file]):
        name = canonicalize_name(requirement.name)
        assert pinned.get(name, "") in requirement.specifier, f"{requirement}: run `make requirements`"


def test_development_and_production_run_the_same_versions() -> None:
    assert pins("requirements.txt").items() <= pins("requirements-s3.txt").items()
    assert pins("requirements-s3.txt").items() <= pins("requirements-dev.txt").items()


def test_what_runs_here_is_what_is_pinned() -> None:
    pinned = pins("requirements.txt")
    assert {name: version(name) for name in ("django", "wagtail", "pydantic", "gunicorn")}.items() <= (
        pinned.items()
    )


@pytest.mark.parametrize("file", ASKED)
def test_every_pin_has_hashes_and_no_index_is_named(file: str) -> None:
    text = (BASE_DIR / file).read_text()
    for pin in re.split(r"\n(?=[a-z0-9])", text)[1:]:
        assert "--hash=sha256:" in pin, pin.splitlines()[0]
    assert "://" not in text
