"""PostgreSQL servers of other versions that this machine has, for the time of a test."""

import os
import pwd
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from monographs.backup.tools import DEBIAN_FOLDER, installed_pg_dumps

#: Far more than it takes on an idle machine.
SERVER_SECONDS = 120


def installed_versions() -> list[int]:
    """Return the major versions whose servers Debian's packages have installed."""
    return sorted(int(path.parents[1].name) for path in DEBIAN_FOLDER.glob("*/bin/postgres"))


def programs_by_version() -> dict[int, Path]:
    """Return the folder of a server's programs by major version: Debian's, and those of the wheel."""
    folders = {major: pg_dump.parent for major, pg_dump in installed_pg_dumps().items()}
    # The pg_dump on the PATH may be Debian's wrapper, which is in another folder
    folders |= {major: DEBIAN_FOLDER / str(major) / "bin" for major in installed_versions()}
    return {major: folder for major, folder in sorted(folders.items()) if (folder / "postgres").exists()}


@contextmanager
def server(major: int) -> Iterator[str]:
    """Run a new server of an installed version with an empty database; yields the database's URL."""
    # The tests need no database that survives a loss of power
    with server_of(DEBIAN_FOLDER / str(major) / "bin", [], ["-c", "fsync=off"]) as url:
        yield url


@contextmanager
def server_of(programs: Path, of_initdb: Sequence[str], of_server: Sequence[str]) -> Iterator[str]:
    """Run a new server of these programs, with options; yields the URL of an empty database."""
    # PostgreSQL refuses to run as root; the package has created the user
    who: dict[str, Any] = {"user": pwd.getpwnam("postgres").pw_uid} if os.geteuid() == 0 else {}
    with tempfile.TemporaryDirectory(prefix="postgres-") as name:
        folder = Path(name)
        if who:
            os.chown(folder, who["user"], -1)
        made = subprocess.run(
            [programs / "initdb", "-D", folder / "data", "--username=postgres", "--no-sync", *of_initdb],
            capture_output=True, text=True, check=False, cwd=folder, **who,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        options = ["-k", str(folder), "-c", "listen_addresses=", *of_server]
        with subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", *options],
            cwd=folder,
            stderr=subprocess.DEVNULL,
            **who,
        ) as process:
            try:
                _wait(programs, folder)
                yield f"postgresql://postgres@/postgres?host={quote(str(folder), safe='')}"
            finally:
                process.send_signal(signal.SIGINT)  # "fast": a client that is left over holds up nothing
                process.wait(SERVER_SECONDS)


def _wait(programs: Path, folder: Path) -> None:
    deadline = time.monotonic() + SERVER_SECONDS
    while subprocess.run([programs / "pg_isready", "-q", "-h", folder], check=False).returncode:
        assert time.monotonic() < deadline, "PostgreSQL does not start"
        time.sleep(0.05)
