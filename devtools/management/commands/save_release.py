import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from cms.paths import BASE_DIR
from devtools.last_release import BACKUP, DESCRIPTION, MOST_BYTES, LastRelease

#: What makes the demonstration site in an empty database, and the backup of it.
COMMANDS = (["migrate", "--verbosity=0"], ["setup_site"], ["load_demo"], ["backup", str(BACKUP)])


class Command(BaseCommand):
    help = "Back up a new demonstration site of this commit, as that of the last release (docs/releasing.md)."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._save()
        except subprocess.CalledProcessError as error:
            why = (error.stderr or "").strip() or "What is wrong stands above."
            raise CommandError(f"{error} {why} {DESCRIPTION.name} is as it was.") from error

    def _save(self) -> None:
        if changed := _git("status", "--porcelain", "--untracked-files=no"):
            raise CommandError(f"Commit these first: the release is what is committed.\n{changed}")
        release = LastRelease(settings.VERSION, _git("rev-parse", "HEAD"))
        with _empty_database() as url, tempfile.TemporaryDirectory() as folder:
            files = {name: f"{folder}/{name.lower()}" for name in ("MEDIA_ROOT", "FIGURES_ROOT")}
            for command in COMMANDS:
                self.stdout.write(f"manage.py {' '.join(command)}")
                environment = os.environ | files | {"DATABASE_URL": url}
                subprocess.run(
                    [sys.executable, "manage.py", *command], cwd=BASE_DIR, env=environment, check=True
                )
        if (size := BACKUP.stat().st_size) > MOST_BYTES:
            raise CommandError(
                f"{BACKUP} has {size} bytes, more than {MOST_BYTES}: make less in `load_demo`."
            )
        BACKUP.chmod(0o644)
        release.write()
        self.stdout.write(f"Saved {release.version} of {release.commit}. Commit tests/releases/.")


def _git(*arguments: str) -> str:
    result = subprocess.run(["git", *arguments], cwd=BASE_DIR, capture_output=True, text=True, check=True)
    return result.stdout.strip()


@contextmanager
def _empty_database() -> Iterator[str]:
    """Yield the URL of a new database on the server of these settings; it is dropped afterwards."""
    server = connection.settings_dict
    name = f"{server['NAME']}_release_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
        try:
            user, password = quote(server["USER"]), quote(server["PASSWORD"] or "", safe="")
            host, port = quote(server["HOST"], safe=""), server["PORT"] or 5432
            yield f"postgresql://{user}:{password}@/{name}?host={host}&port={port}"
        finally:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
