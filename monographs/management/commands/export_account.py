import json
from argparse import ArgumentParser

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from monographs.accounts.account_erasure import account_export


class Command(BaseCommand):
    help = (
        "Print all that is stored about an account as JSON, for the person whose account it is: their rows, "
        "and their entries in the ledger. Without secrets, and without the texts they wrote about medicines."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: object, username: str, **options: object) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account “{username}”.")
        self.stdout.write(json.dumps(account_export(user), ensure_ascii=False, indent=1))
