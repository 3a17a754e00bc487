"""Entries of one transaction are stored together at its end, and only those of what was not undone."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from monographs.editions import event_log
from monographs.editions.deferred_ledger import check_with_ledger_locked, deferred_ledger
from monographs.editions.ledger import Event, append_entry, append_entry_now, recorded_submission
from monographs.editions.models import LedgerEntry
from monographs.editions.person import SYSTEM

pytestmark = pytest.mark.django_db


def note(number: int) -> None:
    append_entry(Event.REFUSED, SYSTEM, {"attempt": str(number)})


def noted() -> list[str]:
    entries = LedgerEntry.objects.filter(event=Event.REFUSED).order_by("seq")
    return [entry.body.split('"attempt":"')[1].split('"')[0] for entry in entries]


def test_entries_are_stored_in_order_in_one_statement_at_the_end() -> None:
    with CaptureQueriesContext(connection) as queries, deferred_ledger():
        for number in range(3):
            note(number)
        assert noted() == []
    assert len([q for q in queries if q["sql"].startswith("INSERT")]) == 1
    assert noted() == ["0", "1", "2"]


def test_an_entry_about_what_was_undone_is_not_stored() -> None:
    with deferred_ledger():
        note(0)
        with transaction.atomic():
            note(1)
            transaction.set_rollback(True)
        with transaction.atomic():
            note(2)
    assert noted() == ["0", "2"]


def fail_after_a_note() -> None:
    with deferred_ledger():
        note(0)
        raise ValueError("failed")


def test_nothing_is_stored_of_a_block_that_fails_nor_left_for_the_next() -> None:
    with pytest.raises(ValueError, match="failed"):
        fail_after_a_note()
    with deferred_ledger():
        note(1)
    assert noted() == ["1"]
    left = {getattr(kept[1], "func", None) for kept in connection.run_on_commit}
    assert left <= {event_log._log}


def test_a_block_within_another_leaves_its_entries_to_that() -> None:
    with deferred_ledger():
        with deferred_ledger():
            note(0)
        assert noted() == []
    assert noted() == ["0"]


def test_an_entry_that_is_needed_at_once_comes_after_those_that_wait() -> None:
    with deferred_ledger():
        note(0)
        assert append_entry_now(Event.REFUSED, SYSTEM, {"attempt": "1"}).hash
        note(2)
    assert noted() == ["0", "1", "2"]


def test_a_waiting_submission_is_found(edition: Any) -> None:
    data = {"submission": str(edition.submission), "sha256": "0" * 64, "steps": []}
    key = "00000000-0000-4000-8000-000000000000"
    with deferred_ledger():
        append_entry(Event.SUBMITTED, SYSTEM, data, subject=key)
        assert recorded_submission(key, edition.submission) == ("0" * 64, [])


def test_a_check_is_made_once_the_ledger_is_locked() -> None:
    with deferred_ledger():
        note(0)
        check_with_ledger_locked(lambda: seen.append(noted()))
        seen: list[list[str]] = []
    assert seen == [["0"]]
    check_with_ledger_locked(lambda: seen.append([]))
    assert seen == [["0"], []]
