from django.core.management.base import BaseCommand

from home.setup_report import differences_from_default
from home.site_setup import set_up_site


class Command(BaseCommand):
    help = "Make groups, permissions, workflow and root pages that were never made; safe to repeat."

    def handle(self, *args: object, **options: object) -> None:
        home = set_up_site()
        for difference in differences_from_default():
            self.stdout.write(f"Left as it is: {difference}.")
        self.stdout.write(f"Site ready below “{home.title}”.")
