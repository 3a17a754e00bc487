"""Required, pinned and installed versions agree."""

import os
import re
import shutil
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import django
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.deployment.conftest import BASE_DIR, environment, run
from tests.deployment.dockerfile import packages_step

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


def test_packages_are_compiled_to_the_same_bytes_each_time(tmp_path: Path) -> None:
    """By the image's own command: usually, compiled files hold the time at which a package was installed."""
    install, _, compilation = packages_step().partition(" && ")
    assert "--no-compile" in install
    command = compilation.replace("/opt/venv/bin/python", sys.executable).replace("/opt/venv/lib", ".")
    shutil.copytree(Path(django.__file__).parent / "db", tmp_path / "db")
    built = []
    for seed, time in (("1", 1_700_000_000), ("2", 1_800_000_000)):
        for file in tmp_path.rglob("*.py"):
            os.utime(file, (time, time))
        done = run("sh", "-c", command, env=environment(PYTHONHASHSEED=seed), cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
        built.append({file: file.read_bytes() for file in tmp_path.rglob("*.pyc")})
    assert len(built[0]) > 100
    assert built[0] == built[1]
