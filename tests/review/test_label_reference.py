"""What the label says beside a section of the editor: its newest stored version, read only."""

from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monographs.document import SectionType
from monographs.label_watch.models import FollowedLabel
from monographs.label_watch.storage import store_label
from monographs.label_watch.stored_labels import label_of
from monographs.labels import read_label
from monographs.models import MonographPage
from monographs.review.editor.label_reference import label_address, sections_for
from tests.conftest import as_user
from tests.factories import edit, make_monograph, submit
from tests.label_watch.label_service import SET_IDS
from tests.labels.label_sources import openfda, section, spl

pytestmark = pytest.mark.django_db
ONE, OTHER = SET_IDS[:2]

TABLE = (
    "<table><caption>Effects</caption><tbody><tr><td colspan='2'>Fever</td><td>60%</td></tr></tbody></table>"
)


def store(version: int, *, set_id: str = ONE, words: str = "Do not give it to cats.") -> None:
    data = spl(
        section("34070-3", "4 Contraindications", f"<paragraph>{words} &lt;b&gt;</paragraph>"),
        section(
            "34084-4",
            "6 Adverse reactions",
            "<list><item>Cold hands.</item></list>",
            inside=[section("90374-0", "6.1 Trials", TABLE), section("42229-5", "6.2 More", "Hiccups.")],
        ),
        section("42231-1", "Medication guide", "<paragraph>Ask your doctor.</paragraph>"),
        version=str(version),
        set_id=set_id,
    )
    store_label(data, read_label(data), "here")


def ask(user: Any, page: MonographPage, section_type: str) -> Any:
    return as_user(user).get(reverse("review:editor:label", args=[page.pk, section_type]))


def said(user: Any, page: MonographPage, section_type: str) -> str:
    answer = ask(user, page, section_type)
    assert answer.status_code == 200
    html: str = answer.json()["html"]
    return html


def test_each_section_shows_its_own_codes_of_the_newest_version(writer):
    page = make_monograph(by=writer, label_set_id=ONE.upper(), label_version="3")
    for version in (3, 10, 4):
        store(version, words=f"Do not give {version} to cats.")
    html = said(writer, page, "who_should_not_take_it")
    assert "Do not give 10 to cats. &lt;b&gt;" in html
    assert "Reference, not for copying" in html
    assert "version 10, January 31, 2024" in html
    assert "Cold hands" not in html
    effects = said(writer, page, "common_side_effects")
    for words in (
        "Cold hands.",
        '<td colspan="2">Fever</td>',
        "60%",
        "<caption>Effects</caption>",
        "Hiccups.",
    ):
        assert words in effects
    assert "Ask your doctor" not in effects
    assert "no section that “How it works” rests on" in said(writer, page, "how_it_works")


def test_the_text_of_openfda_has_a_paragraph_for_each_of_its_parts():
    text = "4 CONTRAINDICATIONS Not for cats. Never. 4.1 Dogs Not for dogs &lt;2 kg. • Not for mice."
    [shown] = sections_for(openfda(contraindications=unescape(text)), SectionType.WHO_SHOULD_NOT_TAKE_IT)
    assert [block.html for block in shown.blocks] == [
        "<p>4 CONTRAINDICATIONS Not for cats. Never.</p>"
        "<p>4.1 Dogs Not for dogs &lt;2 kg.</p><p>• Not for mice.</p>"
    ]


def test_labels_that_a_page_follows_or_its_newest_draft_names_are_shown(writer):
    page = make_monograph(by=writer)
    assert label_address(page) == ""
    FollowedLabel.objects.create(key=page.translation_key, set_id=OTHER)
    assert label_address(page) == f"/admin/review/editor/{page.pk}/label/section/"
    assert "is stored yet" in said(writer, page, "who_should_not_take_it")
    store(2, set_id=OTHER)
    assert "version 2" in said(writer, page, "who_should_not_take_it")
    edit(page, writer, label_set_id=ONE)
    store(5)
    html = said(writer, page, "who_should_not_take_it")
    assert html.index("version 5") < html.index("version 2")


class _Tags(HTMLParser):
    """The elements of a piece of HTML, and the names of their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_the_label_brings_no_field_script_or_style_into_the_form(writer):
    page = make_monograph(by=writer, label_set_id=ONE)
    store(3)
    found = _Tags(said(writer, page, "common_side_effects"))
    assert found.tags <= {
        "p", "strong", "div", "section", "table", "caption", "tbody", "tr", "td", "th", "ul", "li",
    }  # fmt: skip
    assert found.attributes <= {"class", "tabindex", "role", "aria-label", "colspan", "rowspan"}


def test_a_section_costs_the_same_few_queries_however_many_labels_are_followed(writer):
    page = make_monograph(by=writer, label_set_id=ONE)
    client = as_user(writer)

    def queries(section_type: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("review:editor:label", args=[page.pk, section_type]))
        return len(captured)

    store(3)
    label_of.cache_clear()
    queries("who_should_not_take_it")
    once = queries("who_should_not_take_it")
    assert queries("common_side_effects") == once
    for set_id in SET_IDS[1:3]:
        store(1, set_id=set_id)
        FollowedLabel.objects.create(key=page.translation_key, set_id=set_id)
    queries("who_should_not_take_it")
    assert queries("who_should_not_take_it") == once
    assert once <= 14


def test_only_who_may_edit_the_page_reads_it_there(writer, reviewer, client):
    page = make_monograph(by=writer, label_set_id=ONE)
    store(3)
    address = reverse("review:editor:label", args=[page.pk, "how_it_works"])
    assert client.get(address).status_code == 302
    assert as_user(writer).get(address.replace("how_it_works", "how_it_hurts")).status_code == 404
    assert as_user(writer).post(address).status_code == 405
    submit(page, writer)
    assert ask(writer, page, "who_should_not_take_it").status_code == 200
