"""The page of a medicine."""

import itertools
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from monographs.document import REQUIRED_SECTIONS, SECTION_HEADINGS
from monographs.document.parts import Advice, Companion, ConditionPart, DoDont, Urgency
from monographs.editions.models import ReviewKind
from tests.public import published
from tests.public.published import (
    condition,
    drug_class,
    home,
    key,
    monograph,
    publish,
    reference,
    sections,
    text,
)

PATH = "/medicines/testumab/"
#: Links to pages of other medicines, classes and conditions.
LINKS_TO_OTHER_PAGES = 'main a[href^="/"]:not([href*="editions"], [href*="leaflet"])'


def soup(client: Client, path: str = PATH) -> Any:
    return published.soup(client, path)


def test_a_monograph_takes_one_query(client: Client, django_assert_num_queries: Any) -> None:
    of, treats = drug_class(), condition()
    for document in (home(), of, treats):
        publish(document)
    publish(monograph(drug_class=reference(of), conditions=(reference(treats),)))
    with django_assert_num_queries(1):
        assert client.get(PATH).status_code == 200


def test_headings_are_the_documents_own_in_its_order(client: Client) -> None:
    publish(monograph())
    headings = [h.get_text(strip=True) for h in soup(client).select("main h2")]
    required = [SECTION_HEADINGS[s] for s in REQUIRED_SECTIONS]
    assert [h for h in headings if h in required] == required
    places = [headings.index(h) for h in ("Contents", "Most serious warnings", required[0])]
    assert places == sorted(places)
    assert headings[-2:] == ["Sources", "Who reviewed this page"]


def test_heading_levels_do_not_skip(client: Client) -> None:
    publish(monograph())
    levels = [int(h.name[1]) for h in soup(client).select("h1, h2, h3, h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_sections_have_stable_anchors_and_the_contents_lead_to_them(client: Client) -> None:
    publish(monograph())
    page = soup(client)
    ids = [element["id"] for element in page.select("[id]")]
    assert len(ids) == len(set(ids))
    assert {"how-it-works", "common-side-effects", "serious-side-effects", "boxed-warning"} <= set(ids)
    assert page.select_one("#serious-side-effects > .section__head h2").get_text() == "Serious side effects"
    assert all(a["href"][1:] in ids for a in page.select('a[href^="#"]'))


def test_sources_are_numbered_and_linked_both_ways(client: Client) -> None:
    publish(monograph())
    page = soup(client)
    assert [a["href"] for a in page.select("#how-it-works .section__sources a")] == ["#source-1", "#source-2"]
    assert [a.get_text() for a in page.select("#source-2 a")] == ["How it works"]


def test_urgency_is_shown_in_words_and_a_shape(client: Client) -> None:
    now = Urgency.CALL_911
    advice = Advice(urgency=now, urgency_label=now.label, html="<p>If you faint.</p>")
    publish(monograph(sections=sections(advice, DoDont(do=("Eat.",), dont=("Run.",)))))
    head = soup(client).select_one(".advice__head")
    assert head.get_text(strip=True) == "Call 911 now"
    assert head.select_one("use")["href"] == "#shape-call_911"


def test_the_signed_words_are_shown_unaltered(client: Client) -> None:
    publish(monograph(sections=sections(text("Take 5 mg for 28 days, or 0.5 mL."))))
    shown = soup(client).select_one("#how-it-works .text")
    assert shown.get_text() == "Take 5 mg for 28 days, or 0.5 mL."
    assert [a.get_text() for a in shown.select(".amount")] == ["5 mg", "28 days", "0.5 mL"]


def test_links_lead_where_the_page_is_public_and_are_text_where_not(client: Client) -> None:
    other, hidden = monograph("otherumab"), key()
    publish(other)
    publish(
        monograph(
            sections=sections(
                text(f'<p><a data-page="{other.key}">other</a> and <a data-page="{hidden}">secret</a></p>'),
                companions=(
                    Companion(name="otherumab", page=other.key),
                    Companion(name="hiddenumab", page=hidden),
                    Companion(name="water"),
                ),
            )
        )
    )
    page = soup(client)
    works = page.select_one("#how-it-works .text")
    assert str(works.p) == '<p><a href="/medicines/otherumab/">other</a> and secret</p>'
    assert [(dt.get_text(), bool(dt.a)) for dt in page.select(".companions dt")] == [
        ("otherumab", True),
        ("hiddenumab", False),
        ("water", False),
    ]


def test_class_and_conditions_are_links_once_published(client: Client) -> None:
    of, treats = drug_class(), condition()
    parts = ConditionPart(condition=treats.key, condition_name=treats.title, parts=(text("Only then."),))
    publish(monograph(drug_class=reference(of), conditions=(reference(treats),), sections=sections(parts)))
    assert not soup(client).select(LINKS_TO_OTHER_PAGES)
    publish(of)
    publish(treats)
    paths = [a["href"] for a in soup(client).select(LINKS_TO_OTHER_PAGES)]
    assert paths == [of.path, treats.path, treats.path]


def test_the_trust_panel_names_who_when_and_what_changed(client: Client) -> None:
    publish(monograph())
    panel = soup(client).select_one("#about-this-page").get_text(" ", strip=True)
    assert "Rosa Reviewer" in panel
    assert "PharmD" in panel
    assert "First edition." in panel
    assert re.search(r"[A-Z][a-z]+ \d{1,2}, 20\d\d", panel)
    assert "overdue" not in panel


def test_an_overdue_review_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monograph())
    tag = client.get(PATH)["ETag"]
    monkeypatch.setattr("monographs.public.queries.today", lambda: date(2099, 1, 1))
    response = client.get(PATH)
    assert b"This review is overdue." in response.content
    assert response["ETag"] != tag


def test_a_correction_says_that_the_review_date_stayed(client: Client) -> None:
    document = monograph()
    publish(document)
    publish(document.model_copy(update={"change_note": "Spelling."}), kind=ReviewKind.CORRECTION)
    assert "the review date did not change" in soup(client).select_one("#about-this-page").get_text()


def test_every_page_says_it_is_no_substitute_and_where_to_report(client: Client) -> None:
    publish(monograph())
    words = soup(client).select_one(".disclaimer")
    assert "not a substitute for your care team" in words.get_text()
    assert words.select_one('a[href="https://www.fda.gov/medwatch"]')
    assert "1-800-FDA-1088" in words.get_text()


def test_demonstration_content_is_marked(client: Client) -> None:
    publish(monograph())
    assert not soup(client).select(".demonstration")
    publish(monograph("demumab", demonstration=True))
    assert soup(client, "/medicines/demumab/").select(".demonstration")


def test_markup_in_texts_is_escaped(client: Client) -> None:
    evil = '"><script>alert(1)</script>'
    publish(
        monograph(
            title=evil,
            slug="testumab",
            brand_names=(evil,),
            summary=evil,
            pronunciation=evil,
            change_note=evil,
            routes=(evil,),
            sections=sections(DoDont(do=(evil,)), companions=(Companion(name=evil, why=evil),)),
        )
    )
    publish(home(organisation=evil, notice=evil))
    for path in (PATH, "/", "/medicines/", "/search/?q=script", f"/search/?q={evil}", f"{PATH}editions/"):
        content = client.get(path).content
        own = (b"suggest", b"share")
        for ours in (
            b'<script type="application/ld+json">',
            *(b'<script src="/static/js/' + name + b'.js" defer></script>' for name in own),
        ):
            content = content.replace(ours, b"", 1)
        assert b"<script" not in content
        assert content.count(b"</script") <= 1
