"""Medicines that are used together link to each other, whichever page names the other."""

from typing import Any

import pytest
from django.test import Client

from monographs.document import SectionType
from monographs.document.models import MonographDocument
from monographs.document.parts import Companion, Companions
from monographs.public.models import UsedWith
from monographs.public.queries import MAX_USED_WITH
from tests.public.published import monograph, publish, section, sections, soup, text, withdraw

pytestmark = pytest.mark.django_db


def naming(name: str, *others: MonographDocument, **fields: Any) -> MonographDocument:
    companions = tuple(Companion(name=other.title, page=other.key) for other in others)
    return monograph(name, sections=sections(companions=companions), **fields)


def also(client: Client, document: MonographDocument) -> list[tuple[str, str]]:
    return [(a.get_text(), a["href"]) for a in soup(client, document.path).select(".used-with a")]


def test_a_medicine_that_names_this_one_is_listed_on_its_page_in_the_same_query(
    client: Client, django_assert_num_queries: Any
) -> None:
    named = monograph("dexamethasone")
    publish(named)
    publish(naming("zumab", named))
    publish(naming("aumab", named))
    with django_assert_num_queries(1):
        listed = also(client, named)
    assert listed == [("aumab", "/medicines/aumab/"), ("zumab", "/medicines/zumab/")]


def test_those_that_name_each_other_are_not_listed_twice(client: Client) -> None:
    one = monograph("aumab")
    other = naming("bumab", one)
    publish(naming("aumab", other, key=one.key))
    publish(other)
    assert also(client, one) == also(client, other) == []


def test_a_link_elsewhere_on_a_page_does_not_say_used_with(client: Client) -> None:
    named = monograph("dexamethasone")
    publish(named)
    tested = section(
        SectionType.COMMONLY_TESTED_WITH, Companions(items=(Companion(name="x", page=named.key),))
    )
    linked = section(SectionType.HOW_IT_WORKS, text(f'<p><a data-page="{named.key}">x</a></p>'))
    publish(monograph("aumab", sections=(linked, tested)))
    assert also(client, named) == []


def test_only_current_editions_say_so(client: Client) -> None:
    named = monograph("dexamethasone")
    publish(named)
    document = naming("aumab", named)
    publish(document)
    withdraw(publish(naming("bumab", named)))
    publish(naming("draftumab", named), current=False)
    assert [name for name, _ in also(client, named)] == ["aumab"]
    publish(document.model_copy(update={"sections": sections()}))
    assert also(client, named) == []


def test_a_forged_row_adds_no_link(client: Client) -> None:
    named, other = monograph("dexamethasone"), monograph("aumab")
    publish(named)
    edition = publish(other)
    UsedWith.objects.create(edition=edition, key=other.key, companion=named.key)
    assert also(client, named) == []


def test_the_list_is_bounded_and_an_old_edition_has_none(client: Client) -> None:
    named = monograph("dexamethasone")
    publish(named)
    publish(named.model_copy(update={"summary": "Newer."}))
    for number in range(MAX_USED_WITH + 2):
        publish(naming(f"aumab{number:02}", named))
    assert len(also(client, named)) == MAX_USED_WITH
    assert b'class="used-with"' not in client.get(f"{named.path}editions/1/").content
