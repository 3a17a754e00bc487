from argparse import ArgumentParser
from datetime import date

from django.core.management.base import BaseCommand

from monographs.core.db_clock import database_today
from monographs.management.commands.send_notices import print_report
from monographs.review.notifications.digest import deliver_waiting
from monographs.review.notifications.outbox import store_new, unsent_notices
from monographs.review.notifications.reminders import reminders

#: The last year of a day that people mean; the calendar itself ends some time after.
LAST_YEAR = 2999


class Command(BaseCommand):
    help = (
        "Send reminders of editions whose review is due in 30 days, 7 days or today, or is overdue (again "
        "every 30 days), and of submissions and answers about labels and sources due tomorrow, today, or "
        "overdue (again every 7 days). Safe to repeat, and to run late: each reminder is sent once, and of "
        "those that were missed only the last."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only print who would be reminded of what")
        parser.add_argument(
            "--on",
            type=_day,
            metavar="YYYY-MM-DD",
            help="as on this day instead of today (UTC)",
        )

    def handle(self, *args: object, dry_run: bool = False, on: date | None = None, **options: object) -> None:
        found = reminders(on or database_today())
        new = unsent_notices(found) if dry_run else store_new(found)
        for notice in new:
            self.stdout.write(f"{'would remind' if dry_run else 'remind'} {notice.user}: {notice.subject}")
        if not dry_run:
            print_report(self, deliver_waiting())


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if day.year > LAST_YEAR:
        raise ValueError(text)
    return day
