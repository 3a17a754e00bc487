"""The database's clock, by which every time in the record is set and everything due is decided.

A web server's clock may be wrong, and the clocks of two servers differ. ``tests/code/test_clock.py`` finds
other clocks, and lists the few that are right where they are used.
"""

import threading
import time
from datetime import UTC, date, datetime, timedelta

from django.db import connection

#: How long a reading is continued by counting seconds, where a screen compares many rows with the day.
READING_SECONDS = 1.0

_reading = threading.local()


def database_now() -> datetime:
    """The time of the database's clock now, in UTC, also in the middle of a transaction.

    Asked through the driver: it is not one of the queries of a screen, whose number is fixed by tests.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment.astimezone(UTC)


def recent_now() -> datetime:
    """The time of the database's clock, from a reading of at most ``READING_SECONDS`` ago.

    For what screens show and for days; what is stored, and what is due, is compared with ``database_now``.
    """
    moment, read_at = getattr(_reading, "last", (None, 0.0))
    elapsed = time.monotonic() - read_at
    if moment is None or elapsed > READING_SECONDS:
        moment, elapsed = database_now(), 0.0
        _reading.last = (moment, time.monotonic())
    return moment + timedelta(seconds=elapsed)


def database_today() -> date:
    """The day, in UTC, by the database's clock."""
    return recent_now().date()
