"""Commands say what is wrong around them and what to do, and show no traceback."""

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

import psycopg
import pytest
from django.core.management import CommandError, call_command, get_commands
from django.db import (
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    connection,
)
from django.db.backends.base.base import BaseDatabaseWrapper

from cms.faults import COMMAND_FAULTS, command_fault_message
from tests.deployment.conftest import BASE_DIR, environment

#: Where the project's own commands are, and arguments that those need which take some.
APPS = ("home", "monographs")
ARGUMENTS: dict[str, tuple[str, ...]] = {
    "backup": ("x.backup",),
    "createsuperuser": ("--noinput", "--username=x", "--email=x@example.org"),
    "check_rules": ("--all",),
    "erase_account": ("x", "--confirm=x"),
    "export_account": ("x",),
    "import_monographs": ("x.txt",),
    "ledger": ("verify",),
    "remove_second_factor": ("x",),
    "restore": ("x.backup",),
    "scheduler": ("--list",),
    "unlock_account": ("x",),
}
#: They ask no database, or say themselves that it is away and go on.
NEED_NO_DATABASE = {"check_brand", "doctor"}
COMMANDS = sorted(name for name, app in get_commands().items() if app in APPS)


def caused(fault: Exception, cause: Exception) -> Exception:
    fault.__cause__ = cause
    return fault


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (KeyboardInterrupt(), "Interrupted."),
        (OSError(errno.ENOSPC, "No space left on device"), "Make room"),
        (FileNotFoundError(errno.ENOENT, "No such file", "/srv/x"), "/srv/x: No such file.\n→ Name a file"),
        (PermissionError(errno.EACCES, "Permission denied", "/srv/x"), "as a user who may"),
        (OSError(errno.EROFS, "Read-only file system", "/srv/x"), "as a user who may"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"), "--traceback"),
        (OperationalError("connection refused\nIs it running?"), "It said: connection refused\n→ See"),
        (InterfaceError("the connection is closed"), "does not answer"),
        (caused(ProgrammingError("relation"), psycopg.errors.UndefinedTable()), "Run `manage.py migrate`"),
        (caused(ProgrammingError("column"), psycopg.errors.UndefinedColumn()), "Run `manage.py migrate`"),
        (
            caused(ProgrammingError("denied"), psycopg.errors.InsufficientPrivilege()),
            "`manage.py migrate` grants",
        ),
        (caused(ProgrammingError("syntax"), psycopg.errors.SyntaxError()), ""),
        (IntegrityError("duplicate key"), ""),
        (DataError("out of range"), ""),
    ],
    ids=repr,
)
def test_a_fault_around_a_command_has_its_remedy_and_one_of_the_code_its_traceback(
    fault: BaseException, words: str
) -> None:
    assert isinstance(fault, COMMAND_FAULTS)
    message = command_fault_message(fault)
    assert words in message
    assert bool(words) == bool(message)


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in NEED_NO_DATABASE])
def test_every_command_says_that_the_database_is_away(
    name: str, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    def no_answer(*_: Any) -> None:
        raise OperationalError("connection refused")

    for each in (connection, BaseDatabaseWrapper):  # a test before may have left one on the instance
        monkeypatch.setattr(each, "ensure_connection", no_answer)
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "x")
    monkeypatch.chdir(tmp_path)
    settings.CACHE_PURGE_URLS, settings.ALLOW_DEMONSTRATION = ["http://10.0.0.5:6081"], True
    (tmp_path / "x.backup").write_bytes(b"no backup")
    with pytest.raises((CommandError, *COMMAND_FAULTS)) as caught:
        call_command(name, *ARGUMENTS.get(name, ()))
    message = str(caught.value) if caught.type is CommandError else command_fault_message(caught.value)
    assert message.strip()
    if name != "restore":  # which reads its file first
        assert "connection refused" in message
    assert [file.name for file in tmp_path.iterdir()] == ["x.backup"]
    assert (tmp_path / "x.backup").read_bytes() == b"no backup"


@pytest.mark.parametrize(
    ("script", "words", "status"),
    [
        ("raise KeyboardInterrupt", "Interrupted.\n", 130),
        ("raise BrokenPipeError(32, 'Broken pipe')", "Broken pipe.\n→ With --traceback", 1),  # of a server
        ("raise PermissionError(13, 'Permission denied', '/x')", "/x: Permission denied.\n→ Run it as", 1),
        ("print('x' * 9)", "No space left on device.\n→ Make room", 1),
    ],
)
def test_manage_ends_with_the_message(script: str, words: str, status: int) -> None:
    with open("/dev/full", "w") as full:
        done = managed(script, full)
    assert (done.returncode, done.stderr.startswith(words)) == (status, True)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_manage_says_nothing_if_its_output_is_read_no_more(unbuffered: str) -> None:
    """As after ``| head -1``."""
    read, write = os.pipe()
    os.close(read)
    with open(write, "w") as pipe:
        done = managed("print('x' * 9)", pipe, PYTHONUNBUFFERED=unbuffered)
    assert (done.returncode, done.stderr) == (1, "")


def managed(script: str, output: IO[str], **variables: str) -> subprocess.CompletedProcess[str]:
    """Run ``manage.py`` with a command that does ``script`` in place of its own."""
    program = (
        "import sys, django.core.management as m\n"
        f"def command(argv):\n    {script}\n"
        "m.execute_from_command_line = command\n"
        "import manage; manage.main()"
    )
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=BASE_DIR,
        env=environment(**variables),
        check=False,
        stdout=output,
        stderr=subprocess.PIPE,
        text=True,
    )
