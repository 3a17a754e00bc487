from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from monographs.accounts import account_emails
from monographs.accounts.audit_check import audit_differences
from monographs.accounts.audit_log import record_changes


class Command(BaseCommand):
    help = (
        "Compare accounts, memberships, permissions, credentials and review steps with the latest entries of "
        "the ledger. Prints a line per difference and exits with 1 if there is one: somebody changed the "
        "database directly."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--record",
            action="store_true",
            help="once you have investigated the differences: record them in the ledger, and notify editors",
        )

    def handle(self, *args: object, record: bool = False, **options: object) -> None:
        found = audit_differences()
        for difference in found:
            self.stdout.write(str(difference))
        if record:
            with account_emails.batch_emails():
                for subject in dict.fromkeys(difference.subject for difference in found):
                    record_changes(subject)
            self.stdout.write(f"Recorded {len(found)} differences in the ledger.")
        elif found:
            raise CommandError(
                f"{len(found)} differences; see above. The ledger does not show who made them."
            )
        else:
            self.stdout.write("OK accounts and permissions match the ledger.")
