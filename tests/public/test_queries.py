"""The outcome of a public path: current, moved, withdrawn or missing."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from psycopg._queries import MAX_CACHED_STATEMENT_LENGTH

from monographs.editions.person import SYSTEM
from monographs.editions.publishing import PathTaken, set_publication
from monographs.editions.withdrawal_reasons import REASON_TEXTS, WithdrawalReason
from monographs.public import queries_sql
from monographs.public.queries import (
    PathOutcome,
    fetch_compared,
    fetch_history,
    fetch_medicine,
    fetch_page,
)
from tests.public.published import home, information, monograph, publish, withdraw

PATH = "/medicines/testumab/"


def test_a_medicine_never_published_is_not_found_in_two_queries(
    client: Client, django_assert_num_queries: Any
) -> None:
    publish(home())
    client.get("/medicines/")  # reads the index of names
    # One for the page, one for brands of this name
    with django_assert_num_queries(2):
        response = client.get("/medicines/nothing/")
    assert response.status_code == 404
    assert b'action="/search/"' in response.content
    assert b"Example Foundation" in response.content


def test_an_edition_is_not_readable_before_it_is_published(client: Client) -> None:
    document = monograph()
    publish(document, current=False)
    assert client.get(PATH).status_code == 404
    publish(document.model_copy(update={"summary": "Now."}))
    later = publish(document.model_copy(update={"summary": "Later."}), current=False)
    assert b"Later." not in client.get(PATH).content
    assert client.get(f"{PATH}editions/3/").status_code == 404
    assert b"Edition 3" not in client.get(f"{PATH}editions/").content
    with transaction.atomic():
        set_publication(later, actor=SYSTEM)
    assert client.get(PATH)["X-Edition"] == "testumab/3"


def test_a_path_is_never_reused_by_another_page(client: Client) -> None:
    document = monograph()
    publish(document)
    publish(document.model_copy(update={"slug": "newumab"}))
    with pytest.raises(PathTaken, match="printed leaflets lead there"):
        publish(monograph())
    assert client.get(PATH)["Location"] == "/medicines/newumab/"
    publish(document.model_copy(update={"summary": "Back."}))
    assert client.get(PATH)["X-Edition"] == "testumab/3"


@pytest.mark.django_db
def test_no_query_returns_a_withdrawn_text() -> None:
    document = monograph()
    publish(document)
    withdraw(publish(document.model_copy(update={"summary": "Wrong."})))
    results = (
        fetch_page(PATH),
        fetch_page(PATH, 1),
        fetch_medicine(PATH),
        fetch_history(PATH),
        fetch_compared(PATH, 1, 2),
    )
    for found in results:
        assert found.outcome is PathOutcome.WITHDRAWN
        assert (found.edition, found.canonical, found.links, found.rows) == (None, None, {}, [])


def test_a_withdrawn_medicine_is_gone_with_the_reason_and_what_to_do(client: Client) -> None:
    withdraw(publish(monograph()), note="Tenfold dose in <b>How it is administered</b>.")
    for path in (PATH, f"{PATH}editions/", f"{PATH}editions/1/"):
        response = client.get(path)
        assert response.status_code == 410
        assert REASON_TEXTS[WithdrawalReason.MISTAKE].reason.encode() in response.content
        assert REASON_TEXTS[WithdrawalReason.MISTAKE].advice.encode() in response.content
        assert b"Tenfold" not in response.content, "the note is internal and not signed for patients"
        assert b"care team" in response.content
        assert b"no-store" not in response["Cache-Control"].encode()


def test_an_old_path_leads_to_the_new_one(client: Client) -> None:
    document = monograph()
    publish(document)
    publish(document.model_copy(update={"slug": "newumab"}))
    for suffix in ("", "editions/", "editions/1/"):
        response = client.get(PATH + suffix)
        assert response.status_code == 301
        assert response["Location"] == f"/medicines/newumab/{suffix}"
    assert client.get("/medicines/newumab/editions/1/").status_code == 200


def test_an_old_edition_is_marked_superseded_and_kept_from_search_engines(
    client: Client, django_assert_num_queries: Any
) -> None:
    document = monograph()
    publish(document)
    publish(document.model_copy(update={"summary": "Better."}))
    with django_assert_num_queries(1):
        response = client.get(f"{PATH}editions/1/")
    assert response["X-Robots-Tag"] == "noindex"
    assert b'<meta name="robots" content="noindex">' in response.content
    assert b"This is an old edition." in response.content
    assert response["X-Edition"] == "testumab/1"
    current = client.get(PATH)
    assert b"This is an old edition." not in current.content
    assert "X-Robots-Tag" not in current
    assert b"This is an old edition." not in client.get(f"{PATH}editions/2/").content
    assert client.get(f"{PATH}editions/3/").status_code == 404


@pytest.mark.parametrize("number", [0, 2**31, 10**30])
def test_an_impossible_edition_number_is_not_found(client: Client, number: int) -> None:
    publish(monograph())
    assert client.get(f"{PATH}editions/{number}/").status_code == 404


def test_history_lists_editions_newest_first(client: Client, django_assert_num_queries: Any) -> None:
    document = monograph()
    publish(document)
    publish(document.model_copy(update={"change_note": "New dose."}))
    with django_assert_num_queries(1):
        content = client.get(f"{PATH}editions/").content.decode()
    assert content.index("Edition 2") < content.index("New dose.") < content.index("Edition 1")


def test_pages_about_the_service_are_read_and_named_at_the_foot(client: Client) -> None:
    publish(information())
    publish(monograph())
    assert client.get("/about/how-we-write/").status_code == 200
    assert b'<a href="/about/how-we-write/">How we write</a>' in client.get(PATH).content


def test_an_address_without_a_slash_is_completed(client: Client) -> None:
    assert client.get("/medicines")["Location"] == "/medicines/"


@pytest.mark.parametrize("path", ["/medicines/%00/", "/classes/nothing/", "/about/nothing/", "/nothing"])
def test_invalid_paths_are_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "listing", [queries_sql.NULL_JSON, queries_sql.USED_WITH, queries_sql.HISTORY, queries_sql.COMPARED]
)
def test_the_driver_keeps_what_it_made_of_the_statement_of_a_page(listing: str) -> None:
    assert len(queries_sql.page(listing)) <= MAX_CACHED_STATEMENT_LENGTH
    assert len(queries_sql.page(is_current=False)) <= MAX_CACHED_STATEMENT_LENGTH
