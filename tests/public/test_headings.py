"""Heading levels: one title, and no level skipped (WCAG 1.3.1)."""

import re
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from django.test import Client
from hypothesis import HealthCheck, given, settings

from monographs.document import SectionType
from monographs.document.models import BaseDocument
from monographs.document.parts import Advice, ConditionPart, DoDont, Effect, Effects, Frequency, Text, Urgency
from monographs.document.render_context import RenderContext
from monographs.editions.models import Edition
from monographs.public.document_html import shift_headings
from monographs.styleguide.documents import MONOGRAPH
from tests.document.strategies import monographs
from tests.public.full_document import PAGES, publish_everything
from tests.public.published import information, key, monograph, publish, section, soup, text

S = SectionType


def levels(page: Any) -> list[int]:
    """Return the levels of the headings in the main element, in reading order."""
    return [int(heading.name[1]) for heading in page.main.find_all(re.compile("^h[1-6]$"))]


def repeated(page: Any) -> list[tuple[str, ...]]:
    """Return the headings of the main element that stand twice below the same heading, as their paths."""
    path: list[str] = []
    seen: list[tuple[str, ...]] = []
    for heading in page.main.find_all(re.compile("^h[1-6]$")):
        path[int(heading.name[1]) - 1 :] = [" ".join(heading.get_text(" ").split())]
        seen.append(tuple(path))
    return [each for each, count in Counter(seen).items() if count > 1]


def outline(document: BaseDocument) -> list[tuple[int, str]]:
    """Return level and text of each heading of a document's page."""
    context = RenderContext(document)
    page = BeautifulSoup(render_to_string(context.template, context.as_template_context()), "html.parser")
    headings = page.main.find_all(re.compile("^h[1-6]$"))
    return [(int(each.name[1]), " ".join(each.get_text(" ").split())) for each in headings]


def assert_outline(document: BaseDocument) -> None:
    found = [level for level, _ in outline(document)]
    assert found[0] == 1
    assert found.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(found)), outline(document)


def effect(name: str, frequency: Frequency | None = None, urgency: Urgency | None = None) -> Effect:
    return Effect(
        name=name,
        frequency=frequency,
        frequency_label=frequency.label if frequency else "",
        urgency=urgency,
        urgency_label=urgency.label if urgency else "",
    )


def test_what_one_listens_for_is_a_heading_at_its_level() -> None:
    now = Urgency.CALL_911
    document = monograph(
        sections=(
            section(
                S.BOXED_WARNING, Advice(urgency=now, urgency_label=now.label, html="<p>If you faint.</p>")
            ),
            section(
                S.HOW_IT_IS_ADMINISTERED,
                DoDont(do=("Eat.",), dont=("Run.",)),
                ConditionPart(
                    condition=key(),
                    condition_name="Testitis",
                    parts=(
                        Text(html="<h3>How often</h3><p>Daily.</p>"),
                        Advice(
                            urgency=now, urgency_label=now.label, html="<h4>Signs</h4><p>If you faint.</p>"
                        ),
                    ),
                ),
            ),
            section(
                S.COMMON_SIDE_EFFECTS,
                Effects(group="common", items=(effect("Itch", Frequency.COMMON), effect("Rash"))),
                Effects(group="serious", heading="Serious side effects", items=(effect("Seizure"),)),
            ),
            section(S.WHO_SHOULD_TAKE_IT, text("Adults.")),
        )
    )
    assert outline(document)[: -len(("Sources",))] == [
        (1, "testumab"),
        (2, "Contents"),
        (2, "Most serious warnings"),
        (3, "Call 911 now"),
        (2, "How it is administered"),
        (3, "Do"),
        (3, "Do not"),
        (3, "Only for: Testitis"),
        (4, "How often"),
        (4, "Call 911 now"),
        (5, "Signs"),
        (2, "Common side effects"),
        (3, "Common: up to 1 in 10 people"),
        (4, "Itch"),
        (3, "How often is not stated"),
        (4, "Rash"),
        (2, "Serious side effects"),
        (3, "Seizure"),
        (2, "Who should take it"),
    ]


