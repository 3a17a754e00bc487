"""`make run` in a folder with a space in its name: it serves, and Ctrl-C leaves no process behind."""

import fcntl
import os
import pty
import re
import select
import socket
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen
from uuid import uuid4

import psycopg
import pytest

from devtools.last_release import BACKUP
from tests.deployment.conftest import BASE_DIR, database_url, environment, run
from tests.ports import free_port

pytestmark = [pytest.mark.extended, pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc")]

#: Far more than it takes on an idle machine.
SECONDS = 300


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The project's files in another folder, with the environment of these tests."""
    folder = tmp_path / "a folder with spaces, é"
    files = run("git", "ls-files", "-z").stdout
    assert files, "the project's files are in version control"
    folder.mkdir()
    names = [name for name in files.split("\0") if (BASE_DIR / name).is_file()]
    archive = subprocess.run(
        ["tar", "--create", "--null", "--files-from=-"],
        cwd=BASE_DIR, input="\0".join(names).encode(), capture_output=True, check=True,
    ).stdout  # fmt: skip
    subprocess.run(["tar", "--extract"], cwd=folder, input=archive, check=True)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


@pytest.fixture
def last_release(clone: Path) -> Iterator[dict[str, str]]:
    """Variables of a process on the database of the last release's demonstration site."""
    name = f"make_run_{uuid4().hex[:8]}"
    with psycopg.connect(database_url("postgres"), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            variables = environment(DATABASE_URL=database_url(name), HOME=str(clone))
            variables["PYTHONPATH"] = str(clone)
            restored = run(sys.executable, "manage.py", "restore", str(BACKUP), cwd=clone, env=variables)
            assert restored.returncode == 0, restored.stderr
            yield variables
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def processes_in(folder: Path) -> list[str]:
    """The commands of the processes that work in a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").readlink() == folder:
                found.append((process / "cmdline").read_text().replace("\0", " "))
    return found


class Terminal:
    """A command in a terminal of its own, as somebody types it."""

    def __init__(self, *command: str, cwd: Path, env: dict[str, str]) -> None:
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            command, cwd=cwd, env=env, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509  # one system call
        )  # fmt: skip
        os.close(slave)
        self.said = ""

    def wait_for(self, pattern: str) -> None:
        """Read until the terminal shows this."""
        end = time.monotonic() + SECONDS
        while not re.search(pattern, self.said):
            assert time.monotonic() < end, self.said
            assert self.process.poll() is None, self.said
            self.read()

    def read(self) -> None:
        """Read what is shown within a second."""
        if select.select([self.master], [], [], 1)[0]:
            with suppress(OSError):
                self.said += os.read(self.master, 65536).decode(errors="replace")

    def end(self) -> int:
        """Type Ctrl-C, and return the exit status."""
        os.write(self.master, b"\x03")
        end = time.monotonic() + SECONDS
        while self.process.poll() is None:
            assert time.monotonic() < end, self.said
            self.read()
        return self.process.returncode


def test_it_serves_a_site_of_the_release_before_and_ctrl_c_leaves_nothing(
    clone: Path, last_release: dict[str, str]
) -> None:
    port = free_port()
    terminal = Terminal("make", "-o", "setup", "run", f"PORT={port}", cwd=clone, env=last_release)
    try:
        terminal.wait_for(r"Quit the server")
        assert f"What patients read   http://127.0.0.1:{port}/" in terminal.said
        assert "Preparing the database" in terminal.said
        with urlopen(f"http://127.0.0.1:{port}/medicines/", timeout=SECONDS) as answer:
            assert "imatinib" in answer.read().decode().lower()
        assert len(processes_in(clone)) >= 4, "make, the scheduler, the server and its watcher"
        assert terminal.end() != 0
    finally:
        if terminal.process.poll() is None:
            os.killpg(terminal.process.pid, 9)
            terminal.process.wait()
    assert processes_in(clone) == []


@pytest.mark.parametrize("port", ["taken", "eighty", "70000"])
def test_a_port_that_cannot_be_used_is_told_before_anything_is_started(clone: Path, port: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        name = str(taken.getsockname()[1]) if port == "taken" else port
        done = run("make", "-o", "setup", "run", f"PORT={name}", cwd=clone, env=environment())
    assert done.returncode != 0
    assert f"Port {name} cannot be used (" in done.stderr
    assert "Choose another: PORT=8123 make run" in done.stderr
    assert not (clone / ".local").exists()
    assert processes_in(clone) == []
