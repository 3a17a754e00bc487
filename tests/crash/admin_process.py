"""A client of the process that prepares and inspects databases, ``tests/crash/admin_worker.py``."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.crash.postgres import Postgres
from tests.deployment.conftest import BASE_DIR, PRODUCTION, environment


def environment_of(folder: Path, postgres: Postgres, database: str) -> dict[str, str]:
    """Return the environment of a process that uses ``database`` and keeps its files below ``folder``."""
    names = ("STATIC_ROOT", "MEDIA_ROOT", "FIGURES_ROOT", "MAIL_ROOT")
    folders = {name: str(folder / name.lower()) for name in names}
    (folder / "static_root").mkdir(exist_ok=True)
    mine = {
        "DJANGO_SETTINGS_MODULE": "tests.crash.settings",
        "DATABASE_URL": postgres.url(database),
        "ONE_DATABASE_ROLE": "true",
        # Twenty reviewers who wait for each other on a busy machine wait for longer than by default
        **dict.fromkeys(("DATABASE_STATEMENT_SECONDS", "DATABASE_LOCK_SECONDS"), "300"),
        "PUBLIC_READ_SECONDS": "60",
    }
    return environment(**PRODUCTION | folders | mine)


class AdminProcess:
    """The process; each call names the database it is about."""

    def __init__(self, folder: Path, postgres: Postgres) -> None:
        self.log = folder / "admin.log"
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.crash.admin_worker"],
                env=environment_of(folder, postgres, "postgres"),
                cwd=BASE_DIR,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
            )

    def call(self, command: str, database: str, **details: Any) -> Any:
        """Return what ``command`` returns. Raises ``AssertionError`` with its traceback if it fails."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"command": command, "database": database} | details) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"the process has ended:\n{self.log.read_text()}"
        response = json.loads(line)
        assert "error" not in response, response["error"]
        return response["result"]

    def close(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.communicate()
