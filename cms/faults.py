"""Faults outside the code: one message with its remedy, for commands and at start, instead of a traceback."""

import errno
import json
import os
import select
import signal
import sys

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, InterfaceError, OperationalError
from environs import EnvError

#: The exceptions of settings that cannot be read.
SETTINGS_FAULTS = (ImproperlyConfigured, EnvError)
#: The exceptions of faults around a command, and the exit status of a process that Ctrl-C ended.
COMMAND_FAULTS = (KeyboardInterrupt, OSError, DatabaseError, InterfaceError)
INTERRUPTED = 128 + signal.SIGINT

#: By PostgreSQL's code (Appendix A of its manual): what it means here.
_LACKS = (
    "The database lacks tables or columns of this release.",
    "Run `manage.py migrate` first, with the owner's environment file.",
)
_BY_SQLSTATE = {
    "42P01": _LACKS,
    "42703": _LACKS,
    "42501": (
        "The database's role may not do this.",
        "`manage.py migrate` grants the role in DATABASE_URL what it needs; it and restore need the owner's "
        "(docs/operators/installation.md, Two database roles).",
    ),
}
_AWAY = (
    "The database does not answer, or could not do this.",
    "See whether the server runs and has room, and compare DATABASE_URL with its address; `manage.py doctor` "
    "says more.",
)
_NO_ROOM, _NO_RIGHT = "Make room there, and run it again.", "Run it as a user who may, or name another place."
_BY_ERRNO = {
    errno.ENOSPC: _NO_ROOM,
    errno.EDQUOT: _NO_ROOM,
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
    errno.EROFS: _NO_RIGHT,
    errno.ENOENT: "Name a file or folder that is there.",
}


def settings_fault_message(fault: Exception, arguments: list[str]) -> str:
    """Return the message for people; for ``doctor --json``, as a JSON object like its output."""
    remedy = "docs/operators/settings.md says what each takes."
    if arguments[:1] != ["doctor"] or "--json" not in arguments:
        return f"{fault}\n→ {remedy}"
    message = {"status": "error", "message": str(fault), "remedy": remedy}
    check = {
        "check": "settings",
        "title": "The settings can be read.",
        "status": "error",
        "messages": [message],
    }
    return json.dumps({"status": "error", "checks": [check]}, indent=1)


def command_fault_message(fault: BaseException) -> str:
    """Return what is wrong and what to do; empty if it is a fault of the code, whose traceback says more."""
    if isinstance(fault, KeyboardInterrupt):
        return "Interrupted."
    if isinstance(fault, OSError):
        what = ": ".join(str(part) for part in (fault.filename, fault.strerror or fault) if part)
        return f"{what}.\n→ {_BY_ERRNO.get(fault.errno or 0, 'With --traceback it says where.')}"
    state = getattr(fault.__cause__, "sqlstate", None) or ""
    is_away = isinstance(fault, OperationalError | InterfaceError)
    meaning, remedy = _BY_SQLSTATE.get(state) or (_AWAY if is_away else ("", ""))
    if not meaning:
        return ""
    line = str(fault).strip().partition("\n")[0]
    return f"{meaning} It said: {line}\n→ {remedy}"


def _is_output_closed() -> bool:
    """Return whether the output is a pipe that nobody reads any more; another pipe may have broken."""
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)
    return any(event & select.POLLERR for _, event in poll.poll(0))


def end_with(fault: BaseException) -> None:
    """Write the message and end the process; return if the fault is one of the code."""
    message = command_fault_message(fault)
    if not message:
        return
    is_unread = _is_output_closed()
    try:
        sys.stdout.flush()
    except OSError:  # what it still holds would fail once more at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if not (is_unread and isinstance(fault, BrokenPipeError)):  # whoever reads the output has seen enough
        sys.stderr.write(f"{message}\n")
    sys.exit(INTERRUPTED if isinstance(fault, KeyboardInterrupt) else 1)
