"""`ledger verify` and `verify_export.py` find the same faults, and all of them, in every tampered record."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from monographs.editions.models import LedgerEntry
from monographs.editions.verify import check_database
from tests.conftest import run_deferred_constraints
from tests.export.both_verifiers import OF_FILES, faults_of_database, faults_of_export
from tests.export.tamperings import TAMPERINGS, make_small_record

#: One worker makes the record once for all of them.
pytestmark = pytest.mark.xdist_group("tamperings")


@pytest.fixture(scope="module")
def small_record(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A small record, rolled back after the tests of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_small_record()
        run_deferred_constraints()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def unguarded(small_record: None, django_db_blocker: Any) -> Iterator[None]:
    """The record without any trigger, rolled back after the test."""
    with django_db_blocker.unblock(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        transaction.set_rollback(True)


def test_the_small_record_has_no_fault(unguarded: None, tmp_path: Path) -> None:
    assert faults_of_database() == faults_of_export(tmp_path / "export") == []
    assert {"publication", "withdrawn", "edition"} <= set(LedgerEntry.objects.values_list("event", flat=True))


def test_there_are_thirty_tamperings() -> None:
    assert len(TAMPERINGS) >= 30


@pytest.mark.parametrize("name", TAMPERINGS)
def test_both_verifiers_name_the_same_faults(unguarded: None, tmp_path: Path, name: str) -> None:
    tamper, fault = TAMPERINGS[name]
    tamper()
    found = faults_of_database()
    exported = [line for line in faults_of_export(tmp_path / "export") if not OF_FILES.search(line)]
    assert found == exported
    assert any(re.search(fault, line) for line in found), found
    assert check_database(pages_at_a_time=1).faults, "found page by page, too"


def test_one_unreadable_entry_does_not_hide_another_fault(unguarded: None, tmp_path: Path) -> None:
    TAMPERINGS["two faults"][0]()
    found = faults_of_database()
    assert any("entry 2 (" in line and "not readable" in line for line in found)
    assert any("entry 2 (" in line and "does not match its hash" in line for line in found)
    assert any("field differs" in line for line in found)


def test_all_rows_with_a_fault_are_named(unguarded: None, tmp_path: Path) -> None:
    TAMPERINGS["name of a signer"][0]()
    named = {line.partition(":")[0] for line in faults_of_database() if "name differs" in line}
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'signature ' || id FROM editions_signature")
        assert named == {row[0] for row in cursor.fetchall()}
