"""One process at a time changes the tables."""

import threading

import pytest
from django.db import connection

from monographs.core.migration_lock import MIGRATION_LOCK, migration_lock
from tests.concurrency import wait_for

pytestmark = pytest.mark.django_db


def is_free() -> bool:
    """Whether nobody holds the lock of this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database"
            " WHERE locktype = 'advisory' AND objid = %s AND datname = current_database()",
            [MIGRATION_LOCK],
        )
        return bool(cursor.fetchone()[0] == 0)


def test_a_second_process_says_that_it_waits_and_goes_on_afterwards() -> None:
    said: list[str] = []
    entered = threading.Event()

    def second() -> None:
        with migration_lock(tell=said.append):
            entered.set()

    thread = threading.Thread(target=second)
    with migration_lock(tell=said.append):
        assert said == []
        thread.start()
        wait_for(lambda: bool(said))
        assert not entered.is_set()
    thread.join()
    assert entered.is_set()
    assert len(said) == 1
    assert "waiting until it has ended" in said[0]
    assert is_free()


def test_what_runs_in_the_lock_may_take_it_again() -> None:
    with migration_lock():
        with migration_lock():
            assert not is_free()
        assert not is_free()
    assert is_free()


def test_a_migration_that_fails_frees_the_lock() -> None:
    with pytest.raises(ZeroDivisionError), migration_lock():
        raise ZeroDivisionError
    assert is_free()
