import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monographs.editions.export import ExportRefused, write_export
from monographs.editions.ledger import head
from monographs.editions.verify import VerificationError, verify

#: Editions between two words about progress, for whoever watches.
PROGRESS_EVERY = 100


class Command(BaseCommand):
    help = (
        "Check the record (verify), print its head (head), to be kept where nobody here can change it, or "
        "write all of it to a folder that can be checked on another machine (export)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        check = actions.add_parser("verify", help="check chain, editions, signatures and publications")
        check.add_argument("--anchor", type=Path, help="a file with an earlier output of `ledger head`")
        actions.add_parser("head", help="print the last sequence number and hash")
        export = actions.add_parser("export", help="write the whole record and what checks it to a folder")
        export.add_argument("folder", type=Path, help="absent or empty")

    def handle(self, *args: Any, **options: Any) -> None:
        match options["action"]:
            case "head":
                seq, digest = head()
                self.stdout.write(f"{seq} {digest}")
            case "export":
                self._export(options["folder"])
            case _:
                self._verify(options["anchor"])

    def _verify(self, anchor: Path | None) -> None:
        try:
            checked = verify(_anchor(anchor))
        except VerificationError as fault:
            raise CommandError(f"FAULT {fault}") from fault
        self.stdout.write("OK " + _listed(checked))

    def _export(self, folder: Path) -> None:
        watched = sys.stderr.isatty()
        try:
            written = write_export(folder, self._progress if watched else lambda done: None)
        except ExportRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        finally:
            if watched:
                self.stderr.write("")  # the progress line ends here
        self.stdout.write(f"Wrote {folder}: {_listed(written.counts)}. Head {written.seq} {written.hash}")

    def _progress(self, done: int) -> None:
        if done % PROGRESS_EVERY == 0:
            self.stderr.write(f"\r{done} editions", ending="")


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def _anchor(path: Path | None) -> tuple[int, str] | None:
    if path is None:
        return None
    try:
        seq, digest = path.read_text().split()
        return int(seq), digest
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} does not hold the output of `ledger head`: {error}") from error
