from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from monographs.feedback.retention import RETENTION_DAYS, delete_old_answers


class Command(BaseCommand):
    help = "Delete readers' answers that are older than a year. To be run once a day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--days", type=int, default=RETENTION_DAYS, help=f"days they are kept ({RETENTION_DAYS})"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            gone = delete_old_answers(options["days"])
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Deleted {gone} answer{'' if gone == 1 else 's'} of readers.")
