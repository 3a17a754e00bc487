"""Whether the database answered the public requests of this process."""

import logging
import time
from threading import Lock

from django.conf import settings

from monographs.core.counters import DATABASE_ERRORS

logger = logging.getLogger(__name__)

#: For how long the database is not queried again after it did not answer, in seconds.
PAUSE = 1.0


class DatabaseState:
    """Whether public requests query the database: after a failure, one at a time tries whether it answers."""

    def __init__(self) -> None:
        self._away_until = 0.0
        self._lock = Lock()

    @property
    def is_away(self) -> bool:
        """Whether the database did not answer the last request that queried it."""
        return bool(self._away_until)

    def may_be_asked(self) -> bool:
        """Return whether this request may query the database."""
        if not self._away_until:
            return True
        with self._lock:
            now = time.monotonic()
            if now < self._away_until:
                return False
            # The others wait for what this one finds
            self._away_until = now + PAUSE + float(settings.PUBLIC_READ_SECONDS)
            return True

    def answered(self) -> None:
        """Note that the database answers."""
        self._away_until = 0.0

    def failed(self, error: Exception) -> None:
        """Note that the database does not answer."""
        self._away_until = time.monotonic() + PAUSE
        DATABASE_ERRORS.inc()
        logger.error("the database does not answer public pages", exc_info=error)


database = DatabaseState()
