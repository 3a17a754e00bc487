"""Repeating a transaction that the database ended because of another one."""

import logging
import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, connection

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

#: SQLSTATE of deadlock_detected and serialization_failure: the same transaction can succeed next time.
CONFLICTS = ("40P01", "40001")
#: How often a transaction is tried in all.
ATTEMPTS = 6
#: Seconds to wait after the first conflict, at most; doubled after each.
FIRST_PAUSE = 0.05


def retry_conflicts(transaction: Callable[[], Result]) -> Result:
    """Call ``transaction``, which must be one whole transaction, again after a deadlock.

    Inside another transaction it is called once: that one is lost as a whole, and its caller repeats it.
    """
    attempts = 1 if connection.in_atomic_block else ATTEMPTS
    for attempt in range(1, attempts):
        try:
            return transaction()
        except OperationalError as error:
            if not is_conflict(error):
                raise
            logger.warning("a transaction met another one and is tried again: %s", error)
            # Two that met must not meet again, hence a random pause
            time.sleep(random.uniform(0, FIRST_PAUSE * 2**attempt))  # noqa: S311  # no secret
    return transaction()


def is_conflict(error: OperationalError) -> bool:
    """Return whether the database ended the transaction because of another one."""
    return getattr(error.__cause__, "sqlstate", None) in CONFLICTS
