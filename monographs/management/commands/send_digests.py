from django.core.management.base import BaseCommand

from monographs.management.commands.send_notices import say
from monographs.review.notifications.digest import send_digests


class Command(BaseCommand):
    help = (
        "Mail the digest of the day (UTC) to those who want one mail a day and for whom something waits, "
        "then all that send_notices sends. Safe to repeat: nobody gets two digests on one day."
    )

    def handle(self, *args: object, **options: object) -> None:
        say(self, send_digests())
