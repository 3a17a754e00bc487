"""Behind PgBouncer in transaction mode: everything works with the setting, and `doctor` names its absence."""

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from cms.web_database import limited
from home.models import HomePage
from monographs.core.db_pooler import follows_prepared_statements, is_behind_pooler, shares_sessions
from monographs.editions.verify import verify
from tests.deployment.pgbouncer import SESSIONS, pgbouncer
from tests.factories import make_monograph, make_user, publish
from tests.site_checks.findings import found

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        shutil.which("pgbouncer") is None and not os.environ.get("CI"),
        reason="PgBouncer is not installed (Debian: apt-get install pgbouncer)",
    ),
]


@pytest.fixture
def port(settings: Any) -> Iterator[int]:
    settings.PREPARED_STATEMENTS = settings.DATABASE_SESSION_LIMITS = False
    with pgbouncer(connection.settings_dict["USER"]) as port:
        yield port


@contextmanager
def through(port: int) -> Iterator[None]:
    """Let every thread's connection run through the pooler, as a web process with the setting does."""
    values, before = connection.settings_dict, dict(connection.settings_dict)
    connection.close()
    values |= {"HOST": "127.0.0.1", "PORT": port, "OPTIONS": {}, "DISABLE_SERVER_SIDE_CURSORS": True}
    values |= limited(values)
    try:
        yield
    finally:
        connection.close()
        values |= before


def status_of(path: str) -> int:
    """Ask for a page with a connection of one's own."""
    try:
        return Client().get(path).status_code
    finally:
        connection.close()


def test_with_the_setting_everything_works(site: HomePage, port: int, settings: Any) -> None:
    settings.DATABASE_POOLER, settings.RECORD_ACCOUNT_CHANGES = "transaction", True
    assert not is_behind_pooler()
    with through(port):
        assert is_behind_pooler()
        assert shares_sessions()
        writer = make_user("writer", "Medical writers")
        reviewer = make_user("reviewer", "Medical reviewers", credentials="PharmD")
        publish(make_monograph("testumab", by=writer), writer, reviewer)
        assert verify(None)["editions"] == 1
        paths = ["/medicines/testumab/", "/", "/search/?q=testumab", "/admin/login/"] * (4 * SESSIONS)
        with ThreadPoolExecutor(4 * SESSIONS) as readers:
            statuses = list(zip(paths, readers.map(status_of, paths), strict=True))
        assert statuses == [(path, 200) for path in paths]


def test_doctor_finds_the_pooler_and_what_it_does_not_follow(db: None, port: int, settings: Any) -> None:
    assert found("pooler") == ""
    with through(port):
        assert "Set DATABASE_POOLER=transaction" in found("pooler")
        settings.DATABASE_POOLER = "transaction"
        assert "SET statement_timeout = '25s'" in found("pooler")
        assert "Set DATABASE_POOLER" not in found("pooler")
        assert not follows_prepared_statements()
        settings.PREPARED_STATEMENTS = True
        assert "PgBouncer 1.21" in found("pooler")
    assert "nothing stands before the database" in found("pooler")


@pytest.mark.parametrize("command", ["backup", "migrate"])
def test_commands_that_change_their_session_connect_directly(
    db: None, port: int, tmp_path: Path, command: str
) -> None:
    file = tmp_path / "a.backup"
    with through(port), pytest.raises(CommandError, match=f"`{command}` must not run through a pooler"):
        call_command(command, *([file] if command == "backup" else []))
    assert not file.exists()
