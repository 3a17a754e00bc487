from argparse import ArgumentParser

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from monographs.accounts.account_erasure import ErasureRefused, erase_account


class Command(BaseCommand):
    help = (
        "Erase an account of staff as far as the record allows (docs/privacy.md): nobody can sign in with "
        "it, and its name and address are gone, except where somebody signed, wrote or decided under it. "
        "Print `export_account` first."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument(
            "--confirm", required=True, metavar="USERNAME", help="the name again: this cannot be undone"
        )

    def handle(self, *args: object, username: str, confirm: str, **options: object) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account “{username}”.")
        if confirm != username:
            raise CommandError(f"--confirm {confirm} is not {username}; nothing was erased.")
        try:
            deleted = erase_account(user)
        except ErasureRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{username} is now {user.get_username()}, and cannot sign in.")
        for label, count in sorted(deleted.items()):
            self.stdout.write(f"Deleted {count} of {label}.")
        self.stdout.write("What was signed, written, noted or decided under the name keeps it.")
