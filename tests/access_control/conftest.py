"""Every door: what somebody tried, what they were told, what it left, and that patients read the same bytes.

`make doors` prints the table. A row is a test; nothing in it is written down beforehand but the name of
the door and who stands before it.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection

from tests.access_control.attempt import Attempt
from tests.access_control.populated_site import SHELL, STRANGER, UNSIGNED, PopulatedSite, files_in, person
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
    template: str, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[tuple[str, Path, PopulatedSite]]:
    """The name of a populated database, the folder of its files and what is in it; built once per process."""
    name = f"{connection.settings_dict['NAME']}_access"
    folder = tmp_path_factory.mktemp("access_control")
    with django_db_blocker.unblock():
        database = copied_database(template, name)
        database.__enter__()
        with connected_to(name), files_in(folder):
            site = PopulatedSite()
    yield name, folder, site
    with django_db_blocker.unblock():
        database.__exit__(None, None, None)


@pytest.fixture(scope="module")
def world(populated: tuple[str, Path, PopulatedSite], django_db_blocker: Any) -> Iterator[PopulatedSite]:
    """Connects a module's tests to the populated database; each rolls back its own changes."""
    name, folder, site = populated
    with django_db_blocker.unblock(), connected_to(name), files_in(folder):
        cache.clear()
        yield site
    cache.clear()


@pytest.fixture
def role() -> str:
    """Who tries; set by ``door``."""
    raise LookupError("a door names who stands before it")


@pytest.fixture
def attempt(
    request: pytest.FixtureRequest, world: PopulatedSite, db: None, role: str, caplog: Any
) -> Iterator[Attempt]:
    """One attempt by one role. Afterwards every public byte must be as it was, and the outcome stated."""
    tell: Callable[[tuple[str, object]], None] = request.node.user_properties.append
    tell(("door", request.node.get_closest_marker("bypass_route").args[0]))
    tell(("role", role))
    tried = Attempt(world, None if role in (SHELL, STRANGER) else person(role), caplog)
    yield tried
    after = world.public()
    world.restore_files()
    differing = [address for address, answer in after.items() if answer != world.before[address]]
    told = [address for address, answer in after.items() if UNSIGNED.encode() in answer[2]]
    tell(("equal", not (differing or told)))
    tell(("outcome", tried.outcome))
    assert not differing, "patients read something else now"
    assert not told, "patients read what nobody signed"
    assert tried.outcome, "the test must say what came of the attempt"
