"""Fixtures that tests of every package share."""

import gc
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client, TransactionTestCase, override_settings
from django.utils import translation
from django.utils.translation import trans_real
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from home.models import HomePage
from home.site_setup import set_up_site
from monographs.models import MonographIndexPage, MonographPage
from monographs.public.body_cache import bodies
from monographs.public.outage import last_answers
from tests.database import (
    SavedRows,
    connected_through,
    connected_to,
    connection_to,
    copied_database,
    database_template,
)
from tests.factories import PASSWORD, get_or_make_user, make_user, publish_medicine
from tests.hazard_proofs import EXTENDED, EXTENDED_RUN, pytest_runtest_logreport, pytest_sessionfinish
from tests.live_server import answer_at_once
from tests.pseudo_locale import MADE_UP, InBrackets
from tests.run_order import TESTS, is_left_out, may_be_extended, sort_longest_first

__all__ = ["pytest_runtest_logreport", "pytest_sessionfinish"]

#: Examples of each property: few in ``make test``, more in ``make test-extended`` (``--hypothesis-profile``).
_ON_SHARED_MACHINES: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
hypothesis_settings.register_profile("quick", max_examples=30, **_ON_SHARED_MACHINES)
hypothesis_settings.register_profile("extended", max_examples=150, **_ON_SHARED_MACHINES)
hypothesis_settings.load_profile("quick")
answer_at_once()


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name no test by bytes: those of a zip hold the time at which they were made.

    Processes that collect tests of other names cannot share the work.
    """
    return "bytes" if isinstance(val, bytes) else None


@pytest.hookimpl(wrapper=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> Generator[None, int, int]:
    """Run what ``-k`` selects in this process: starting workers would take longer than the tests.

    Extended tests often wait for other processes, timers and time limits: one worker more than processors.
    """
    processors = yield
    if config.option.keyword:
        return 0
    return processors + (config.option.markexpr == EXTENDED_RUN)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not import modules none of whose tests can be selected."""
    return is_left_out(collection_path, config) or None


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark tests of long-running folders, and start the longest first, so that workers end together.

    What tests share is made by one worker, which runs all of them.
    """
    for item in items:
        folder = item.path.relative_to(TESTS).parts[0]
        if folder in EXTENDED:
            item.add_marker(pytest.mark.extended)
        if folder == "access_control":
            item.add_marker(pytest.mark.xdist_group(folder))
        elif "demonstration" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("demonstration"))
        elif _shares_rows(item):
            item.add_marker(pytest.mark.xdist_group(str(item.path.relative_to(TESTS))))
    functions = [item for item in items if isinstance(item, pytest.Function)]
    _check_no_commits(functions)
    _check_extended(functions)
    yield  # the order is shuffled and what is not selected is left out
    sort_longest_first(items)


def pytest_collection_finish() -> None:
    """Let the garbage collector disregard what was imported and collected, which lives until the end.

    It looks at new objects less often than by default: tests are short, and leave little behind.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


def _shares_rows(item: pytest.Item) -> bool:
    return "module_rows" in getattr(item, "fixturenames", ())


def _check_no_commits(items: list[pytest.Function]) -> None:
    """Refuse a test that commits beside tests that share rows, whose transaction is still open then."""
    sharing = {item.path for item in items if _shares_rows(item)}
    for item in items:
        marker = item.get_closest_marker("django_db")
        if item.path in sharing and marker and marker.kwargs.get("transaction"):
            raise pytest.UsageError(f"{item.nodeid} commits, but its module shares rows; move it to another")


def _check_extended(items: list[pytest.Function]) -> None:
    """Refuse an extended test in a module that ``make test-extended`` would not import."""
    for item in items:
        chosen = item.get_closest_marker("extended") or item.get_closest_marker("hypothesis")
        if chosen and not may_be_extended(item.path):
            raise pytest.UsageError(f"{item.nodeid} is extended, but its module does not say so")


@pytest.fixture(scope="session")
def migrated_database(django_test_environment: None, django_db_blocker: Any) -> str:
    """The name of the migrated database that is copied for tests."""
    with django_db_blocker.unblock():
        return database_template()


@pytest.fixture(scope="session")
def django_db_setup(
    migrated_database: str, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """A copy of the migrated database in which the site is set up, restored after tests that commit.

    Replaces pytest-django's own fixture, which migrates once per worker and run.
    """
    name = connection.creation._get_test_db_name()
    database = ExitStack()
    with django_db_blocker.unblock(), override_settings(RECORD_ACCOUNT_CHANGES=False):
        database.enter_context(copied_database(migrated_database, name))
        database.enter_context(connected_to(name))
        set_up_site()
        saved = SavedRows()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda test: saved.restore())
        yield
    with django_db_blocker.unblock():
        database.close()


