from django.core.management.base import BaseCommand

from home.site_setup import set_up_site


class Command(BaseCommand):
    help = "Create groups, permissions, workflow and root pages; safe to repeat."

    def handle(self, *args: object, **options: object) -> None:
        home = set_up_site()
        self.stdout.write(f"Site ready below “{home.title}”.")
