"""Snippets: one passage, its urgency first, no negation cut off."""

from typing import Any

import pytest
from django.test import Client

from monographs.document import SectionType
from monographs.document.parts import Advice, ConditionPart, DoDont, Table, Urgency
from monographs.public.search.service import search
from tests.public.published import condition, monograph, publish, section, soup, text

pytestmark = pytest.mark.django_db
HELP = SectionType.WHEN_TO_GET_HELP


def advice(urgency: Urgency, *signs: str) -> Advice:
    items = "".join(f"<li>{sign}</li>" for sign in signs)
    html = f"<p>For any of these:</p><ul>{items}</ul>"
    return Advice(urgency=urgency, urgency_label=urgency.label, html=html)


def with_parts(*parts: Any, kind: SectionType = HELP) -> None:
    publish(monograph("aumab", brand_names=(), sections=(section(kind, *parts),)))


def snippet(query: str) -> str:
    [result] = search(query)["results"]
    return "".join(run["text"] for run in result["why"]["text"])


def test_a_snippet_never_mixes_two_boxes_and_begins_with_its_urgency(client: Client) -> None:
    with_parts(
        advice(Urgency.CALL_911, "Swelling of the face or throat"),
        advice(Urgency.CALL_TODAY, "Fever", "Chills"),
    )
    assert snippet("fever") == "Call your care team today: For any of these: Fever; Chills"
    assert snippet("throat") == "Call 911 now: For any of these: Swelling of the face or throat"
    # Words of both boxes: one box, whole, not words of both
    assert snippet("fever throat").startswith(("Call 911 now:", "Call your care team today:"))
    assert not {"Fever", "throat"} <= set(snippet("fever throat").replace(";", "").split())
    why = soup(client, "/search/?q=fever").select_one(".found__why")
    assert why.get_text(" ", strip=True).startswith("Call your care team today")
    assert search("fever")["results"][0]["why"]["urgency"] == "call_today"


def test_a_long_list_keeps_its_introduction_and_whole_items() -> None:
    items = "".join(f"<li>have number {n} of many troubles that we list here</li>" for n in range(20))
    with_parts(
        text(f"<p>Do not take it if you:</p><ul><li>are pregnant</li>{items}<li>smoke</li></ul>"),
        kind=SectionType.WHO_SHOULD_NOT_TAKE_IT,
    )
    assert snippet("smoking") == "Do not take it if you: … smoke"
    assert snippet("pregnant") == "Do not take it if you: are pregnant …"


def test_a_sentence_is_never_cut() -> None:
    long = "It is not known if it harms a baby. " + "The study went on for many years. " * 12
    with_parts(text(f"<p>{long}You should never give it to a newborn.</p>"), kind=SectionType.HOW_IT_WORKS)
    assert snippet("newborn") == f"{long}You should never give it to a newborn."


def test_do_not_and_the_condition_come_first(client: Client) -> None:
    treats = condition("Test leukemia")
    publish(treats)
    part = ConditionPart(
        condition=treats.key, condition_name=treats.title, parts=(DoDont(dont=("Crush the tablet.",)),)
    )
    with_parts(part, kind=SectionType.HOW_IT_IS_ADMINISTERED)
    assert snippet("crush") == "Test leukemia: Do not: Crush the tablet."
    shown = soup(client, "/search/?q=crush").select_one(".found__why").get_text(" ", strip=True)
    assert "Only for Test leukemia: Do not: Crush" in shown


def test_rows_of_a_table_are_not_mixed() -> None:
    table = Table(caption="Your dose", header=("Week", "Dose"), rows=(("One", "20 mg"), ("Two", "50 mg")))
    with_parts(table, kind=SectionType.HOW_IT_IS_ADMINISTERED)
    assert snippet("50") == "Your dose: Week: Two; Dose: 50 mg"
