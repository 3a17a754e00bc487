from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections

from monographs.management.watch_loop import watch_rounds
from monographs.rules.linkcheck.runner import NetworkDown, check_links

#: How often a watching process looks for addresses that are new or due.
WATCH_SECONDS = 15 * 60.0


class Command(BaseCommand):
    help = "Ask whether the addresses in drafts and public pages answer. The house rules use what comes of it"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="ask also what answered lately")
        parser.add_argument(
            "--watch",
            action="store_true",
            help=f"go on, every {WATCH_SECONDS / 60:.0f} minutes, until stopped or left by its parent",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["watch"]:
            self.watch()
            return
        try:
            self.ask(everything=options["all"])
        except NetworkDown as error:
            raise CommandError(str(error)) from error

    def ask(self, *, everything: bool = False) -> None:
        """One round, and what failed."""
        done = check_links(everything=everything)
        for check in done.failing:
            since = f"{check.first_failed_at:%Y-%m-%d %H:%M}"
            self.stdout.write(f"{check.address}: {check.detail} (since {since} UTC)")
        self.stdout.write(
            f"{done.known} addresses in texts, {done.asked} asked now, {len(done.failing)} failing."
        )

    def watch(self) -> None:
        """Round after round; a database or a network that is away is waited for."""
        for _ in watch_rounds(WATCH_SECONDS):
            try:
                close_old_connections()
                self.ask()
            except (DatabaseError, NetworkDown) as error:
                self.stderr.write(f"trying again later: {error}")
