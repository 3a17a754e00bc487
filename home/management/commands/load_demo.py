from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from home.demo.loader import DemoLoader
from monographs.core.work_progress import progress_on


class Command(BaseCommand):
    help = "Create demonstration accounts and content, published through review; safe to repeat."

    def handle(self, *args: object, **options: object) -> None:
        if not settings.ALLOW_DEMONSTRATION:
            raise CommandError(
                "Demonstration accounts have a known password, so these settings do not allow them."
            )
        again = "What was loaded stays; the same command goes on from there."
        with progress_on(self.stderr, again) as progress:
            published = DemoLoader().load(progress)
        self.stdout.write(f"Demonstration content ready ({published} editions published by this run).")
