"""Limits of the database connections of web processes: on time, and on their number.

Only ``cms.wsgi`` sets them. Commands have none: migrations, the verification of the ledger and exports take
as long as they take.
"""

import math
from typing import Any

from django.conf import settings
from django.db import connections


def limit_connections() -> None:
    """Set the limits on connections that are opened from now on, and close those that are open.

    Forked processes must not share a connection or a pool, whose threads do not survive a fork: each opens
    its own with its first request.
    """
    connections.close_all()
    connections.settings["default"].update(limited(connections.settings["default"]))


def limited(database: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of a database with the limits of a web process."""
    limits = {
        "statement_timeout": settings.DATABASE_STATEMENT_SECONDS,
        "lock_timeout": settings.DATABASE_LOCK_SECONDS,
        "idle_in_transaction_session_timeout": settings.DATABASE_IDLE_SECONDS,
    }
    options: dict[str, Any] = {"connect_timeout": max(round(settings.DATABASE_CONNECT_SECONDS), 1)}
    options |= database.get("OPTIONS", {})
    if settings.DATABASE_SESSION_LIMITS:
        # Rounded up: 0 would be no limit
        flags = (f"-c {name}={math.ceil(seconds * 1000)}" for name, seconds in limits.items())
        options["options"] = " ".join([options.get("options", ""), *flags]).strip()
    if not settings.DATABASE_POOL_SIZE:
        return {**database, "OPTIONS": options}
    options["pool"] = {
        "min_size": 1,
        "max_size": settings.DATABASE_POOL_SIZE,
        "timeout": settings.DATABASE_CONNECT_SECONDS,
    }
    # A pool keeps connections itself
    return {**database, "OPTIONS": options, "CONN_MAX_AGE": 0}
