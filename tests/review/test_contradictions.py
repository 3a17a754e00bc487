"""A contradiction names both of its places, and each screen leads from one to the other."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from tests.conftest import as_user
from tests.factories import edit, make_monograph, submit
from tests.review.test_editor import ask, form_of

pytestmark = pytest.mark.django_db

#: Rule → what two sections say, of which the second contradicts the first.
CONTRADICTIONS = {
    "fever-temperature": ("Call us for a fever of 38°C.", "A fever of 101.4°F is grave."),
    "cycle-length": ("A cycle is 28 days.", "You take it in each 21-day cycle."),
}
HERE, THERE = "who_should_take_it", "how_it_works"


@pytest.mark.parametrize("rule", CONTRADICTIONS)
def test_the_editor_leads_to_the_other_place(writer: Any, rule: str) -> None:
    first, second = CONTRADICTIONS[rule]
    page = make_monograph(by=writer)
    form = {name: value.replace(f"About {HERE}.", second) for name, value in form_of(page, first).items()}
    shown = BeautifulSoup(ask(writer, page, form).json()["places"][HERE], "html.parser")
    (button,) = shown.select(f"button[data-editor-show={THERE}]")
    assert str(button["data-editor-excerpt"]) in first


@pytest.mark.parametrize("rule", CONTRADICTIONS)
def test_the_review_leads_to_the_other_place(writer: Any, reviewer: Any, rule: str) -> None:
    first, second = CONTRADICTIONS[rule]
    page = make_monograph(by=writer)
    submission = submit(edit(page, writer, **{THERE: first, HERE: second}), writer)
    answer = as_user(reviewer).get(reverse("review:review", args=[submission.pk]))
    shown = BeautifulSoup(answer.content, "html.parser")
    (finding,) = shown.select(f"#section-{HERE} [data-rule={rule}]")
    (link,) = finding.select(".finding__other a")
    assert link["href"] == f"#section-{THERE}"
    assert shown.select_one(str(link["href"])) is not None
    advice = BeautifulSoup(as_user(writer).get(_submit_screen(writer)).content, "html.parser")
    assert not advice.select(".finding__other a[href^='#section-']"), "that screen has no sections"


def _submit_screen(writer: Any) -> str:
    page = make_monograph("otherumab", by=writer)
    first, second = CONTRADICTIONS["cycle-length"]
    edit(page, writer, **{THERE: first, HERE: second})
    return reverse("review:submit", args=[page.pk])


def test_a_field_of_the_page_is_in_the_section_on_the_page(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer, brand_names=["Testra"])
    submission = submit(edit(page, writer, **{HERE: "You get testumab as TESTRA."}), writer)
    answer = as_user(reviewer).get(reverse("review:review", args=[submission.pk]))
    shown = BeautifulSoup(answer.content, "html.parser")
    (finding,) = shown.select(f"#section-{HERE} [data-rule=brand-spelling]")
    assert [link["href"] for link in finding.select(".finding__other a")] == ["#section-page"]
    assert shown.select_one("#section-page") is not None


def test_a_place_on_another_page_is_where_patients_read_it(published_medicine: Any, writer: Any) -> None:
    client, key = as_user(writer), published_medicine.translation_key
    way = {
        anchor: client.get(reverse("review:public_place", args=[key, anchor])).headers["Location"]
        for anchor in (THERE, "brand_names")
    }
    path = f"/medicines/{published_medicine.slug}/"
    assert way == {THERE: f"{path}#how-it-works", "brand_names": path}
    assert client.get(path).status_code == 200
    draft = make_monograph("draftumab", by=writer)
    to_record = client.get(reverse("review:public_place", args=[draft.translation_key, THERE]))
    assert to_record.headers["Location"] == reverse("review:record", args=[draft.translation_key])


def test_a_brand_of_another_page_leads_there(writer: Any) -> None:
    other = make_monograph("otherumab", by=writer, brand_names=["Otra-Med"])
    page = make_monograph("mineumab", by=writer, brand_names=["OtraMed"])
    shown = BeautifulSoup(
        as_user(writer).get(reverse("review:submit", args=[page.pk])).content, "html.parser"
    )
    (finding,) = shown.select("[data-rule=brand-spelling]")
    links = [link["href"] for link in finding.select(".finding__other a")]
    assert links == [reverse("review:public_place", args=[other.translation_key, "brand_names"])]
