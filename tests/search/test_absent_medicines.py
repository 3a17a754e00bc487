"""A name that is another medicine's is never corrected, and near misses are questions."""

import json
from typing import Any

import pytest
from django.test import Client

from monographs.core.medicine_names import name_key
from monographs.public.search.service import search
from tests.public.published import drug_class, monograph, publish, reference, soup
from tests.search.test_search import with_text

pytestmark = pytest.mark.django_db


def answer(query: str) -> dict[str, Any]:
    found: dict[str, Any] = search(query)
    return found


def names(found: dict[str, Any]) -> list[str]:
    return [result["name"] for result in found["results"]]


@pytest.mark.parametrize(
    "typed", ["nilotinib", "Nilotinib 150 mg capsules", "nilotinib dose", "Tasigna", "AMN-107"]
)
def test_a_medicine_without_a_page_is_said_to_have_none(client: Client, typed: str) -> None:
    publish(monograph("imatinib", brand_names=("Gleevec",), sections=()))
    found = answer(typed)
    assert name_key(found["known_but_absent"]) in name_key(typed)
    assert (found["corrected"], found["did_you_mean"], names(found)) == (None, [], [])
    words = soup(client, f"/search/?q={typed}").main.get_text(" ")
    assert "We have no page about" in words
    assert "It is not imatinib." in words
    assert ("is a name of nilotinib" in words) is ("nilotinib" not in typed.lower())
    assert "Showing results" not in words


def test_the_api_says_so_too(client: Client) -> None:
    publish(monograph("imatinib", brand_names=("Gleevec",), sections=()))
    found = json.loads(client.get("/api/v1/search?q=nilotinib").content)
    assert (found["known_but_absent"], found["corrected"], found["results"]) == ("nilotinib", None, [])
    assert json.loads(client.get("/api/v1/search?q=gleevec").content)["known_but_absent"] is None


def test_pages_that_mention_it_are_listed_as_such(client: Client) -> None:
    publish(with_text("imatinib", "Another medicine, nilotinib, works in a similar way."))
    found = answer("nilotinib")
    assert [result["why"]["kind"] for result in found["results"]] == ["text"]
    assert "Pages that mention nilotinib" in soup(client, "/search/?q=nilotinib").main.get_text()


def test_a_question_about_a_medicine_with_a_page_says_that_the_other_has_none(client: Client) -> None:
    publish(
        with_text("imatinib", "Do not take it with ibuprofen.").model_copy(
            update={"brand_names": ("Gleevec",)}
        )
    )
    found = answer("can I take advil with gleevec")
    assert (found["known_but_absent"], found["results"][0]["name"]) == ("Advil", "imatinib")


@pytest.mark.parametrize("typed", ["liposomal vincristine", "vincristine liposomal", "Marqibo"])
def test_another_form_that_must_not_be_exchanged_is_another_medicine(typed: str) -> None:
    publish(monograph("vincristine", brand_names=(), sections=()))
    assert answer(typed)["known_but_absent"]
    assert names(answer(typed)) == []


def test_a_name_is_shown_with_its_usual_capitals(client: Client) -> None:
    publish(monograph("imatinib", brand_names=("Gleevec",), sections=()))
    for typed, shown in (("advil", "Advil"), ("amn107", "AMN107"), ("NILOTINIB", "nilotinib")):
        assert f"We have no page about {shown}." in soup(client, f"/search/?q={typed}").main.get_text()


@pytest.mark.parametrize(
    "typed", ["glivec", "STI-571", "sti 571", "imatinib mesylate 400 mg", "иматиниб", "伊马替尼"]
)
def test_other_names_of_a_medicine_with_a_page_lead_to_it(typed: str) -> None:
    publish(monograph("imatinib", brand_names=("Gleevec",), sections=()))
    publish(monograph("dasatinib", brand_names=("Sprycel",), sections=()))
    found = answer(typed)
    assert (found["known_but_absent"], names(found)[0]) == (None, "imatinib")


@pytest.mark.parametrize(
    "typed", ["trifluridine", "tipiracil", "trifluridine/tipiracil", "Tipiracil + trifluridine"]
)
def test_either_half_of_a_combination_finds_it(typed: str) -> None:
    publish(monograph("trifluridine / tipiracil", slug="tas-102", brand_names=("Lonsurf",), sections=()))
    assert names(answer(typed)) == ["trifluridine / tipiracil"]


