from argparse import ArgumentParser

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from monographs.accounts.lockout import unlock


class Command(BaseCommand):
    help = "Unlock an account that is locked after failed sign-ins. It is recorded in the ledger."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: object, username: str, **options: object) -> None:
        user = get_user_model()._default_manager.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account called “{username}”.")
        unlock(user)
        self.stdout.write(f"{username} can sign in again.")
