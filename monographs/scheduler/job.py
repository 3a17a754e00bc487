"""The list of periodic jobs, which packages add to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.utils.module_loading import autodiscover_modules

from monographs.scheduler.schedule import Schedule, parse_schedule

#: How long a job may take, unless it says otherwise.
USUAL_LIMIT = timedelta(minutes=10)


class JobFailed(Exception):
    """A job could not do its work; the message says why. Anything else that it raises is logged in full."""


def _always() -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of periodic work, safe to repeat and to begin again after a process was killed."""

    name: str
    title: str
    usual: str
    #: Does the work; returns what it did in a few words, or nothing. Raises ``JobFailed``.
    function: Callable[[], str]
    #: Longer than this is a failure.
    limit: timedelta
    #: Whether it runs in a process of its own: work that takes minutes must not slow down publishing.
    own_process: bool
    #: Returns why the job has nothing to do on this site; empty if it has.
    unneeded: Callable[[], str]

    @property
    def times(self) -> Schedule | None:
        """When it runs where it is needed, by the setting ``SCHEDULE`` or as usual; None if never."""
        return parse_schedule(settings.SCHEDULE.get(self.name, self.usual))

    @property
    def schedule(self) -> Schedule | None:
        """Its times; None if it does not run here."""
        return None if self.unneeded() else self.times

    @property
    def why_off(self) -> str:
        """Why the job does not run on this site; empty if it does."""
        return self.unneeded() or ("" if self.schedule else "SCHEDULE says “off”")


_JOBS: dict[str, Job] = {}


def periodic_job(
    name: str,
    *,
    every: str,
    title: str,
    limit: timedelta = USUAL_LIMIT,
    own_process: bool = False,
    unneeded: Callable[[], str] = _always,
) -> Callable[[Callable[[], str]], Callable[[], str]]:
    """Register a function as a job. ``every`` is read by ``parse_schedule``; ``title`` says what it does."""

    def register(function: Callable[[], str]) -> Callable[[], str]:
        _JOBS[name] = Job(name, title, every, function, limit, own_process, unneeded)
        return function

    return register


@cache
def _discover() -> None:
    autodiscover_modules("periodic_jobs")


def all_jobs() -> dict[str, Job]:
    """Return every job by name, also those that do not run on this site."""
    _discover()
    return dict(sorted(_JOBS.items()))


def running_jobs() -> dict[str, Job]:
    """Return the jobs that run on this site."""
    return {name: job for name, job in all_jobs().items() if not job.why_off}


def schedule_mistakes() -> list[str]:
    """Return what is wrong with the setting ``SCHEDULE``."""
    mistakes = []
    for name, text in settings.SCHEDULE.items():
        if name not in all_jobs():
            mistakes.append(f"SCHEDULE names {name!r}, which is no job; jobs are {', '.join(all_jobs())}.")
            continue
        try:
            parse_schedule(str(text))
        except ValueError as error:
            mistakes.append(f"SCHEDULE, {name}: {error}.")
    return mistakes
