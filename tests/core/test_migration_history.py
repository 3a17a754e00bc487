"""A database whose earlier release was not finished is refused with what to do."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from monographs.core.migration_history import VERSION_BEFORE_1_0, pending_migrations, unfinished_release

pytestmark = pytest.mark.django_db

#: The last migration of an app on which others depend, and of one on which none does. To a database without
#: them, Django itself answers with an error about its graph, and that there is nothing to do.
LAST_REPLACED = [
    ("editions", "0013_newest_changes_and_public_names"),
    ("rules", "0002_database_clock"),
]


def squashed() -> list[tuple[str, str]]:
    """The migrations of this project that replace earlier ones."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return [key for key in loader.disk_migrations if key[1] == "0001_release_1_0"]


@pytest.mark.parametrize("missing", LAST_REPLACED, ids=lambda key: key[0])
def test_a_release_that_was_not_finished_is_named(missing: tuple[str, str], client: Client) -> None:
    assert unfinished_release() == ""
    assert pending_migrations() == []
    MigrationRecorder(connection).record_unapplied(*missing)
    for options in ({}, {"plan": True}, {"check_unapplied": True}):
        with pytest.raises(CommandError, match=r"Nothing was changed\. Install version") as refusal:
            call_command("migrate", **options)
        assert ".".join(missing) in str(refusal.value)
        assert VERSION_BEFORE_1_0 in str(refusal.value)
    assert pending_migrations() == [".".join(missing)]
    assert client.get("/readyz").json()["reason"] == "migrations are not applied"


def test_a_database_of_the_version_before_has_nothing_to_do() -> None:
    recorder = MigrationRecorder(connection)
    for key in squashed():
        recorder.record_unapplied(*key)
    assert pending_migrations() == []


def test_an_empty_database_lacks_everything() -> None:
    connection.cursor().execute("DELETE FROM django_migrations")
    assert unfinished_release() == ""
    assert {"editions.0001_release_1_0", "auth.0001_initial"} <= set(pending_migrations())
