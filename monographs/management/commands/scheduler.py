import signal
import sys
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monographs.management.watch_loop import parent_watch
from monographs.presentation.moments import moment_text
from monographs.scheduler.job import Job, all_jobs, running_jobs, schedule_mistakes
from monographs.scheduler.job_lock import JobLock
from monographs.scheduler.job_run import Outcome, run_job
from monographs.scheduler.models import JobState
from monographs.scheduler.service import Scheduler


class Command(BaseCommand):
    help = (
        "Do all periodic work until stopped: publishing, emails, reminders, link checks, backups and the "
        "rest. Several may run at once, on several machines."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--list", action="store_true", help="print the jobs, their times and how they went"
        )
        parser.add_argument(
            "--once",
            nargs="*",
            metavar="JOB",
            help="run these jobs now, or without a name all that are due, and end; exit 1 if one failed",
        )
        parser.add_argument(
            "--if-due", action="store_true", help="with --once: leave out jobs that are not due"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if mistakes := schedule_mistakes():
            raise CommandError("\n".join(mistakes))
        if options["list"]:
            self._list()
        elif options["once"] is None:
            self._watch()
        else:
            signal.signal(signal.SIGTERM, _end)
            parent_watch()  # the role is checked
            self._run_once(options["once"], named=bool(options["once"]) and not options["if_due"])

    def _list(self) -> None:
        states = JobState.objects.in_bulk()
        for name, job in all_jobs().items():
            plan = job.schedule.text if job.schedule else "off"
            self.stdout.write(f"{name:22}{plan:>6}  {job.title}\n{'':30}{_status(job, states.get(name))}")

    def _run_once(self, names: list[str], *, named: bool) -> None:
        jobs = running_jobs()
        for name in names:
            if name not in jobs:
                why = all_jobs()[name].why_off if name in all_jobs() else f"jobs are {', '.join(jobs)}"
                raise CommandError(f"{name} does not run here: {why}.")
        failed = []
        for job in (jobs[name] for name in names or jobs):
            lock = JobLock(job.name)
            try:
                outcome = run_job(job, lock, even_if_not_due=named)
            finally:
                lock.close()
            if outcome is not Outcome.NOT_DUE:
                self.stdout.write(f"{job.name}: {outcome.name.lower()}")
            if outcome is Outcome.FAILED:
                failed.append(f"{job.name}: {JobState.objects.get(pk=job.name).last_error}")
        if failed:
            raise CommandError("\n".join(failed))

    def _watch(self) -> None:
        stop = threading.Event()
        may_go_on = parent_watch()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: stop.set())
        scheduler = Scheduler(stop)
        self.stdout.write(f"Running {len(running_jobs())} jobs; `manage.py scheduler --list` shows them.")
        self.stdout.flush()
        scheduler.run(may_go_on)


def _end(number: int, frame: object) -> None:
    """End once, so that a second signal does not interrupt what is stored about the end."""
    signal.signal(number, signal.SIG_IGN)
    sys.exit(128 + number)


def _status(job: Job, state: JobState | None) -> str:
    if job.why_off:
        return job.why_off
    if state is None:
        return "never ran"
    if state.consecutive_failures:
        return f"FAILED {state.consecutive_failures} times: {state.last_error}"
    last = f"last {moment_text(state.succeeded_at)}" if state.succeeded_at else "not finished yet"
    return f"{last}, next {moment_text(state.next_due)} {state.result}".strip()
