"""Periodic backups."""

from datetime import date, timedelta
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError, call_command

from monographs.backup.backup import remove_left_over
from monographs.core.db_clock import database_today
from monographs.scheduler.job import JobFailed, periodic_job

#: Ending of the files of backups.
BACKUP = ".backup"


def _no_backup_folder() -> str:
    return "" if settings.BACKUP_FOLDER else "BACKUP_FOLDER is not set"


def run_command(name: str, *arguments: str) -> str:
    """Run a management command; return the last line it printed. Raises ``JobFailed``."""
    printed = StringIO()
    try:
        call_command(name, *arguments, stdout=printed, stderr=StringIO())
    except CommandError as error:
        raise JobFailed(str(error)) from error
    return next(reversed(printed.getvalue().strip().splitlines()), "")


@periodic_job(
    "backup",
    every="02:30",
    title="Writes a backup to BACKUP_FOLDER and deletes old ones",
    limit=timedelta(hours=6),
    own_process=True,
    unneeded=_no_backup_folder,
)
def back_up() -> str:
    """Write the backup of today; keep ``BACKUPS_KEPT`` days."""
    folder = Path(settings.BACKUP_FOLDER)
    remove_left_over(folder, f"????-??-??{BACKUP}")
    keys = [f"--encrypt-to={key}" for key in settings.BACKUP_KEYS]
    done = run_command("backup", str(folder / f"{database_today().isoformat()}{BACKUP}"), *keys)
    for old in _backups(folder)[: -settings.BACKUPS_KEPT]:
        old.unlink()
    return done


def _backups(folder: Path) -> list[Path]:
    """Return the backups that this job made, the oldest first; other files are left alone."""
    return sorted(file for file in folder.glob(f"*{BACKUP}") if _is_day(file.name.removesuffix(BACKUP)))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