def test_the_sample_of_the_style_guide_has_a_right_outline() -> None:
    assert_outline(MONOGRAPH)


@pytest.mark.all_examples
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(monographs)
def test_any_document_has_a_right_outline_and_each_id_once(document: BaseDocument) -> None:
    assert_outline(document)
    context = RenderContext(document)
    page = BeautifulSoup(render_to_string(context.template, context.as_template_context()), "html.parser")
    # Sources keep the number they were signed with
    ids = [element["id"] for element in page.select("[id]:not(.sources li)")]
    assert len(ids) == len(set(ids))
    targets = {a["href"][1:] for a in page.select('nav a[href^="#"]')}
    assert targets <= set(ids)


@pytest.mark.extended
def test_all_demonstration_pages_have_a_right_outline(demonstration: Any) -> None:
    documents = [edition.document for edition in Edition.objects.all()]
    assert len(documents) > 20
    for document in documents:
        assert_outline(document)


@pytest.mark.django_db
def test_no_public_page_skips_a_level(client: Client) -> None:
    publish_everything()
    skipping = {}
    for path in PAGES:
        found = levels(soup(client, path))
        assert found[0] == 1, path
        assert found.count(1) == 1, path
        if any(after > before + 1 for before, after in pairwise(found)):
            skipping[path] = found
    assert not skipping


@pytest.mark.django_db
def test_what_to_do_is_a_heading_of_a_page_that_is_gone(client: Client) -> None:
    publish_everything()
    headings = soup(client, "/medicines/goneumab/").main.find_all(re.compile("^h[1-6]$"))
    assert [(each.name, each.get_text()) for each in headings] == [
        ("h1", "goneumab: this page was withdrawn"),
        ("h2", "What to do"),
    ]


@pytest.mark.django_db
def test_no_public_page_says_a_heading_twice_below_the_same_one(client: Client) -> None:
    publish_everything()
    for path in PAGES:
        assert repeated(soup(client, path)) == [], path


@pytest.mark.django_db
@pytest.mark.parametrize("renamed", [False, True])
def test_a_comparison_says_the_heading_of_a_section_once_unless_it_changed(
    client: Client, renamed: bool
) -> None:
    medicine = monograph(sections=(section(S.HOW_IT_WORKS, text("It wakes T cells.")),))
    publish(medicine)
    added = section(S.WHO_SHOULD_TAKE_IT, text("Adults."))
    changed = section(S.HOW_IT_WORKS, text("It wakes B cells."))
    if renamed:
        changed = changed.model_copy(update={"heading": "What it does"})
    publish(medicine.model_copy(update={"sections": (changed, added)}))
    page = soup(client, "/medicines/testumab/changes/1/2/")
    assert any("Adults." in words.get_text() for words in page.select(".redline__words"))
    assert page.main.get_text().count("Who should take it") == 1
    labels = {label.get_text() for label in page.select(".redline__label")}
    assert ("Heading" in labels) is renamed


@pytest.mark.django_db
def test_headings_of_a_page_without_sections_stand_right_below_its_title(client: Client) -> None:
    publish(information(body=(text("<h3>How</h3><p>Plainly.</p><h4>With whom</h4><p>Nurses.</p>"),)))
    assert levels(soup(client, "/about/how-we-write/"))[:3] == [1, 2, 3]


@pytest.mark.parametrize(
    ("top", "source", "placed"),
    [
        (3, "<h3>A</h3><h4>B</h4>", "<h3>A</h3><h4>B</h4>"),
        (2, "<h3>A</h3><h4>B</h4><h3>C</h3>", "<h2>A</h2><h3>B</h3><h2>C</h2>"),
        (3, "<h4>A</h4><h3>B</h3><h4>C</h4>", "<h3>A</h3><h3>B</h3><h4>C</h4>"),
        (2, "<p>h3 &lt;h3&gt;</p>", "<p>h3 &lt;h3&gt;</p>"),
    ],
)
def test_writers_two_levels_become_those_of_their_place(top: int, source: str, placed: str) -> None:
    assert shift_headings(top, source) == placed
