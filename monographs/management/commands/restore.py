from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from monographs.backup.archive import ArchiveDamaged, checked_manifest
from monographs.backup.dump_reader import DumpRefused
from monographs.backup.file_stores import StorageNotAFolder
from monographs.backup.restoration import RestoreRefused, restore_backup
from monographs.core.age_keys import KeyRefused
from monographs.core.db_pooler import refuse_pooler
from monographs.core.work_progress import progress_on
from monographs.editions.anchor import Anchor, AnchorUnreadable, read_anchor
from monographs.editions.verify import VerificationError, verify

REFUSALS = (
    ArchiveDamaged,
    DumpRefused,
    KeyRefused,
    StorageNotAFolder,
    RestoreRefused,
    DatabaseError,
    OSError,
)


class Command(BaseCommand):
    help = (
        "Restore a backup into an empty database and empty folders, all of it or nothing, and verify the "
        "record. Run it as the owner of the tables."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a file that `backup` wrote")
        parser.add_argument(
            "--identity", type=Path, metavar="FILE", help="the private key of an encrypted one"
        )
        parser.add_argument("--anchor", type=Path, help="an earlier output of `ledger head`, or a checkpoint")
        parser.add_argument(
            "--check",
            action="store_true",
            help="only read the file and compare every hash; needs no database",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            anchor = read_anchor(options["anchor"])
            with progress_on(self.stderr, "Nothing was restored.") as progress:
                if options["check"]:
                    made = checked_manifest(file, options["identity"], progress)
                else:
                    refuse_pooler("restore")
                    restored = restore_backup(file, options["identity"], progress)
                    made = restored.manifest
        except AnchorUnreadable as error:
            raise CommandError(str(error)) from error
        except REFUSALS as error:
            raise CommandError(f"Nothing was restored from {file}:\n{error}") from error
        head = f"{made.ledger_head.seq} {made.ledger_head.hash}"
        of = f"of {made.made_at:%Y-%m-%d %H:%M} UTC, {len(made.files)} files, PostgreSQL {made.postgresql}"
        if options["check"]:
            self.stdout.write(f"{file} is whole: {of}. Head {head}")
            return
        self.stdout.write(f"Restored {file} {of}. Head {head}")
        if not restored.is_of_this_release:
            self.stdout.write(
                "It was made by an earlier release. Run `manage.py migrate`, then `manage.py ledger verify`."
            )
            return
        self._verify(anchor)

    def _verify(self, anchor: Anchor) -> None:
        try:
            interrupted = "All was restored. Verify it: `manage.py ledger verify`."
            with progress_on(self.stderr, interrupted) as progress:
                counts = verify(kept=anchor, progress=progress)
        except VerificationError as error:
            faults = "\n".join(f"FAULT {fault}" for fault in error.faults)
            raise CommandError(
                f"It was restored as it was saved, and the record has faults:\n{faults}"
            ) from error
        self.stdout.write("OK " + ", ".join(f"{count} {name}" for name, count in counts.items()))
