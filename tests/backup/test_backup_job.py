"""The scheduler's job that makes backups: one a day, the oldest are deleted, other files are left alone."""

import fcntl
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from monographs.core.db_clock import database_today

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_backup_is_made_and_only_old_backups_are_deleted(site: Any, settings: Any, tmp_path: Path) -> None:
    settings.BACKUP_FOLDER, settings.BACKUPS_KEPT = str(tmp_path), 2
    others = ["2026-01-01.backup.old", "before-release.backup", "notes.txt"]
    for name in ("2020-01-01.backup", "2020-01-02.backup", "2020-01-03.backup", *others):
        (tmp_path / name).write_text("old")
    call_command("scheduler", "--once", "backup", stdout=StringIO())
    today = f"{database_today().isoformat()}.backup"
    assert {file.name for file in tmp_path.iterdir()} == {"2020-01-03.backup", today, *others}
    assert (tmp_path / today).stat().st_size > 10_000
    assert (tmp_path / today).stat().st_mode & 0o777 == 0o600


def test_what_a_killed_process_left_is_removed_and_what_is_being_written_stays(
    site: Any, settings: Any, tmp_path: Path
) -> None:
    """Otherwise each kill would cost the room of a backup, until the disk is full."""
    settings.BACKUP_FOLDER = str(tmp_path)
    killed, today = "2020-01-01.backup-abcd1234.part", f"{database_today().isoformat()}.backup"
    others = ["upload.part", "before-release.backup-abcd1234.part"]
    for name in (killed, f"{today}-abcd1234.part", *others):
        (tmp_path / name).write_text("half")
    written = tmp_path / "2020-01-02.backup-abcd1234.part"
    with written.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        call_command("scheduler", "--once", "backup", stdout=StringIO())
        assert {file.name for file in tmp_path.iterdir()} == {today, written.name, *others}


def test_a_backup_that_fails_deletes_none(site: Any, settings: Any, tmp_path: Path) -> None:
    settings.BACKUP_FOLDER, settings.BACKUPS_KEPT = str(tmp_path), 1
    settings.BACKUP_KEYS = ["age1nokey"]
    for name in ("2020-01-01.backup", "2020-01-02.backup"):
        (tmp_path / name).write_text("old")
    with pytest.raises(CommandError, match="backup: No backup was written"):
        call_command("scheduler", "--once", "backup", stdout=StringIO())
    assert len(list(tmp_path.iterdir())) == 2
