from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from monographs.backup.backup import make_backup
from monographs.backup.file_stores import StorageNotAFolder
from monographs.backup.snapshot import DumpFailed
from monographs.backup.tools import ToolMissing
from monographs.core.age_keys import KeyRefused, recipient
from monographs.core.db_pooler import refuse_pooler
from monographs.core.work_progress import progress_on


class Command(BaseCommand):
    help = (
        "Write the database, figures and uploads to one file, while the service runs. The file appears "
        "completely or not at all, and only its owner can read it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="e.g. /srv/backups/2026-01-31.backup; is replaced")
        parser.add_argument(
            "--encrypt-to",
            action="append",
            default=[],
            metavar="PUBLIC_KEY",
            help="encrypt to a public key of age (age1…); repeat it for several keys",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            refuse_pooler("backup")
            keys = [recipient(text) for text in options["encrypt_to"]]
            with progress_on(self.stderr, f"No backup was written, and {file} is as it was.") as progress:
                made = make_backup(file, keys, progress)
        except (ToolMissing, DumpFailed, StorageNotAFolder, KeyRefused, DatabaseError, OSError) as error:
            raise CommandError(f"No backup was written: {error}") from error
        self.stdout.write(
            f"Wrote {file}: {file.stat().st_size} bytes, {len(made.files)} files, PostgreSQL "
            f"{made.postgresql}. Head {made.ledger_head.seq} {made.ledger_head.hash}"
        )
        if made.missing:
            raise CommandError(
                f"The database refers to {len(made.missing)} files that are missing or damaged, also before "
                "this backup. Restore them from an earlier one:\n" + "\n".join(made.missing)
            )
