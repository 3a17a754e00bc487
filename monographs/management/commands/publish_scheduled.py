"""Replaces Wagtail's command of this name: it publishes what was signed, not the latest revision."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections

from monographs.management.watch_loop import watch_rounds
from monographs.presentation.moments import moment_text
from monographs.public.shared_cache.purge_outbox import send_soon, send_waiting
from monographs.review.publication.scheduled import ScheduledOutcome, due_submissions, publish_due

#: How often a process with --watch looks for texts that are due: the longest delay of a publication.
WATCH_SECONDS = 2.0


class Command(BaseCommand):
    help = "Publish signed texts that are due, in order. One that fails does not delay the others."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dryrun", action="store_true", help="only print what is due")
        parser.add_argument(
            "--watch",
            action="store_true",
            help=f"repeat every {WATCH_SECONDS:.0f} seconds, until stopped or the parent process exits",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dryrun"]:
            for submission in due_submissions():
                due_text = moment_text(submission.publish_at) if submission.publish_at else ""
                self.stdout.write(f"due since {due_text}: {submission.title}")
        elif options["watch"]:
            self.watch()
        else:
            outcomes = self.publish()
            send_waiting()  # this process ends, and its thread with it
            failures = sum(not outcome.edition for outcome in outcomes)
            if failures:
                raise CommandError(f"{failures} of {len(outcomes)} could not be published.")

    def publish(self) -> list[ScheduledOutcome]:
        """Publish what is due and print the outcome of each text."""
        outcomes = publish_due()
        for outcome in outcomes:
            if outcome.edition:
                self.stdout.write(f"published {outcome.edition}")
            else:
                self.stderr.write(f"NOT published {outcome.submission.title}: {outcome.failure}")
        return outcomes

    def watch(self) -> None:
        """Publish again and again; if the database is down, wait for it."""
        rounds = watch_rounds(WATCH_SECONDS, after=WATCH_SECONDS)
        self.stdout.write(f"Looking every {WATCH_SECONDS:.0f} seconds for signed texts that are due.")
        self.stdout.flush()
        for _ in rounds:
            try:
                close_old_connections()
                self.publish()
                send_soon()  # what a process that was killed or a node that was away has left
            except DatabaseError as error:
                self.stderr.write(f"the database does not answer, trying again: {error}")
