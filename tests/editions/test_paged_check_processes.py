"""Processes that generate and verify pages at once: each has a connection of its own, all see one record."""

import subprocess
import sys

import pytest
from django.db import connection

from monographs.editions.models import LedgerEntry
from tests.deployment.conftest import BASE_DIR, database_url, environment


def run(*arguments: str) -> str:
    """Run a command in a process of its own, which has no threads when it forks, and return its output."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=BASE_DIR,
        env=environment(
            DATABASE_URL=database_url(connection.settings_dict["NAME"]),
            DJANGO_SETTINGS_MODULE="cms.settings.test",
        ),
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.django_db(transaction=True)
@pytest.mark.extended
def test_two_processes_generate_and_verify_a_record() -> None:
    assert run("generate_monographs", "210", "--jobs", "2") == "Ready.\n"
    verified = run("ledger", "verify", "--jobs", "2")
    assert f"{LedgerEntry.objects.count()} entries" in verified
    assert verified.startswith("OK ")
    assert run("ledger", "verify") == verified
