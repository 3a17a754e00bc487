"""What says to call: the signed sentence for when nobody answers, and the card of leaflets."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings

from monographs.document import MonographDocument, SectionType
from monographs.document.parts import Advice, ConditionPart, Effect, Effects, Urgency
from monographs.public.leaflet_pdf.content import Leaflet
from monographs.public.queries import ReadEdition
from tests.document.strategies import monographs
from tests.public.published import home, key, monograph, publish, section, sections, soup

PATH = "/medicines/testumab/"
SENTENCE = "If nobody answers, go to an emergency room."


def box(urgency: Urgency, words: str = "Fever.") -> Advice:
    return Advice(urgency=urgency, urgency_label=urgency.label, html=f"<p>{words}</p>")


def effect(urgency: Urgency, name: str) -> Effect:
    return Effect(name=name, urgency=urgency, urgency_label=urgency.label, what_to_do="Call.")


def boxed(*parts: Any) -> Any:
    return monograph(sections=(*sections(), section(SectionType.WHEN_TO_GET_HELP, *parts)))


def data(document: MonographDocument, **fields: Any) -> dict[str, Any]:
    """The data of a leaflet, without a database."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    edition = ReadEdition(
        1, "x", "0" * 64, [], now.date(), now.date(), "", "full_review", None, now, "/medicines/x/", 1
    )
    return Leaflet(document, edition, "Site", "https://example.org/x/", {}, **fields).data()


@pytest.mark.django_db
def test_each_box_that_says_to_call_ends_with_what_to_do_if_nobody_answers(client: Client) -> None:
    publish(home(if_nobody_answers=SENTENCE))
    publish(boxed(*map(box, Urgency), Effects(group="serious", items=(effect(Urgency.CALL_NOW, "Fever"),))))
    page = soup(client, PATH)
    for urgency in Urgency:
        (shown,) = page.select(f"#when-to-get-help .advice--{urgency}")
        said = [p.get_text() for p in shown.select(".nobody-answers")]
        assert said == ([SENTENCE] if urgency in (Urgency.CALL_NOW, Urgency.CALL_TODAY) else [])
        assert not said or shown.get_text().strip().endswith(SENTENCE)
    (effects,) = page.select("#when-to-get-help .effects")
    assert effects.get_text().strip().endswith(SENTENCE)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "leaflet.pdf"])
def test_the_sentence_is_that_of_the_signed_home_page_and_part_of_the_entity_tag(
    client: Client, name: str
) -> None:
    publish(boxed(box(Urgency.CALL_NOW)))
    tags = [client.get(PATH + name)["ETag"]]
    front = home()
    for said in ("", SENTENCE, "If nobody answers, call 911."):
        publish(front.model_copy(update={"if_nobody_answers": said}))
        stale = client.get(PATH + name, headers={"If-None-Match": tags[-1]})
        assert stale.status_code == 200
        tags.append(stale["ETag"])
        shown = [p.get_text() for p in soup(client, PATH).select(".nobody-answers")]
        assert set(shown) == ({said} if said else set())
    assert len(set(tags)) == len(tags)


@pytest.mark.django_db
def test_the_emergency_number_of_the_site_is_part_of_the_entity_tag(client: Client, settings: Any) -> None:
    publish(monograph())
    before = client.get(PATH)["ETag"]
    settings.EMERGENCY_NUMBER = "112"
    response = client.get(PATH, headers={"If-None-Match": before})
    assert response.status_code == 200
    assert '<a href="tel:112">112</a>' in response.content.decode()
    for path in ("/medicines/none/", "/medicines/none/leaflet.pdf"):
        assert '<a href="tel:112">112</a>' in client.get(path).content.decode()


def test_the_card_has_every_box_and_effect_that_cannot_wait() -> None:
    apart = ConditionPart(
        condition=key(), condition_name="Test leukemia", parts=(box(Urgency.CALL_NOW, "Chills."),)
    )
    items = (effect(Urgency.CALL_NOW, "Infection"), effect(Urgency.NEXT_VISIT, "Nausea"))
    document = boxed(*map(box, Urgency), apart, Effects(group="serious", items=items))
    card = data(document, if_nobody_answers=SENTENCE)["card"]
    first, second = card["groups"]
    assert (first["label"], second["label"]) == ("Call 911 now", "Call now, day or night")
    assert (len(first["boxes"]), len(second["boxes"])) == (1, 2)
    assert [each["name"][0]["of"] for each in first["effects"]] == ["Seizure"]
    assert [each["name"][0]["of"] for each in second["effects"]] == ["Infection"]
    assert second["boxes"][1]["only"][0]["of"] == "Only for: Test leukemia."
    assert second["closing"][0]["of"] == SENTENCE
    assert first["closing"] == []
    assert card["fallback"] == ""
    assert any("started" in blank for blank in card["blanks"])


def test_a_card_without_signs_of_danger_still_says_whom_to_call(settings: Any) -> None:
    settings.EMERGENCY_NUMBER = "112"
    card = data(monograph(sections=()))["card"]
    assert (card["groups"], card["fallback"]) == ([], "In an emergency, call 112.")


def test_signs_are_on_the_card_where_no_box_lists_them() -> None:
    item = Effect(
        name="Clot",
        explanation="A swollen leg.",
        urgency=Urgency.CALL_911,
        urgency_label=Urgency.CALL_911.label,
        what_to_do="Lie down.",
    )
    part = section(SectionType.COMMON_SIDE_EFFECTS, Effects(group="serious", items=(item,)))
    (group,) = data(monograph(sections=(part,)))["card"]["groups"]
    assert group["effects"][0]["of"][0]["of"] == "A swollen leg. Lie down."


def test_text_on_paper_has_at_least_12_points() -> None:
    assert data(monograph())["text"] >= 12


@pytest.mark.all_examples
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(monographs)
def test_nothing_that_cannot_wait_is_missing_on_the_card(document: MonographDocument) -> None:
    groups = {group["urgency"]: group for group in data(document)["card"]["groups"]}
    for urgency in (Urgency.CALL_911, Urgency.CALL_NOW):
        boxes = [p for p in document.all_parts() if isinstance(p, Advice) and p.urgency is urgency]
        effects = [
            item
            for part in document.all_parts()
            if isinstance(part, Effects)
            for item in part.items
            if item.urgency is urgency
        ]
        shown = groups.get(urgency.value, {"boxes": [], "effects": []})
        assert (len(shown["boxes"]), len(shown["effects"])) == (len(boxes), len(effects))
