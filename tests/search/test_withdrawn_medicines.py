"""A withdrawn medicine is found by its names, with the reason and what to do, but no text of its page."""

import json
from typing import Any

import pytest
from django.test import Client

from monographs.editions.withdrawal_reasons import REASON_TEXTS, WithdrawalReason
from monographs.public.search.service import search
from tests.public.published import condition, drug_class, monograph, publish, reference, soup, withdraw

pytestmark = pytest.mark.django_db
ADVICE = REASON_TEXTS[WithdrawalReason.MISTAKE].advice


@pytest.fixture
def withdrawn() -> None:
    of, treats = drug_class(), condition()
    for document in (of, treats):
        publish(document)
    publish(monograph("bumab", brand_names=(), sections=()))
    withdraw(
        publish(
            monograph(
                "gonumab",
                brand_names=("Gonzo",),
                summary="It glows in the dark.",
                drug_class=reference(of),
                conditions=(reference(treats),),
            )
        )
    )


@pytest.mark.parametrize("typed", ["gonumab", "gonzo", "gonu", "gonumap", "gonumab dose"])
@pytest.mark.usefixtures("withdrawn")
def test_search_finds_its_names_and_says_what_to_do(client: Client, typed: str) -> None:
    result = search(typed)["results"][0]
    assert (result["name"], result["summary"]) == ("gonumab", "")
    assert result["withdrawn"]["advice"] == ADVICE
    words = soup(client, f"/search/?q={typed}").main.get_text(" ")
    assert ADVICE in words
    assert "This page was withdrawn." in words
    assert "Check the spelling" not in words
    assert "glows" not in words


@pytest.mark.usefixtures("withdrawn")
def test_its_text_is_found_by_nothing() -> None:
    assert search("glows")["results"] == []
    assert search("glows in the dark")["results"] == []


@pytest.mark.usefixtures("withdrawn")
def test_lists_say_that_it_was_withdrawn(client: Client) -> None:
    for path in ("/medicines/", "/conditions/test-leukemia/", "/classes/testing-antibodies/"):
        words = soup(client, path).main.get_text(" ")
        assert "gonumab" in words, path
        assert ADVICE in words, path
        assert "glows" not in words, path


@pytest.mark.usefixtures("withdrawn")
def test_suggestions_say_that_it_was_withdrawn(client: Client) -> None:
    found: list[dict[str, Any]] = json.loads(client.get("/search/suggest?q=gonu").content)["suggestions"]
    assert [(one["name"], one["note"]) for one in found] == [("gonumab", "page withdrawn")]


@pytest.mark.usefixtures("withdrawn")
def test_its_link_leads_to_the_page_that_says_so(client: Client) -> None:
    [link] = soup(client, "/search/?q=gonumab").select(".found a")
    assert client.get(link["href"]).status_code == 410
