"""Log entries that nobody can forge: what a client sent cannot begin a new line."""

import json
import logging
import time
from datetime import UTC, datetime
from threading import Lock

import psycopg
from django.conf import settings
from django.db import InterfaceError, OperationalError

from cms.request_id import request_id


def escape_unprintable(text: str) -> str:
    r"""Return ``text`` with every unprintable character as a Python escape, e.g. ``\n`` or ``\u2028``.

    That covers all line ends: of terminals, of ``str.splitlines`` and of Unicode.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


class OneLineFormatter(logging.Formatter):
    """A formatter whose entries begin a line only once; lines of a traceback are indented."""

    indent = "    "

    def format(self, record: logging.LogRecord) -> str:
        if is_json():
            return _json_entry(record, self)
        entry = super().format(record)
        message, *rest = entry.split("\nTraceback (most recent call last):\n", 1)
        # ``rest`` is the traceback, whose own line ends stay
        lines = [escape_unprintable(message)]
        if rest:
            traceback = ["Traceback (most recent call last):", *rest[0].split("\n")]
            lines += [self.indent + escape_unprintable(line) for line in traceback]
        return "\n".join(lines)


def is_json() -> bool:
    """Return whether log entries are JSON objects (``LOG_FORMAT=json``); not before settings are loaded."""
    return settings.configured and getattr(settings, "LOG_FORMAT", "plain") == "json"


def _json_entry(record: logging.LogRecord, formatter: logging.Formatter) -> str:
    """Return an entry as one line, since all but ASCII is escaped; ``extra={"fields": …}`` adds fields."""
    values = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "message": record.getMessage(),
        "request_id": request_id.get(),
        "traceback": formatter.formatException(record.exc_info) if record.exc_info else "",
    } | getattr(record, "fields", {})
    return json.dumps({name: value for name, value in values.items() if value != ""})


class DatabaseErrorFilter(logging.Filter):
    """One entry per logger and ``seconds`` about a database that does not answer, without its traceback.

    Each request of an outage fails for the same cause. The entry says how many like it were left out.
    """

    def __init__(self, seconds: float = 10) -> None:
        super().__init__()
        self.seconds = seconds
        self._lock = Lock()
        self._last: dict[str, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if not (_is_outage(error) or record.name == "psycopg.pool"):
            return True
        with self._lock:
            written_at, omitted = self._last.get(record.name, (-self.seconds, 0))
            if time.monotonic() - written_at < self.seconds:
                self._last[record.name] = (written_at, omitted + 1)
                return False
            self._last[record.name] = (time.monotonic(), 0)
        cause = f": {error}".rstrip() if error else ""
        more = f" ({omitted} more of these since the last entry)" if omitted else ""
        record.msg, record.args = f"{record.getMessage()}{cause}{more}", None
        record.exc_info = record.exc_text = None
        return True


def _is_outage(error: BaseException | None) -> bool:
    return isinstance(error, OperationalError | InterfaceError | psycopg.OperationalError)
