from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monographs.editions.ledger import head
from monographs.editions.verify import Fault, verify


class Command(BaseCommand):
    help = "Check the record (verify) or print its head (head), to be kept where nobody here can change it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        check = actions.add_parser("verify", help="check chain, editions, signatures and publications")
        check.add_argument("--anchor", type=Path, help="a file with an earlier output of `ledger head`")
        actions.add_parser("head", help="print the last sequence number and hash")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "head":
            seq, digest = head()
            self.stdout.write(f"{seq} {digest}")
            return
        try:
            checked = verify(_anchor(options["anchor"]))
        except Fault as fault:
            raise CommandError(f"FAULT {fault}") from fault
        self.stdout.write("OK " + ", ".join(f"{count} {name}" for name, count in checked.items()))


def _anchor(path: Path | None) -> tuple[int, str] | None:
    if path is None:
        return None
    try:
        seq, digest = path.read_text().split()
        return int(seq), digest
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} does not hold the output of `ledger head`: {error}") from error
