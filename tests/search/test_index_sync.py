"""The names in memory are those of what is public, whatever happens meanwhile."""

from typing import Any

import pytest

from monographs.public.queries import fetch_page
from monographs.public.queries_sql import LEDGER_STATE, NULL_JSON
from monographs.public.search.index_sync import IndexSnapshot, LedgerState, fetch_with_index
from tests.public.published import monograph, publish, withdraw

pytestmark = pytest.mark.django_db


def look(known: IndexSnapshot) -> tuple[set[str], LedgerState]:
    """The titles that are known, and whether they are those of now."""
    ledger_state = fetch_page("", None, NULL_JSON, LEDGER_STATE, known.parameters).ledger_state
    return {page.title for page in known.index.pages.values()}, ledger_state


def titles() -> set[str]:
    return fetch_with_index(look)[0]


def test_what_is_published_changed_and_withdrawn_is_known_at_the_next_question() -> None:
    assert titles() == set()
    document = monograph("aumab", sections=())
    edition = publish(document)
    assert titles() == {"aumab"}
    edition = publish(document.model_copy(update={"title": "bumab"}))
    assert titles() == {"bumab"}
    withdraw(edition)
    assert titles() == set()


def test_nothing_is_asked_twice_while_nothing_is_flipped(django_assert_num_queries: Any) -> None:
    publish(monograph("aumab", sections=()))
    titles()
    publish(monograph("bumab", sections=()), current=False)
    for _ in range(2):
        with django_assert_num_queries(1):
            titles()


def test_only_what_was_flipped_is_fetched(django_assert_num_queries: Any) -> None:
    publish(monograph("aumab", sections=()))
    known = fetch_with_index(look)[1]
    publish(monograph("bumab", sections=()))
    with django_assert_num_queries(3):
        later = fetch_with_index(look)[1]
    kept = next(page for page in known.index.pages.values() if page.title == "aumab")
    assert any(page is kept for page in later.index.pages.values())


def test_a_page_withdrawn_between_question_and_answer_is_not_answered() -> None:
    publish(monograph("aumab", sections=()))
    edition = publish(monograph("bumab", sections=()))
    titles()
    tries = 0

    def meanwhile(known: IndexSnapshot) -> tuple[set[str], LedgerState]:
        nonlocal tries
        tries += 1
        if tries == 1:
            withdraw(edition)
        return look(known)

    assert fetch_with_index(meanwhile)[0] == {"aumab"}
    assert tries == 2


def test_an_answer_comes_even_if_something_is_published_at_every_question() -> None:
    count = 0

    def busy(known: IndexSnapshot) -> tuple[set[str], LedgerState]:
        nonlocal count
        count += 1
        if count < 5:
            publish(monograph(f"aumab{count}", sections=()))
        return look(known)

    assert fetch_with_index(busy)[0] == {"aumab1", "aumab2", "aumab3", "aumab4"}


@pytest.mark.django_db(transaction=True)
def test_the_last_question_sees_one_moment_outside_a_transaction_too() -> None:
    count = 0

    def busy(known: IndexSnapshot) -> tuple[set[str], LedgerState]:
        nonlocal count
        count += 1
        if count < 5:
            publish(monograph(f"aumab{count}", sections=()))
        return look(known)

    assert fetch_with_index(busy)[0] == {"aumab1", "aumab2", "aumab3", "aumab4"}
