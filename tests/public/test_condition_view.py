"""``?for=<condition>``: parts for the chosen condition come first, parts for others are folded."""

from typing import Any

import pytest
from django.test import Client

from monographs.document import Section, SectionType
from monographs.document.parts import ConditionPart
from tests.public.published import (
    condition,
    monograph,
    publish,
    reference,
    section,
    sections,
    soup,
    text,
)

PATH = "/medicines/testumab/"
FIRST, SECOND, THIRD = (
    condition(name, slug=name.lower()) for name in ("Firstitis", "Seconditis", "Thirditis")
)


def only_for(document: Any, words: str) -> ConditionPart:
    return ConditionPart(condition=document.key, condition_name=document.title, parts=(text(words),))


def publish_medicine(*conditions: Any, parts: tuple[Any, ...] = (), boxed: tuple[Any, ...] = ()) -> None:
    """Publish a medicine for all three conditions, and those of ``conditions``."""
    for each in conditions:
        publish(each)
    parts = parts or (
        text("For everybody."),
        only_for(FIRST, "Words for the first."),
        only_for(SECOND, "Words for the second."),
    )
    rest: tuple[Section, ...] = sections(*parts)
    if boxed:
        rest = (section(SectionType.BOXED_WARNING, *boxed), *rest[1:])
    publish(monograph(sections=rest, conditions=tuple(map(reference, (FIRST, SECOND, THIRD)))))


def works(client: Client, query: str = "") -> list[str]:
    """The parts of *How it works* in reading order; folded ones in brackets."""
    words = soup(client, PATH + query).select("#how-it-works .text")
    return [f"[{each.get_text()}]" if each.find_parent("details") else each.get_text() for each in words]


def test_parts_for_one_condition_are_always_shown_as_such(client: Client) -> None:
    publish_medicine(FIRST, SECOND)
    assert works(client) == ["For everybody.", "Words for the first.", "Words for the second."]
    heads = soup(client, PATH).select("#how-it-works .for-condition__head")
    assert [head.get_text() for head in heads] == ["Only for: Firstitis", "Only for: Seconditis"]


def test_what_is_for_the_readers_condition_comes_first_and_others_are_folded(client: Client) -> None:
    publish_medicine(FIRST, SECOND)
    assert works(client, "?for=seconditis") == [
        "Words for the second.",
        "For everybody.",
        "[Words for the first.]",
    ]
    folded = soup(client, f"{PATH}?for=seconditis").select_one("#how-it-works .for-condition--folded")
    assert folded.h3.get_text() == "Only for: Firstitis"
    assert folded.summary.get_text() == "Show what is only for: Firstitis"


def test_the_page_says_for_whom_it_is_shown_and_leads_to_the_whole(client: Client) -> None:
    publish_medicine(FIRST, SECOND)
    note = soup(client, f"{PATH}?for=firstitis").select_one(".focus")
    assert "Shown for Firstitis" in note.get_text()
    assert "What is only for other conditions is folded." in note.get_text()
    assert [a["href"] for a in note.select("a")] == [PATH]


def test_the_whole_page_offers_each_public_condition_that_has_words_of_its_own(client: Client) -> None:
    publish_medicine(FIRST, THIRD)
    assert [a["href"] for a in soup(client, PATH).select(".focus a")] == ["?for=firstitis"]


def test_a_condition_without_words_of_its_own_says_so(client: Client) -> None:
    publish_medicine(FIRST, SECOND, THIRD)
    assert works(client, "?for=thirditis") == [
        "For everybody.",
        "[Words for the first.]",
        "[Words for the second.]",
    ]
    assert (
        "nothing on this page is only for it"
        in soup(client, f"{PATH}?for=thirditis").select_one(".focus").get_text()
    )


@pytest.mark.parametrize(
    "wanted", ["", "unknown", "seconditis", "%00", "<b>", "a" * 5000, "../firstitis", "Firstitis"]
)
def test_an_unknown_or_hidden_condition_shows_the_whole_page(client: Client, wanted: str) -> None:
    publish_medicine(FIRST)  # the second has words on the page and is not public
    answer, whole = client.get(f"{PATH}?for={wanted}"), client.get(PATH)
    assert answer.status_code == 200
    assert answer.content == whole.content
    assert answer["ETag"] == whole["ETag"]


def test_a_medicine_that_is_the_same_for_everybody_shows_the_whole_page(client: Client) -> None:
    publish_medicine(FIRST, parts=(text("For everybody."),))
    assert client.get(f"{PATH}?for=firstitis").content == client.get(PATH).content


def test_the_boxed_warning_is_never_folded_or_moved(client: Client) -> None:
    publish_medicine(
        FIRST, SECOND, boxed=(text("All."), only_for(SECOND, "Second."), only_for(FIRST, "First."))
    )
    box = soup(client, f"{PATH}?for=firstitis").select_one("#boxed-warning")
    assert not box.select("details")
    assert [words.get_text() for words in box.select(".text")] == ["All.", "Second.", "First."]


def test_no_word_is_lost(client: Client) -> None:
    publish_medicine(FIRST, SECOND)

    def said(query: str) -> list[str]:
        return sorted(
            words.get_text() for words in soup(client, PATH + query).select(".monograph__body .text")
        )

    assert said("") == said("?for=firstitis") == said("?for=thirditis")


def test_it_takes_one_query_and_has_a_tag_of_its_own(client: Client, django_assert_num_queries: Any) -> None:
    publish_medicine(FIRST, SECOND)
    tags = set()
    for query in ("", "?for=firstitis", "?for=seconditis"):
        with django_assert_num_queries(1):
            tags.add(client.get(PATH + query)["ETag"])
    assert len(tags) == 3
    tag = client.get(f"{PATH}?for=firstitis")["ETag"]
    assert client.get(f"{PATH}?for=firstitis", headers={"If-None-Match": tag}).status_code == 304
    assert client.get(PATH, headers={"If-None-Match": tag}).status_code == 200


def test_the_canonical_address_stays_the_whole_page(client: Client) -> None:
    publish_medicine(FIRST, SECOND)
    for query in ("", "?for=firstitis"):
        assert soup(client, PATH + query).select_one('link[rel="canonical"]')["href"].endswith(PATH)


def test_the_conditions_page_leads_to_what_is_for_it(client: Client) -> None:
    publish_medicine(FIRST, SECOND)
    assert [a["href"] for a in soup(client, SECOND.path).select(".entries a")] == [f"{PATH}?for=seconditis"]
