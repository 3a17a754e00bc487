"""Asking the clerk, see ``tests/crash/sign_off_client.py``."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.crash.postgres import Postgres
from tests.deployment.conftest import BASE_DIR, PRODUCTION, environment


def environment_of(folder: Path, postgres: Postgres, database: str) -> dict[str, str]:
    """What a process is told that works on ``database``, with its files below ``folder``."""
    names = ("STATIC_ROOT", "MEDIA_ROOT", "FIGURES_ROOT", "MAIL_ROOT")
    folders = {name: str(folder / name.lower()) for name in names}
    (folder / "static_root").mkdir(exist_ok=True)
    mine = {"DJANGO_SETTINGS_MODULE": "tests.crash.settings", "DATABASE_URL": postgres.url(database)}
    return environment(**PRODUCTION | folders | mine)


class CrashSiteAdmin:
    """One clerk, who looks into whatever database is asked about."""

    def __init__(self, folder: Path, postgres: Postgres) -> None:
        self.log = folder / "clerk.log"
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.crash.sign_off_client"],
                env=environment_of(folder, postgres, "postgres"),
                cwd=BASE_DIR,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
            )

    def ask(self, question: str, database: str, **details: Any) -> Any:
        """The clerk's answer. Raises ``AssertionError`` with the clerk's words if something is wrong."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"question": question, "database": database} | details) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"the clerk has left:\n{self.log.read_text()}"
        told = json.loads(line)
        assert "error" not in told, told["error"]
        return told["answer"]

    def close(self) -> None:
        """Send the clerk home."""
        self.process.kill()
        self.process.communicate()
