"""Wagtail's command of this name publishes whatever a revision says by then; ours, what was signed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monographs.review.due import due, publish_due


class Command(BaseCommand):
    help = "Publish signed texts whose day has come, in order. One that fails holds up no other."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dryrun", action="store_true", help="only say what is due")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dryrun"]:
            for submission in due():
                self.stdout.write(f"due since {submission.publish_at:%Y-%m-%d %H:%M} UTC: {submission.title}")
            return
        outcomes = publish_due()
        for outcome in outcomes:
            if outcome.edition:
                self.stdout.write(f"published {outcome.edition}")
        failures = [outcome for outcome in outcomes if not outcome.edition]
        for outcome in failures:
            self.stderr.write(f"NOT published {outcome.submission.title}: {outcome.failure}")
        if failures:
            raise CommandError(f"{len(failures)} of {len(outcomes)} could not be published.")
