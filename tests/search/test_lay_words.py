"""Acronyms, singular and plural, and what of the thesaurus is shown."""

import pytest
from django.test import Client

from monographs.document import SectionType
from monographs.document.models import Reference
from monographs.public.search.service import search
from monographs.public.search.topics import concepts
from tests.public.published import condition, monograph, publish, section, sections, text

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", ["ALL", "all", "All"])
def test_an_acronym_that_is_a_stop_word_finds_its_condition_first(typed: str) -> None:
    treats = condition("Acute lymphoblastic leukemia", slug="all")
    publish(treats)
    publish(monograph("allopurinol", brand_names=()))
    reference = Reference(key=treats.key, name=treats.title)
    publish(monograph("blinatumomab", brand_names=(), conditions=(reference,)))
    found = [result["name"] for result in search(typed)["results"]]
    assert found == ["Acute lymphoblastic leukemia", "blinatumomab", "allopurinol"]


def test_the_word_all_in_a_question_is_no_acronym() -> None:
    publish(condition("Acute lymphoblastic leukemia", slug="all"))
    publish(monograph("blinatumomab", brand_names=()))
    assert [r["name"] for r in search("all about blinatumomab")["results"]] == ["blinatumomab"]


def test_singular_and_plural_find_each_other() -> None:
    kind = SectionType.HOW_IT_WORKS
    others = [each for each in sections() if each.type is not kind]
    publish(monograph("aumab", brand_names=(), sections=(*others, section(kind, text("It eases rashes.")))))
    publish(monograph("bumab", brand_names=(), sections=(*others, section(kind, text("It eases a rash.")))))
    for typed in ("rash", "rashes"):
        assert {result["name"] for result in search(typed)["results"]} == {"aumab", "bumab"}


def test_no_word_of_the_thesaurus_is_shown(client: Client) -> None:
    kind = SectionType.HOW_IT_WORKS
    publish(monograph("aumab", brand_names=(), sections=(section(kind, text("You may vomit.")),)))
    page = client.get("/search/?q=barfing").content
    assert b"You may" in page
    assert b"throw up" not in page
    assert b"puk" not in page


def test_each_entry_has_its_source() -> None:
    assert {concept.source for concept in concepts()} <= {"layterms", "nci", "medlineplus", "label", "own"}
    assert len({concept.id for concept in concepts()}) == len(concepts())
