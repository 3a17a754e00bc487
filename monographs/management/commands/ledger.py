import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monographs.editions.anchor import AnchorUnreadable, read_anchor
from monographs.editions.export import ExportRefused, write_export
from monographs.editions.export.verifier_program import verifier_program
from monographs.editions.ledger import head
from monographs.editions.verify import VerificationError, verify
from monographs.label_watch.version_faults import label_faults

#: Editions between two progress messages in a terminal.
PROGRESS_EVERY = 100


class Command(BaseCommand):
    help = (
        "Verify the ledger and what it covers (verify), print its head, to be stored outside this system "
        "(head), or export everything to a folder that can be verified on another machine (export)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        check = actions.add_parser("verify", help="verify the chain, editions, signatures and publications")
        check.add_argument("--anchor", type=Path, help="a file with an earlier output of `ledger head`")
        check.add_argument(
            "--checkpoint",
            type=Path,
            help="a file with the head up to which an earlier run found no fault: check what came after it",
        )
        check.add_argument("--jobs", type=int, default=1, help="processes that check pages at once (1)")
        actions.add_parser("head", help="print the last sequence number and hash")
        export = actions.add_parser(
            "export", help="write the whole record, and a program that verifies it, to a folder"
        )
        actions.add_parser("verifier", help="print the program that exports contain, verify_export.py")
        export.add_argument("folder", type=Path, help="a folder that is empty or does not exist")

    def handle(self, *args: Any, **options: Any) -> None:
        match options["action"]:
            case "head":
                seq, digest = head()
                self.stdout.write(f"{seq} {digest}")
            case "verifier":
                self.stdout.write(verifier_program(), ending="")
            case "export":
                self._export(options["folder"])
            case _:
                self._verify(options["anchor"], options["checkpoint"], options["jobs"])

    def _verify(self, anchor: Path | None, checkpoint: Path | None, jobs: int) -> None:
        if jobs < 1:
            raise CommandError("--jobs must be at least 1.")
        faults, checked = [], {}
        try:
            checked = verify(
                read_anchor(anchor),
                checkpoint=read_anchor(checkpoint),
                jobs=jobs,
                report=self.stderr.write,
            )
        except AnchorUnreadable as error:
            raise CommandError(str(error)) from error
        except VerificationError as error:
            faults = error.faults
        faults += label_faults()
        if faults:
            raise CommandError("\n".join(f"FAULT {fault}" for fault in faults))
        self.stdout.write("OK " + _listed(checked))

    def _export(self, folder: Path) -> None:
        is_terminal = sys.stderr.isatty()
        try:
            written = write_export(folder, self._progress if is_terminal else lambda done: None)
        except ExportRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        finally:
            if is_terminal:
                self.stderr.write("")  # the progress line ends here
        self.stdout.write(f"Wrote {folder}: {_listed(written.counts)}. Head {written.seq} {written.hash}")

    def _progress(self, done: int) -> None:
        if done % PROGRESS_EVERY == 0:
            self.stderr.write(f"\r{done} editions", ending="")


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())