@pytest.fixture(scope="module")
def module_rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A transaction around the tests of a module, for rows that they share and none commits.

    A module-scoped fixture requests it and creates the rows once; each test still undoes its own changes.
    Tests of such a module fetch their accounts and pages anew, and none may use ``transaction=True``.
    """
    without_record = override_settings(RECORD_ACCOUNT_CHANGES=False)
    with django_db_blocker.unblock(), without_record, transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def changes_of_accounts_are_told(settings: Any) -> None:
    """Record no changes of accounts in the ledger, but in tests that override this."""
    settings.RECORD_ACCOUNT_CHANGES = False


@pytest.fixture(autouse=True)
def no_kept_bodies() -> None:
    """Render every page at least once in each test."""
    bodies.clear()
    last_answers.clear()


@pytest.fixture
def made_up(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Translate every message into the pseudo-locale."""
    settings.LANGUAGE_CODE = MADE_UP
    monkeypatch.setitem(trans_real._translations, MADE_UP, InBrackets())
    with translation.override(MADE_UP):
        yield


@pytest.fixture(scope="session")
def published_rows(migrated_database: str, django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """A connection to a database of its own in which a medicine is published; made once per process."""
    name = f"{connection.settings_dict['NAME']}_published"
    database = ExitStack()
    with django_db_blocker.unblock(), override_settings(RECORD_ACCOUNT_CHANGES=False):
        database.enter_context(copied_database(migrated_database, name))
        with connected_to(name), transaction.atomic():
            set_up_site()
            publish_medicine()
            connection.run_on_commit.clear()  # in a test, nothing happens after a commit
        rows = database.enter_context(connection_to(name))
    yield rows
    with django_db_blocker.unblock():
        database.close()


@pytest.fixture
def _in_published_rows(db: None, published_rows: Any) -> Iterator[None]:
    with connected_through(published_rows):
        yield


@pytest.fixture
def published_medicine(published_rows: Any, site: HomePage) -> MonographPage:
    """The medicine “testumab”, written by ``writer``, whose edition 1 ``reviewer`` signed.

    It stands for ``make_monograph(by=writer)`` and ``publish(page, writer, reviewer)`` at the beginning of a
    test, which take half a second: its rows are made once, unless the test commits.
    """
    if not connection.in_atomic_block:
        publish_medicine()
    return MonographPage.objects.get(slug="testumab")


@pytest.fixture(scope="session")
def demonstration_rows(
    migrated_database: str, django_db_setup: None, django_db_blocker: Any
) -> Iterator[tuple[Any, list[EmailMessage]]]:
    """A connection to a database of its own in which ``load_demo`` ran, and the emails that it sent.

    As in production, each step is committed and changes of accounts are recorded.
    """
    name = f"{connection.settings_dict['NAME']}_demonstration"
    database = ExitStack()
    with django_db_blocker.unblock(), override_settings(RECORD_ACCOUNT_CHANGES=True):
        database.enter_context(copied_database(migrated_database, name))
        with connected_to(name):
            call_command("load_demo", verbosity=0, stdout=StringIO())
            sent = list(mail.outbox)
        rows = database.enter_context(connection_to(name))
    yield rows, sent
    with django_db_blocker.unblock():
        database.close()


@pytest.fixture
def demonstration(db: None, demonstration_rows: Any) -> Iterator[list[EmailMessage]]:
    """The site with its demonstration, which takes half a minute to load and is loaded once; its emails."""
    rows, sent = demonstration_rows
    with connected_through(rows):
        yield sent


@pytest.fixture
def site(db: None, request: pytest.FixtureRequest) -> HomePage:
    """The home page of the site that every test finds set up."""
    if "published_medicine" in request.fixturenames and connection.in_atomic_block:
        request.getfixturevalue("_in_published_rows")  # before any other fixture writes a row
    if settings.RECORD_ACCOUNT_CHANGES:  # the ledger starts with a baseline of groups and permissions
        return set_up_site()
    return HomePage.objects.get()


@pytest.fixture
def figure_files(settings: Any, tmp_path: Any) -> None:
    """Keep images and figures in a folder of this test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = {
        **settings.STORAGES,
        "figures": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "figures"},
        },
    }


@pytest.fixture
def medicines(site: HomePage) -> MonographIndexPage:
    """The index page below which monographs are."""
    return MonographIndexPage.objects.get(collection="medicines")


@pytest.fixture
def writer(site: HomePage) -> Any:
    """A medical writer."""
    return get_or_make_user("writer", "Medical writers")


@pytest.fixture
def reviewer(site: HomePage) -> Any:
    """A medical reviewer with credentials."""
    return get_or_make_user("reviewer", "Medical reviewers", credentials="PharmD")


@pytest.fixture
def reviewer2(site: HomePage) -> Any:
    """Another medical reviewer."""
    return get_or_make_user("reviewer2", "Medical reviewers", credentials="MD")


@pytest.fixture
def editor(site: HomePage) -> Any:
    """An editor."""
    return get_or_make_user("editor", "Editors")


@pytest.fixture
def superuser(site: HomePage) -> Any:
    """A superuser who is no reviewer."""
    return make_user("admin", superuser=True)


@pytest.fixture
def password() -> str:
    """The password of every account in tests."""
    return PASSWORD


def as_user(user: Any) -> Client:
    """Return a client in which ``user`` is signed in."""
    client = Client()
    client.force_login(user)
    return client


def run_deferred_constraints() -> None:
    """Check deferred constraints now instead of at commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
