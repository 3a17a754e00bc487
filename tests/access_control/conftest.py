"""Every known bypass route, tried as every role: the outcome of each, and that public pages stay the same.

`make test-access` prints the table of route, role and outcome. Each row is a test.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection

from monographs.editions.models import LedgerEntry
from tests.access_control.attempt import Attempt
from tests.access_control.populated_site import (
    ANONYMOUS,
    PUBLIC_EVENTS,
    SHELL,
    UNSIGNED,
    Activity,
    PopulatedSite,
    changes,
    file_storage_in,
    table_activity,
    user_of,
)
from tests.access_control.report import AttemptTable
from tests.database import connected_to, copied_database


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--access-report", action="store_true", help="print each role's outcome for each bypass route"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "bypass_route(name): an attempt to publish without review")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if config.getoption("--access-report"):
        reports = [report for kind in terminalreporter.stats.values() for report in kind]
        AttemptTable.of(reports).write(terminalreporter)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter: Any = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.config.getoption("--access-report") and exitstatus == 0 and reporter:
        reports = [report for kind in reporter.stats.values() for report in kind]
        session.exitstatus = 0 if AttemptTable.of(reports).all_closed else 1


@pytest.fixture(scope="session")
def populated(
    migrated_database: str, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[tuple[str, Path, PopulatedSite]]:
    """The name of a populated database, the folder of its files and what is in it; built once per process."""
    name = f"{connection.settings_dict['NAME']}_access"
    folder = tmp_path_factory.mktemp("access_control")
    with django_db_blocker.unblock():
        database = copied_database(migrated_database, name)
        database.__enter__()
        with connected_to(name), file_storage_in(folder):
            site = PopulatedSite()
    yield name, folder, site
    with django_db_blocker.unblock():
        database.__exit__(None, None, None)


@pytest.fixture(scope="module")
def populated_site(
    populated: tuple[str, Path, PopulatedSite], django_db_blocker: Any
) -> Iterator[PopulatedSite]:
    """Connects a module's tests to the populated database; each rolls back its own changes."""
    name, folder, site = populated
    with django_db_blocker.unblock(), connected_to(name), file_storage_in(folder):
        cache.clear()
        yield site
    cache.clear()


@pytest.fixture
def role() -> str:
    """The role that makes the attempt, set by ``bypass_attempt``."""
    raise LookupError("bypass_attempt names the roles")


@pytest.fixture
def attempt(
    request: pytest.FixtureRequest, populated_site: PopulatedSite, db: None, role: str, caplog: Any
) -> Iterator[Attempt]:
    """One attempt by one role. Afterwards public pages must be the same, and the outcome stated."""
    record: Callable[[tuple[str, object]], None] = request.node.user_properties.append
    record(("route", request.node.get_closest_marker("bypass_route").args[0]))
    record(("role", role))
    tried = Attempt(populated_site, None if role in (SHELL, ANONYMOUS) else user_of(role), caplog)
    activity = table_activity()
    yield tried
    after = populated_site.before
    events = tried.new_events()
    if role == SHELL or request.config.getoption("--access-report") or may_differ(tried, activity, events):
        after = populated_site.public()
        if after == populated_site.before:
            populated_site.events_not_shown |= events - PUBLIC_EVENTS
    populated_site.restore_files()
    differing = [address for address, answer in after.items() if answer != populated_site.before[address]]
    unsigned = [address for address, answer in after.items() if UNSIGNED.encode() in answer[2]]
    record(("equal", not (differing or unsigned)))
    record(("outcome", tried.outcome))
    assert not differing, "patients read something else now"
    assert not unsigned, "patients read what nobody signed"
    assert tried.outcome, "the test must state the outcome of the attempt"


def may_differ(attempt: Attempt, activity: Activity, events: set[str]) -> bool:
    """Return whether an attempt has written to files, or to tables that public pages read.

    If it has not, public pages are the same and are compared by ``make test-access`` only. Nearly every
    attempt is recorded in the ledger, of which public pages read the entries of some events only. That
    entries of another event change nothing is shown once per process, by comparing all pages after the first.
    """
    written = {name for name, (_, writes) in changes(activity).items() if writes}
    written &= attempt.site.public_tables
    if events and events <= attempt.site.events_not_shown:
        written.discard(LedgerEntry._meta.db_table)
    return bool(written) or attempt.site.files_changed()
