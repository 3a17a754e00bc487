"""Fixtures that tests of every package share."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, TransactionTestCase, override_settings
from django.utils import translation
from django.utils.translation import trans_real

from home.models import HomePage
from home.site_setup import set_up_site
from monographs.models import MonographIndexPage
from tests.database import SavedRows, connected_to, copied_database, database_template
from tests.factories import PASSWORD, make_user
from tests.hazard_proofs import EXTENDED, pytest_runtest_logreport, pytest_sessionfinish
from tests.pseudo_locale import MADE_UP, InBrackets

__all__ = ["pytest_runtest_logreport", "pytest_sessionfinish"]

TESTS = Path(__file__).parent


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Run what ``-k`` selects in this process: starting workers would take longer than the tests."""
    return 0 if config.option.keyword else None


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Import only modules that hold the test named by ``-k test_…``, so that a single test starts at once."""
    name = config.option.keyword
    if not re.fullmatch(r"test_\w+", name) or collection_path.suffix != ".py":
        return None
    text = f"{collection_path.relative_to(TESTS)} {collection_path.read_text()}"
    return None if name.lower() in text.lower() else True


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of a long-running folder."""
    for item in items:
        if item.path.relative_to(TESTS).parts[0] in EXTENDED:
            item.add_marker(pytest.mark.extended)


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


@pytest.fixture(autouse=True)
def changes_of_accounts_are_told(settings: Any) -> None:
    """Record no changes of accounts in the ledger, but in tests that override this."""
    settings.RECORD_ACCOUNT_CHANGES = False


@pytest.fixture
def made_up(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Translate every message into the pseudo-locale."""
    settings.LANGUAGE_CODE = MADE_UP
    monkeypatch.setitem(trans_real._translations, MADE_UP, InBrackets())
    with translation.override(MADE_UP):
        yield


@pytest.fixture
def site(db: None) -> HomePage:
    """The home page of the site that every test finds set up."""
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
    return make_user("writer", "Medical writers")


@pytest.fixture
def reviewer(site: HomePage) -> Any:
    """A medical reviewer with credentials."""
    return make_user("reviewer", "Medical reviewers", credentials="PharmD")


@pytest.fixture
def reviewer2(site: HomePage) -> Any:
    """Another medical reviewer."""
    return make_user("reviewer2", "Medical reviewers", credentials="MD")


@pytest.fixture
def editor(site: HomePage) -> Any:
    """An editor."""
    return make_user("editor", "Editors")


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
