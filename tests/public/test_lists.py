"""A to Z, lists of classes and conditions, and the home page."""

from typing import Any

import pytest
from django.test import Client

from tests.public.published import (
    condition,
    drug_class,
    home,
    monograph,
    publish,
    reference,
    soup,
    withdraw,
)


def links(client: Client, path: str) -> list[tuple[str, str]]:
    page = soup(client, path)
    return [(a.get_text(), a["href"]) for a in page.select(".a-to-z a, .entries a")]


def test_brand_names_lead_to_their_medicine(client: Client) -> None:
    publish(monograph("blinatumomab", brand_names=("Blincyto",)))
    publish(monograph("abcimab", brand_names=("Zeta", "ABCIMAB")))
    assert links(client, "/medicines/") == [
        ("abcimab", "/medicines/abcimab/"),
        ("blinatumomab", "/medicines/blinatumomab/"),
        ("Blincyto", "/medicines/blinatumomab/"),
        ("Zeta", "/medicines/abcimab/"),
    ]


def test_letters_say_which_have_names(client: Client) -> None:
    publish(monograph("éclairumab", brand_names=("5-Test",), slug="eclairumab"))
    page = soup(client, "/medicines/")
    assert [a.get_text() for a in page.select(".letters a")] == ["E", "0-9"]
    assert len(page.select(".letters li")) == 27


def test_a_letter_filters(client: Client) -> None:
    publish(monograph("aumab", brand_names=("Bumab",)))
    assert links(client, "/medicines/?letter=B") == [("Bumab", "/medicines/aumab/")]
    assert links(client, "/medicines/?letter=b") == [("Bumab", "/medicines/aumab/")]
    assert b"No name in our list begins with Q" in client.get("/medicines/?letter=Q").content


@pytest.mark.parametrize("letter", ["<script>", "%00", "AB", "%22", "ß", "💊", "9"])
def test_an_odd_letter_is_answered_sensibly(client: Client, letter: str) -> None:
    publish(monograph())
    response = client.get(f"/medicines/?letter={letter}")
    assert response.status_code == 200
    assert b"There is no such letter" in response.content
    assert b"testumab" in response.content


@pytest.mark.parametrize("path", ["/", "/medicines/", "/classes/", "/conditions/", "/search/"])
def test_the_first_pages_answer_before_anything_is_signed(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert b"Medicine monographs" in response.content
    assert "X-Edition" not in response


def test_lists_name_current_medicines_and_withdrawn_ones_as_such(client: Client) -> None:
    of, treats = drug_class(), condition()
    fields = {"drug_class": reference(of), "conditions": (reference(treats),)}
    publish(of)
    publish(treats)
    publish(monograph("zumab", **fields))
    publish(monograph("Bumab", **fields))
    publish(monograph("otherumab"))
    publish(monograph("draftumab", **fields), current=False)
    withdraw(publish(monograph("goneumab", **fields)))
    for path in (of.path, treats.path):
        assert [name for name, _ in links(client, path)] == ["Bumab", "goneumab", "zumab"]
        listed = [item.get_text() for item in soup(client, path).select(".entries__item")]
        assert ["This page was withdrawn." in text for text in listed] == [False, True, False]


def test_class_and_condition_pages_take_one_query(client: Client, django_assert_num_queries: Any) -> None:
    for document in (drug_class(), condition()):
        publish(document)
        client.get(document.path)
        with django_assert_num_queries(1):
            assert client.get(document.path).status_code == 200


def test_indexes_list_classes_and_conditions(client: Client) -> None:
    publish(drug_class())
    publish(condition())
    assert links(client, "/classes/") == [("Testing antibodies", "/classes/testing-antibodies/")]
    assert links(client, "/conditions/") == [("Test leukemia", "/conditions/test-leukemia/")]


def test_home_offers_search_letters_classes_and_conditions_in_one_query(
    client: Client, django_assert_num_queries: Any
) -> None:
    for document in (home(), drug_class(), condition(), monograph()):
        publish(document)
    client.get("/")
    with django_assert_num_queries(1):
        page = soup(client, "/")
    assert page.h1.get_text() == "Medicines in plain words"
    assert page.select('main form[action="/search/"] input[name="q"]')
    assert [a["href"] for a in page.select("main .letters a")] == ["/medicines/?letter=T"]
    assert page.select('main a[href="/classes/testing-antibodies/"]')
    assert page.select('main a[href="/conditions/test-leukemia/"]')
    assert "Some words." in page.get_text()


def test_the_texts_of_the_home_page_frame_every_page(client: Client) -> None:
    publish(home())
    publish(monograph())
    medicine = "/medicines/testumab/"
    for path in ("/", "/medicines/", medicine, f"{medicine}editions/", "/search/", "/medicines/no/"):
        page = soup(client, path)
        header, footer = page.header.get_text(), page.footer
        assert "Example Foundation" in header
        assert "This is a trial." in header
        assert page.header.select('a[href="https://example.org/account"]')
        assert "Our app" in footer.get_text()
        assert [a["href"] for a in footer.select(".footer__stores a")] == [
            "https://example.org/ios",
            "https://example.org/android",
        ]
