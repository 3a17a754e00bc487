"""A PostgreSQL server that may be killed, and the service upon it; no other test uses either."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.crash.crash_site import CrashSiteAdmin
from tests.crash.postgres import Postgres
from tests.crash.service import TEMPLATE, Service, ServiceFolder

#: Twenty people want twenty medicines.
PAGES = REVIEWERS = 20
#: What patients read names the day of the review: a test must not begin on one day and end on the next.
LONGEST = timedelta(minutes=5)


@pytest.fixture(scope="session")
def ground() -> Iterator[ServiceFolder]:
    """A database server with the prepared database; all of it is gone afterwards, whatever happens."""
    with ExitStack() as last:
        folder = Path(tempfile.mkdtemp(prefix="crash-"))
        last.callback(shutil.rmtree, folder)
        folder.chmod(0o755)  # as root, the server has a user of its own
        postgres = Postgres(folder)
        last.callback(postgres.stop)
        desk = CrashSiteAdmin(folder, postgres)
        last.callback(desk.close)
        desk.ask("prepare", TEMPLATE, pages=PAGES, reviewers=REVIEWERS)
        yield ServiceFolder(folder, postgres, desk)


@pytest.fixture
def serve(ground: ServiceFolder) -> Iterator[Callable[..., Service]]:
    """Starts the service on a fresh copy of the prepared database; options are the web server's."""
    with ExitStack() as last:

        def start(**options: Any) -> Service:
            service = Service(ground, **options)
            last.callback(service.web.stop)
            return service

        wait_for_a_day_that_is_long_enough()
        yield start


def wait_for_a_day_that_is_long_enough() -> None:
    """Return at once, but in the last minutes of a day (UTC)."""
    now = datetime.now(UTC)
    tomorrow = (now + LONGEST).replace(hour=0, minute=0, second=0)
    if tomorrow > now:
        time.sleep((tomorrow - now).total_seconds())
