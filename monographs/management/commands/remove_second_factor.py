from argparse import ArgumentParser

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from monographs.accounts.second_factor import has_second_factor, remove_second_factor
from monographs.accounts.sign_in_facts import second_factor_changed


class Command(BaseCommand):
    help = (
        "Remove the second factor of a user who lost both phone and recovery codes, once you have verified "
        "who they are. It is recorded in the ledger, and editors are notified by email."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: object, username: str, **options: object) -> None:
        user = get_user_model()._default_manager.filter(username=username).first()
        if user is None or not has_second_factor(user):
            raise CommandError(f"There is no account “{username}” with a second factor.")
        remove_second_factor(user)
        second_factor_changed(user, "the second factor was removed", removed=True)
        self.stdout.write(
            f"{username} signs in with the password only, until a second factor is set up again, and cannot "
            "sign texts until an editor or another reviewer confirms this, or a day has passed."
        )
