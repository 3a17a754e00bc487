"""The clock of the web server, which may be wrong while the database's is right."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.utils import timezone

_right = timezone.now


class WebClock:
    """Replaces Django's clock by one that is wrong by ``error``, until it is stopped."""

    def __init__(self) -> None:
        self.error = timedelta()
        timezone.now = self.now

    def now(self) -> datetime:
        """Return what the web server takes for the present time."""
        return _right() + self.error

    @contextmanager
    def wrong_by(self, error: timedelta) -> Iterator[None]:
        """Be wrong by ``error`` for a while."""
        before, self.error = self.error, error
        try:
            yield
        finally:
            self.error = before

    def stop(self) -> None:
        """Put Django's clock back."""
        timezone.now = _right
