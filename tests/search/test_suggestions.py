"""Suggestions for the search field."""

from typing import Any

import pytest
from django.test import Client

from monographs.public.search.suggestions import MAX_SUGGESTIONS
from tests.public.published import condition, monograph, publish

pytestmark = pytest.mark.django_db


def suggested(client: Client, query: str) -> list[tuple[str, str]]:
    found = client.get("/search/suggest", {"q": query}).json()["suggestions"]
    return [(s["name"], s["medicine"]) for s in found]


def test_names_that_begin_with_the_query_are_suggested_with_their_medicine(client: Client) -> None:
    publish(monograph("blinatumomab", brand_names=("Blincyto",)))
    publish(condition("Blisters", slug="blisters"))
    assert suggested(client, "BLI") == [
        ("blinatumomab", ""),
        ("Blincyto", "blinatumomab"),
        ("Blisters", ""),
    ]
    assert suggested(client, "x") == suggested(client, "") == []


@pytest.mark.parametrize("typed", ["blimatu", "blinsit", "blynatumo"])
def test_a_misspelt_prefix_is_corrected(client: Client, typed: str) -> None:
    publish(monograph("blinatumomab", brand_names=("Blincyto",)))
    publish(monograph("imatinib", brand_names=("Gleevec",)))
    assert suggested(client, typed)[0][0].lower().startswith("blin")


def test_the_number_of_suggestions_is_limited(client: Client) -> None:
    for number in range(MAX_SUGGESTIONS * 2):
        publish(monograph(f"aumab-{number:02}", brand_names=(), sections=()))
    assert len(suggested(client, "aumab")) == MAX_SUGGESTIONS


def test_each_request_is_one_query(client: Client, django_assert_num_queries: Any) -> None:
    publish(monograph("blinatumomab", brand_names=()))
    assert suggested(client, "blin") == [("blinatumomab", "")]
    for typed in ("blin", "blimatu", "nothing"):
        with django_assert_num_queries(1):
            suggested(client, typed)


def test_suggestions_that_did_not_change_are_not_sent_again(client: Client) -> None:
    publish(monograph("blinatumomab"))
    tag = client.get("/search/suggest?q=bl")["ETag"]
    again = client.get("/search/suggest?q=bl", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    publish(monograph("blinded", brand_names=()))
    assert client.get("/search/suggest?q=bl", headers={"If-None-Match": tag}).status_code == 200


def test_the_beginning_of_another_medicine_suggests_no_similar_name(client: Client) -> None:
    publish(monograph("venetoclax", brand_names=("Venclexta",)))
    publish(monograph("imatinib", brand_names=("Gleevec",)))
    for typed in ("vincr", "vinb", "nilotinib", "nilot", "vinblastine"):
        assert suggested(client, typed) == []


def test_a_similar_name_is_suggested_as_a_question(client: Client) -> None:
    publish(monograph("venetoclax", brand_names=("Venclexta",)))
    found = client.get("/search/suggest", {"q": "venkle"}).json()["suggestions"]
    assert (found[0]["name"], found[0]["note"]) == ("Venclexta", "did you mean this?")
    found = client.get("/search/suggest", {"q": "venc"}).json()["suggestions"]
    assert [(one["name"], one["note"]) for one in found] == [("Venclexta", "")]


def test_another_name_of_a_medicine_is_suggested_with_it(client: Client) -> None:
    publish(monograph("imatinib", brand_names=("Gleevec",)))
    assert suggested(client, "gliv") == [("Glivec", "imatinib")]
