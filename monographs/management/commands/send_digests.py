from django.core.management.base import BaseCommand

from monographs.management.commands.send_notices import print_report
from monographs.review.notifications.digest import send_digests


class Command(BaseCommand):
    help = (
        "Send the daily digest (UTC) to users who chose one email a day and have waiting notices, then "
        "everything that send_notices sends. Safe to repeat: nobody gets two digests in one day."
    )

    def handle(self, *args: object, **options: object) -> None:
        print_report(self, send_digests())
