from django.core.management.base import BaseCommand

from monographs.review.notifications.delivery import DeliveryReport
from monographs.review.notifications.digest import deliver_waiting


class Command(BaseCommand):
    help = (
        "Mail notices that could not be sent before, and notes whose authors have stopped writing. "
        "Safe to run at any time; what fails waits for the next run, for two weeks."
    )

    def handle(self, *args: object, **options: object) -> None:
        say(self, deliver_waiting())


def say(command: BaseCommand, done: DeliveryReport) -> None:
    """A line for each mail: sent, or why not."""
    for notice in done.sent:
        command.stdout.write(f"sent to {notice.user.email}: {notice.subject}")
    for notice, why in done.failed:
        command.stderr.write(f"NOT sent to {notice.user.email}: {notice.subject} ({why})")
