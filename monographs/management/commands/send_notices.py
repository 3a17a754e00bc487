from django.core.management.base import BaseCommand, CommandError

from monographs.review.notifications.delivery import DeliveryReport
from monographs.review.notifications.digest import deliver_waiting


class Command(BaseCommand):
    help = (
        "Send emails that could not be sent before, and those that collect several notes, or changes of "
        "labels and sources, ten minutes after the last of these. Safe to run at any time; what fails is "
        "tried again in the next run, for two weeks."
    )

    def handle(self, *args: object, **options: object) -> None:
        print_report(self, deliver_waiting())


def print_report(command: BaseCommand, report: DeliveryReport) -> None:
    """Print a line for each email: that it was sent, or why not. Raises ``CommandError`` if one was not."""
    for notice in report.sent:
        command.stdout.write(f"sent to {notice.user.email}: {notice.subject}")
    for notice, why in report.failed:
        command.stderr.write(f"NOT sent to {notice.user.email}: {notice.subject} ({why})")
    if report.failed:
        raise CommandError(
            f"{len(report.failed)} emails could not be sent; the lines above say why. They are tried again "
            "for two weeks. `manage.py doctor` asks the mail server."
        )
