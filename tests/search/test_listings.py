"""Pagination of long lists."""

from typing import Any

import pytest
from django.test import Client

from devtools.synthetic.generation import generate
from monographs.public.search import listings
from tests.public.published import (
    condition,
    drug_class,
    monograph,
    publish,
    reference,
    soup,
    withdraw,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listings, "NAMES_PER_PAGE", 4)
    monkeypatch.setattr(listings, "ENTRIES_PER_PAGE", 3)


def names(client: Client, path: str) -> list[str]:
    return [a.get_text() for a in soup(client, path).select(".a-to-z__names a, .entries a")]


def list_pages(client: Client, path: str) -> list[tuple[str, str]]:
    return [(a.get_text(), a["href"]) for a in soup(client, path).select(".steps a")]


def test_a_long_a_to_z_shows_pages_of_names_and_a_letter_shows_one_of_them(
    client: Client, small_pages: None
) -> None:
    for number in range(6):
        publish(monograph(f"aumab{number}", brand_names=(), sections=()))
    publish(monograph("bumab", brand_names=("Axa",), sections=()))
    assert names(client, "/medicines/") == []
    assert list_pages(client, "/medicines/") == [
        ("aumab0 – aumab3", "?letter=A&page=1"),
        ("aumab4 – Axa", "?letter=A&page=2"),
        ("bumab", "?letter=B&page=1"),
    ]
    assert names(client, "/medicines/?letter=A") == ["aumab0", "aumab1", "aumab2", "aumab3"]
    assert names(client, "/medicines/?letter=A&page=2") == ["aumab4", "aumab5", "Axa"]
    before = soup(client, "/medicines/?letter=A&page=2").select_one(".turn-page")
    assert (before["rel"], before["href"]) == (["prev"], "?letter=A&page=1")


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "²", "99999999999999999999", "1.5", "%00"])
def test_an_invalid_page_number_is_the_first_and_a_large_one_the_last(
    client: Client, small_pages: None, page: str
) -> None:
    for number in range(6):
        publish(monograph(f"aumab{number}", brand_names=(), sections=()))
    assert names(client, f"/medicines/?letter=A&page={page}")[0] == "aumab0"
    assert names(client, "/medicines/?letter=A&page=777") == ["aumab4", "aumab5"]


def test_lists_of_classes_conditions_and_their_medicines_come_in_pages(
    client: Client, small_pages: None, django_assert_num_queries: Any
) -> None:
    of, treats = drug_class(), condition()
    publish(of)
    publish(treats)
    for number in range(5):
        publish(drug_class(f"Class {number}", slug=f"class-{number}"))
        publish(condition(f"Condition {number}", slug=f"condition-{number}"))
        belongs = {"drug_class": reference(of), "conditions": (reference(treats),)}
        publish(monograph(f"aumab{number}", brand_names=(), sections=(), **belongs))
    client.get("/")
    for path, first in (
        ("/classes/", "Class 0"),
        ("/conditions/", "Condition 0"),
        (of.path, "aumab0"),
        (treats.path, "aumab0"),
    ):
        with django_assert_num_queries(1):
            shown = names(client, path)
        assert (shown[0], len(shown)) == (first, 3)
        assert len(names(client, f"{path}?page=2")) in {2, 3}
        assert [a["href"] for a in soup(client, path).select(".turn-page")] == ["?page=2"]


def test_each_page_of_a_list_has_a_tag_of_its_own_and_is_not_indexed_twice(
    client: Client, small_pages: None
) -> None:
    for number in range(6):
        publish(monograph(f"aumab{number}", brand_names=(), sections=()))
    paths = ("/medicines/", "/medicines/?letter=A", "/medicines/?letter=A&page=2")
    answers = [client.get(path) for path in paths]
    assert len({answer["ETag"] for answer in answers}) == 3
    assert ["X-Robots-Tag" in answer for answer in answers] == [False, True, True]


def test_a_withdrawn_page_is_listed_as_withdrawn_at_once(
    client: Client, django_assert_num_queries: Any
) -> None:
    publish(monograph("aumab", brand_names=("Abrand",)))
    edition = publish(monograph("bumab", brand_names=("Bbrand",)))
    assert names(client, "/medicines/") == ["Abrand", "aumab", "Bbrand", "bumab"]
    withdraw(edition)
    listed = soup(client, "/medicines/?letter=B").select(".a-to-z__names li")
    assert ["withdrawn" in item.get_text() for item in listed] == [True, True]
    assert "withdrawn" not in soup(client, "/medicines/?letter=A").main.get_text()
    with django_assert_num_queries(1):
        client.get("/medicines/")


@pytest.mark.extended
def test_a_to_z_is_as_small_for_many_medicines_as_for_some(
    client: Client, django_assert_num_queries: Any
) -> None:
    for _ in generate(250):
        pass
    client.get("/")
    for path in ("/", "/medicines/", "/medicines/?letter=B", "/classes/", "/conditions/"):
        with django_assert_num_queries(1):
            response = client.get(path)
        assert len(response.content) < 60_000
        assert response.content.count(b"a-to-z__generic") <= listings.NAMES_PER_PAGE
