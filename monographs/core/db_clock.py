"""The database's clock, by which every time in the record is set and everything due is decided.

A web server's clock may be wrong, and two servers' clocks differ. ``timezone.now()`` is not used where a
time is stored or decides; ``tests/code/test_clock.py`` finds it.
"""

from datetime import UTC, date, datetime

from django.db import connection


def database_now() -> datetime:
    """The time of the database's clock now, in UTC, also in the middle of a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment.astimezone(UTC)


def database_today() -> date:
    """The day, in UTC, by the database's clock."""
    return database_now().date()
