"""The units of ``deploy/systemd/``: accepted by systemd, confined, and with the image's own commands."""

import os
import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.deployment.conftest import BASE_DIR, environment, run
from tests.deployment.dockerfile import start_command

FOLDER: Path = BASE_DIR / "deploy" / "systemd"
SERVICES = sorted(path.name for path in FOLDER.glob("*.service"))
#: systemd's own measure from 0 (confined) to 10; what remains is the network.
MOST_EXPOSED = 2.0
#: Where the operator's documents install the project.
PROGRAMS = "/srv/monographs/.venv/bin"

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None and not os.environ.get("CI"),
    reason="systemd is not installed (Debian: apt-get install systemd)",
)


def commands_of(service: str) -> list[list[str]]:
    """Return the words of each command of a unit, with systemd's escapes undone."""
    found = re.findall(r"^ExecStart=(.*)$", (FOLDER / service).read_text(), re.MULTILINE)
    return [[word.replace("%%", "%").replace("$$", "$") for word in shlex.split(line)] for line in found]


@needs_systemd
def test_systemd_accepts_and_confines_every_unit(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    for file in tmp_path.glob("*.service"):
        file.write_text(file.read_text().replace(PROGRAMS, str(Path(sys.executable).parent)))
    env = environment(SYSTEMD_UNIT_PATH=f"{tmp_path}:")
    units = [name.replace("@.", "@8000.") for name in [*SERVICES, "monographs-backup.timer"]]
    verified = run("systemd-analyze", "verify", *units, env=env)
    assert (verified.returncode, verified.stderr) == (0, "")
    for unit in units[:-1]:
        measured = run("systemd-analyze", "security", "--offline=yes", unit, env=env).stdout
        exposure = re.search(r"exposure level for \S+: ([\d.]+)", measured)
        assert exposure, measured
        assert float(exposure[1]) <= MOST_EXPOSED, unit


@needs_systemd
def test_debians_varnish_takes_the_storage_of_compose(tmp_path: Path) -> None:
    """Its own unit with this one's options; where it is not installed, the options alone."""
    shutil.copytree(FOLDER / "varnish.service.d", tmp_path / "varnish.service.d")
    debians = Path("/lib/systemd/system/varnish.service")
    (tmp_path / "varnish.service").write_text(
        debians.read_text() if debians.exists() else "[Service]\nExecStart=/bin/true\n"
    )
    verified = run(
        "systemd-analyze", "verify", "varnish.service", env=environment(SYSTEMD_UNIT_PATH=f"{tmp_path}:")
    )
    assert (verified.returncode, verified.stderr) == (0, "")
    options = (FOLDER / "varnish.service.d" / "10-monographs.conf").read_text()
    compose = (BASE_DIR / "deploy" / "compose.yaml").read_text()
    assert re.findall(r"-s \S+malloc,\d+m", options) == re.findall(r"-s \S+malloc,\d+m", compose)
    assert "-a 127.0.0.1:6081" in options


def test_a_web_process_has_the_images_command() -> None:
    (command,) = commands_of("monographs-web@.service")
    image = [word.replace("0.0.0.0:8000", "127.0.0.1:%i") for word in start_command()]
    assert command == [f"{PROGRAMS}/gunicorn", *image[1:]]


def test_the_document_makes_every_folder_that_units_and_nginx_write_to() -> None:
    document = (BASE_DIR / "docs" / "operators" / "installation.md").read_text("utf-8")
    made = set(re.search(r"^mkdir -p (/srv/.+)$", document, re.MULTILINE)[1].split())
    units = "\n".join(file.read_text() for file in FOLDER.rglob("*") if file.is_file())
    lists = re.findall(r"^ReadWritePaths=(.*)$", units, re.MULTILINE)
    needed = {path.removeprefix("-") for paths in lists for path in paths.split()}
    nginx = (BASE_DIR / "deploy" / "nginx" / "nginx.conf").read_text()
    # nginx makes the last folder of the path, and none above it
    needed |= {str(Path(path).parent) for path in re.findall(r"proxy_cache_path (\S+)", nginx)}
    assert needed <= made


def test_every_management_command_exists() -> None:
    words = [word for service in SERVICES for command in commands_of(service) for word in command]
    named = re.findall(r"manage\.py (\w+)", " ".join(words))
    assert {"migrate", "setup_site", "scheduler", "backup"} == set(named)
    assert set(named) - {"scheduler"} <= get_commands().keys()