def test_only_names_of_signed_pages_correct() -> None:
    publish(monograph("allopurinol", brand_names=("Zyloprim",), sections=()))
    # *Remid*, which a list has as a name of allopurinol, is near
    found = answer("remide")
    assert (found["corrected"], found["did_you_mean"]) == (None, ["Remid"])
    assert answer("zylopram")["corrected"] == "Zyloprim"


def test_a_word_of_another_medicines_name_is_not_that_medicine() -> None:
    publish(monograph("trastuzumab deruxtecan", slug="t-dxd", brand_names=("Enhertu",), sections=()))
    found = answer("trastuzumab")
    assert found["known_but_absent"] == "trastuzumab"
    assert [result["why"]["kind"] for result in found["results"]] == ["part_of_name"]


@pytest.mark.parametrize("typed", ["covix 19", "covix19", "Covix/19"])
def test_a_number_in_a_name_is_found_however_it_is_written(typed: str) -> None:
    publish(monograph("Covix-19", slug="covix-19", brand_names=(), sections=()))
    assert names(answer(typed)) == ["Covix-19"]
    assert names(answer(typed.replace("19", "18"))) == []


def test_a_near_miss_is_a_question_with_class_and_use(client: Client) -> None:
    of = drug_class("Vinca alkaloids")
    publish(of)
    publish(
        monograph("vincristine", brand_names=(), summary="A chemo.", drug_class=reference(of), sections=())
    )
    found = answer("vinkristine")
    assert (found["corrected"], found["did_you_mean"], names(found)) == (
        None,
        ["vincristine"],
        ["vincristine"],
    )
    words = soup(client, "/search/?q=vinkristine").main.get_text(" ")
    assert "Did you mean" in words
    assert "Vinca alkaloids" in words
    assert "A chemo." in words
    assert "Showing results" not in words


def test_a_misspelling_nearer_to_a_medicine_without_a_page_offers_no_page(client: Client) -> None:
    publish(monograph("vincristine", brand_names=(), sections=()))
    publish(monograph("imatinib", brand_names=("Gleevec",), sections=()))
    for typed, other in (("vinblasteen", "vinblastine"), ("nilotinab", "nilotinib")):
        found = answer(typed)
        assert (found["corrected"], names(found), found["other_medicines"][0]) == (None, [], other)
        words = soup(client, f"/search/?q={typed}").main.get_text(" ")
        assert other in words
        assert "Did you mean" not in words


def test_the_beginning_of_another_medicines_name_offers_no_page() -> None:
    publish(monograph("venetoclax", brand_names=("Venclexta",), sections=()))
    found = answer("vincr")
    assert (names(found), found["other_medicines"][0]) == ([], "vincristine")
    assert all(name.startswith("vincristine") for name in found["other_medicines"])


@pytest.mark.parametrize("typed", ["имматиниб", "ιματίνιβ"])
def test_a_name_in_other_letters_is_asked_about(typed: str) -> None:
    publish(monograph("imatinib", brand_names=(), sections=()))
    found = answer(typed)
    assert (found["corrected"], found["did_you_mean"]) == (None, ["imatinib"])


@pytest.mark.parametrize("typed", ["iron", "water", "sugar", "tired all the time", "vitamins", "throwing up"])
def test_lay_words_are_no_other_medicine(typed: str) -> None:
    publish(monograph("imatinib", brand_names=("Gleevec",), sections=()))
    assert answer(typed)["known_but_absent"] is None


def test_what_was_typed_is_shown_as_text(client: Client) -> None:
    publish(monograph("imatinib", brand_names=(), sections=()))
    content = client.get("/search/", {"q": "nilotinib <script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in content
    assert "We have no page about nilotinib" in content


def test_an_answer_about_names_takes_two_queries_at_most(django_assert_max_num_queries: Any) -> None:
    publish(monograph("imatinib", brand_names=("Gleevec",), sections=()))
    search("warm")
    for typed in ("nilotinib", "nilotinib dose", "nilotinab", "glivec", "imatanib", "имматиниб", "vincr"):
        with django_assert_max_num_queries(2):
            search(typed)
