"""The in-memory name index stays in step with publications."""

from typing import Any

import pytest

from monographs.public.queries import fetch_page
from monographs.public.queries_sql import LEDGER_STATE, NULL_JSON
from monographs.public.search.index_sync import IndexSnapshot, LedgerState, fetch_with_index
from tests.public.published import monograph, publish, withdraw

pytestmark = pytest.mark.django_db


def run_query(snapshot: IndexSnapshot) -> tuple[set[str], LedgerState]:
    """Return the titles in the index, and the state of the ledger."""
    ledger_state = fetch_page("", None, NULL_JSON, LEDGER_STATE, snapshot.parameters).ledger_state
    return {page.title for page in snapshot.index.pages.values() if not page.withdrawn}, ledger_state


def titles() -> set[str]:
    return fetch_with_index(run_query)[0]


def test_publications_and_withdrawals_are_indexed_by_the_next_query() -> None:
    assert titles() == set()
    document = monograph("aumab", sections=())
    edition = publish(document)
    assert titles() == {"aumab"}
    edition = publish(document.model_copy(update={"title": "bumab"}))
    assert titles() == {"bumab"}
    withdraw(edition)
    assert titles() == set()


def test_one_query_is_enough_while_no_publication_is_set(django_assert_num_queries: Any) -> None:
    publish(monograph("aumab", sections=()))
    titles()
    publish(monograph("bumab", sections=()), current=False)
    for _ in range(2):
        with django_assert_num_queries(1):
            titles()


def test_only_changed_publications_are_fetched(django_assert_num_queries: Any) -> None:
    publish(monograph("aumab", sections=()))
    known = fetch_with_index(run_query)[1]
    publish(monograph("bumab", sections=()))
    with django_assert_num_queries(3):
        later = fetch_with_index(run_query)[1]
    kept = next(page for page in known.index.pages.values() if page.title == "aumab")
    assert any(page is kept for page in later.index.pages.values())


def test_a_page_withdrawn_during_the_query_is_not_returned() -> None:
    publish(monograph("aumab", sections=()))
    edition = publish(monograph("bumab", sections=()))
    titles()
    tries = 0

    def withdraw_first(snapshot: IndexSnapshot) -> tuple[set[str], LedgerState]:
        nonlocal tries
        tries += 1
        if tries == 1:
            withdraw(edition)
        return run_query(snapshot)

    assert fetch_with_index(withdraw_first)[0] == {"aumab"}
    assert tries == 2


def test_a_result_is_returned_even_if_every_query_meets_a_new_publication() -> None:
    count = 0

    def publish_first(snapshot: IndexSnapshot) -> tuple[set[str], LedgerState]:
        nonlocal count
        count += 1
        if count < 5:
            publish(monograph(f"aumab{count}", sections=()))
        return run_query(snapshot)

    assert fetch_with_index(publish_first)[0] == {"aumab1", "aumab2", "aumab3", "aumab4"}


@pytest.mark.django_db(transaction=True)
def test_the_last_attempt_is_consistent_outside_a_transaction_too() -> None:
    count = 0

    def publish_first(snapshot: IndexSnapshot) -> tuple[set[str], LedgerState]:
        nonlocal count
        count += 1
        if count < 5:
            publish(monograph(f"aumab{count}", sections=()))
        return run_query(snapshot)

    assert fetch_with_index(publish_first)[0] == {"aumab1", "aumab2", "aumab3", "aumab4"}
