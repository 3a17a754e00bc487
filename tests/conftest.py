"""Fixtures that tests of every package share."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import connection
from django.test import Client, TransactionTestCase, override_settings
from django.utils import translation
from django.utils.translation import trans_real

from home.models import HomePage
from home.site_setup import set_up_site
from monographs.models import MonographIndexPage
from tests.database import SavedRows, migrated_database
from tests.factories import PASSWORD, make_user
from tests.pseudo_locale import MADE_UP, InBrackets


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """A copy of the migrated database in which the site is set up, brought back after tests that commit.

    Replaces pytest-django's own fixture, which migrates once per worker and run.
    """
    database = ExitStack()
    with django_db_blocker.unblock(), override_settings(RECORD_ACCOUNT_CHANGES=False):
        database.enter_context(migrated_database())
        set_up_site()
        saved = SavedRows()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda test: saved.restore())
        yield
    with django_db_blocker.unblock():
        database.close()


@pytest.fixture(autouse=True)
def changes_of_accounts_are_told(settings: Any) -> None:
    """Only to tests about them, which override this: the others count the entries of texts."""
    settings.RECORD_ACCOUNT_CHANGES = False


@pytest.fixture
def made_up(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The site speaks a made-up language."""
    settings.LANGUAGE_CODE = MADE_UP
    monkeypatch.setitem(trans_real._translations, MADE_UP, InBrackets())
    with translation.override(MADE_UP):
        yield


@pytest.fixture
def site(db: None) -> HomePage:
    """The home page of the site that every test finds set up."""
    return HomePage.objects.get()


@pytest.fixture
def figure_files(settings: Any, tmp_path: Any) -> None:
    """Pictures and pinned figures of this test only."""
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
    """The list that monographs live below."""
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
    """Everybody's password in tests."""
    return PASSWORD


def as_user(user: Any) -> Client:
    """A browser in which ``user`` has signed in."""
    client = Client()
    client.force_login(user)
    return client


def run_deferred_constraints() -> None:
    """Check now what would be checked at commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
