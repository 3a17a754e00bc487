from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from monographs.accounts import account_emails
from monographs.accounts.audit_check import audit_differences
from monographs.accounts.audit_log import record_changes


class Command(BaseCommand):
    help = (
        "Compare accounts, memberships, rights, credentials and steps of review with what the ledger told "
        "last. A line per difference, exit 1 if there is one: it was made around the desk."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--record",
            action="store_true",
            help="after looking into them: tell the ledger (and editors) of the differences, as found",
        )

    def handle(self, *args: object, record: bool = False, **options: object) -> None:
        found = audit_differences()
        for difference in found:
            self.stdout.write(str(difference))
        if record:
            with account_emails.batch_emails():
                for subject in dict.fromkeys(difference.subject for difference in found):
                    record_changes(subject)
            self.stdout.write(f"Told the ledger of {len(found)} differences.")
        elif found:
            raise CommandError(
                f"{len(found)} differences; see above. The ledger does not tell who made them."
            )
        else:
            self.stdout.write("OK accounts and rights are as the ledger tells them.")
