"""Fixtures every room shares."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client
from django.utils import translation
from django.utils.translation import trans_real

from home.models import HomePage
from home.site_setup import set_up_site
from monographs.editions import models as editions
from monographs.models import MonographIndexPage
from tests.factories import PASSWORD, make_user
from tests.pseudo_locale import MADE_UP, InBrackets

APPEND_ONLY = [
    model._meta.db_table
    for model in (
        editions.Contribution,
        editions.Edition,
        editions.EditionFigure,
        editions.LedgerEntry,
        editions.Publication,
        editions.Signature,
        editions.Withdrawal,
    )
]


@pytest.fixture(scope="session", autouse=True)
def owner_may_empty_tables_between_tests() -> Iterator[None]:
    """The record refuses TRUNCATE; emptying the test database is the owner's to do, trigger by trigger."""
    stock = DatabaseOperations.execute_sql_flush

    def flush(self: DatabaseOperations, sql_list: list[str]) -> None:
        switch = "ALTER TABLE {} {} TRIGGER USER"
        off = [switch.format(table, "DISABLE") for table in APPEND_ONLY]
        on = [switch.format(table, "ENABLE") for table in APPEND_ONLY]
        stock(self, [*off, *sql_list, *on])

    DatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign,assignment]
    yield
    DatabaseOperations.execute_sql_flush = stock  # type: ignore[method-assign]


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
    """A site ready to write in; the home page."""
    # A live server's last request may have remembered content types that the flush then took away
    ContentType.objects.clear_cache()
    return set_up_site()


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
