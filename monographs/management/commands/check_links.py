from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections

from monographs.management.watch_loop import watch_rounds
from monographs.rules.linkcheck.runner import NetworkDown, check_links

#: How often a process with --watch looks for addresses that are new or due.
WATCH_SECONDS = 15 * 60.0


class Command(BaseCommand):
    help = (
        "Check whether the addresses in drafts, public pages and the library of sources answer. The house "
        "rules use the results."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="check also addresses that answered recently")
        parser.add_argument(
            "--watch",
            action="store_true",
            help=f"repeat every {WATCH_SECONDS / 60:.0f} minutes, until stopped or the parent process exits",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["watch"]:
            self.watch()
            return
        try:
            self.check_once(everything=options["all"])
        except NetworkDown as error:
            raise CommandError(str(error)) from error

    def check_once(self, *, everything: bool = False) -> None:
        """Do one round and print what failed."""
        report = check_links(everything=everything)
        for check in report.failing:
            since = f"{check.first_failed_at:%Y-%m-%d %H:%M}"
            self.stdout.write(f"{check.address}: {check.detail} (since {since} UTC)")
        self.stdout.write(
            f"{report.known} addresses in texts, {report.checked} checked now, {len(report.failing)} failing."
        )

    def watch(self) -> None:
        """Do a round again and again; if the database or the network is down, wait for it."""
        for _ in watch_rounds(WATCH_SECONDS):
            try:
                close_old_connections()
                self.check_once()
            except (DatabaseError, NetworkDown) as error:
                self.stderr.write(f"trying again later: {error}")
