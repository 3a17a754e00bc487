"""A PostgreSQL server and a web server that only these tests use, so that they may be killed."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.crash.admin_process import AdminProcess
from tests.crash.postgres import Postgres
from tests.crash.service import TEMPLATE, CrashEnvironment, Service
from tests.deployment.conftest import database_url, postgres_tool

#: Twenty reviewers need twenty medicines.
PAGES = REVIEWERS = 20
#: Public pages state the date of the review, so a test must not start on one day and end on the next.
LONGEST = timedelta(minutes=5)


@pytest.fixture(scope="session")
def crash_environment(migrated_database: str) -> Iterator[CrashEnvironment]:
    """A database server with the prepared database, removed afterwards."""
    tables = postgres_tool("pg_dump", database_url(migrated_database))
    assert tables.returncode == 0, tables.stderr
    with ExitStack() as last:
        folder = Path(tempfile.mkdtemp(prefix="crash-"))
        last.callback(shutil.rmtree, folder)
        folder.chmod(0o755)  # as root, the server has a user of its own
        postgres = Postgres(folder)
        last.callback(postgres.stop)
        postgres.restore(tables.stdout, TEMPLATE)
        admin = AdminProcess(folder, postgres)
        last.callback(admin.close)
        admin.call("prepare", TEMPLATE, pages=PAGES, reviewers=REVIEWERS)
        yield CrashEnvironment(folder, postgres, admin)


@pytest.fixture
def serve(crash_environment: CrashEnvironment) -> Iterator[Callable[..., Service]]:
    """Return a function that starts the service on a fresh copy of the prepared database."""
    with ExitStack() as last:

        def start(**options: Any) -> Service:
            service = Service(crash_environment, **options)
            last.callback(service.web.stop)
            return service

        wait_past_midnight()
        yield start


def wait_past_midnight() -> None:
    """Sleep until midnight (UTC) if it is less than ``LONGEST`` away."""
    now = datetime.now(UTC)
    tomorrow = (now + LONGEST).replace(hour=0, minute=0, second=0)
    if tomorrow > now:
        time.sleep((tomorrow - now).total_seconds())
