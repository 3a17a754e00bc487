"""How often a job runs: every so often, at a time of the day (UTC), or not at all."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

#: A word of the setting ``SCHEDULE`` for a job that does not run.
OFF = "off"
_UNITS = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days"}
_INTERVAL = re.compile(r"(\d+)\s*(s|min|h|d)")
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
DAY = timedelta(days=1)
#: Pauses after failures: the first, and bounds of the longest. A job is not tried less often than it runs,
#: unless it runs more often than the lower bound.
FIRST_PAUSE, SHORTEST_LAST_PAUSE, LONGEST_PAUSE = (
    timedelta(minutes=1),
    timedelta(seconds=15),
    timedelta(hours=1),
)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A job's times: each ``interval``, or each day at ``at``."""

    text: str
    interval: timedelta
    at: time | None = None

    @property
    def words(self) -> str:
        """How often that is, for people: each day at 05:30 UTC, or every 5 minutes."""
        if self.at is not None:
            return f"each day at {self.text} UTC"
        number, unit = int(re.sub(r"\D", "", self.text)), _UNITS[re.sub(r"[\d\s]", "", self.text)]
        return f"every {unit.removesuffix('s')}" if number == 1 else f"every {number} {unit}"

    def next_after(self, started: datetime, now: datetime) -> datetime:
        """Return when a job is due again that began at ``started`` and has succeeded ``now``."""
        if self.at is None:
            return max(started + self.interval, now)
        today = datetime.combine(now.astimezone(UTC).date(), self.at, UTC)
        return today if today > now else today + DAY

    def pause_after(self, failures: int) -> timedelta:
        """Return how long a job is left alone after so many failures in a row: doubled each time, bounded."""
        last = min(max(self.interval, SHORTEST_LAST_PAUSE), LONGEST_PAUSE)
        return min(min(self.interval, FIRST_PAUSE) * 2 ** min(max(failures - 1, 0), 20), last)

    @property
    def longest_wait(self) -> timedelta:
        """The longest time between two attempts. A job due later than that: a clock was set back."""
        return max(self.interval, SHORTEST_LAST_PAUSE)


def parse_schedule(text: str) -> Schedule | None:
    """Return the schedule in words such as ``10min``, ``1d`` or ``05:30`` (UTC); None for ``off``.

    Raises ``ValueError`` with the words that are expected.
    """
    text = text.strip()
    if text == OFF:
        return None
    if found := _TIME.fullmatch(text):
        return Schedule(text, DAY, time(int(found[1]), int(found[2])))
    found = _INTERVAL.fullmatch(text)
    if not found or not int(found[1]):
        raise ValueError(f"{text!r} is no schedule; write e.g. 30s, 10min, 6h, 1d, 05:30 (UTC) or off")
    return Schedule(text, timedelta(**{_UNITS[found[2]]: int(found[1])}))
