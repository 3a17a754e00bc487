"""Choices in the preview: which page, remarks undone, words taken in, structure accepted."""

from html import unescape
from typing import Any

import pytest
from django.test import Client

from monographs.document import SectionType
from monographs.imports.models import ImportedText
from monographs.imports.parsed_text import (
    ListItem,
    Markup,
    ParsedList,
    ParsedMonograph,
    ParsedParagraph,
    ParsedTable,
)
from monographs.imports.provenance import Provenance
from monographs.imports.remarks import Remark, RemarkKind
from monographs.imports.signed_state import ReadFile, sign_state
from monographs.models import MonographPage
from tests.factories import make_group, make_monograph, make_user
from tests.imports.conftest import count_everything, draft_of
from tests.imports.test_upload import DRAFTS, file, form_of, preview
from tests.imports.texts import TESTUMAB, sections_of

pytestmark = pytest.mark.django_db
S = SectionType


@pytest.fixture
def browser(client: Client, writer: Any) -> Client:
    """A writer's browser."""
    client.force_login(writer)
    return client


def remarked() -> ParsedMonograph:
    """A text with every kind of remark, a table, side effects and references."""
    return ParsedMonograph(
        name="testumab",
        markup=Markup.PLAIN,
        sections={
            S.HOW_IT_IS_ADMINISTERED: [
                ParsedParagraph(
                    "Take 12 tablets of 5 mg.",
                    remarks=[
                        Remark(
                            RemarkKind.CHANGED,
                            "An invisible hyphen was removed.",
                            "1-2",
                            "12",
                            "Take 1-2 tablets of 5 mg.",
                        ),
                        Remark(RemarkKind.OMITTED, "Struck words were left out.", "Take 50 mg."),
                    ],
                ),
                ParsedTable([["Day", "Dose"], ["1", "0.5 mg"]], caption="Doses"),
            ],
            S.HOW_IT_WORKS: [
                ParsedParagraph("It helps [1]."),
                ParsedParagraph(
                    "Dose", remarks=[Remark(RemarkKind.UNSURE, "This line looks like a heading.", "Dose")]
                ),
            ],
            S.COMMON_SIDE_EFFECTS: [ParsedList([ListItem("Fever (very common)"), ListItem("Rash (62%)")])],
            S.COMMONLY_TESTED_WITH: [
                ParsedParagraph("References"),
                ParsedList([ListItem("The label, https://example.org/label")]),
            ],
        },
        serious=[ParsedList([ListItem("Fits: call 911.")])],
        remarks=[Remark(RemarkKind.OMITTED, "The words of a picture were left out.", "Keep it cold.")],
    )  # fmt: skip


def state_of(user: Any, parsed: ParsedMonograph | None = None) -> dict[str, str]:
    origin = Provenance("testumab.docx", "0" * 64, 9, preview="once")
    return {"state": sign_state([ReadFile("testumab.docx", parsed or remarked(), origin)], user)}


def shown(browser: Client, writer: Any, **fields: str) -> str:
    names = {"file0-name": "testumab", "check": "1"}
    response = browser.post(DRAFTS, state_of(writer) | names | fields)
    return unescape(response.content.decode())


def create(browser: Client, writer: Any, **fields: str) -> Any:
    return browser.post(DRAFTS, state_of(writer) | {"file0-name": "testumab", "create": "1"} | fields)


def test_remarks_are_shown_at_the_block_and_on_top(browser, writer):
    html = shown(browser, writer)
    top, _, blocks = html.partition("How it is administered")
    assert "The words of a picture were left out." in top
    assert "An invisible hyphen was removed." in blocks
    assert "This line looks like a heading." in blocks
    assert "4 remarks" in html
    assert "Read as plain text" in html
    assert '<caption>Doses</caption><tr><th scope="col">Day</th>' in html


def test_a_remark_is_undone_and_the_choice_survives(browser, writer):
    html = shown(browser, writer, **{"file0-undo-0-0": "on"})
    assert "<p>Take 1-2 tablets of 5 mg.</p>" in html
    assert 'name="file0-undo-0-0" id="id_file0-undo-0-0" data-updates\n             checked' in html
    wrong = browser.post(DRAFTS, state_of(writer) | {"file0-name": "", "file0-undo-0-0": "on", "create": "1"})
    assert wrong.status_code == 400
    assert "Take 1-2 tablets of 5 mg." in wrong.content.decode()


def test_the_draft_has_what_was_chosen(browser, writer):
    choices = {
        "file0-undo-0-0": "on",  # the hyphen
        "file0-undo-0-1": "on",  # the struck words
        "file0-place-8": "how_it_works",  # the picture's words
        "file0-accept-4": "on",
        "file0-accept-6": "on",
        "file0-accept-7": "on",
    }
    assert create(browser, writer, **choices).status_code == 302
    document = draft_of("testumab").to_document()
    sections = {section.type.value: section for section in document.sections}
    words = sections_of(document)
    assert " ".join(words["how_it_is_administered"]).startswith("Take 1-2 tablets of 5 mg. Take 50 mg.")
    assert " ".join(words["how_it_works"]) == "It helps [1]. Dose Keep it cold."
    common, serious = sections["common_side_effects"].parts
    assert [(e.name, e.frequency) for e in common.items] == [("Fever", "very_common"), ("Rash (62%)", None)]
    assert [(e.name, e.urgency, e.what_to_do) for e in serious.items] == [("Fits", "call_911", "Call 911.")]
    assert [(s.title, s.address) for s in document.sources] == [("The label", "https://example.org/label")]
    assert sections["how_it_works"].sources == (1,)
    assert [remark["quote"] for remark in ImportedText.objects.get().remarks] == ["62%", "Dose"]


def test_what_is_not_chosen_stays_as_it_is_written(browser, writer):
    assert create(browser, writer).status_code == 302
    document = draft_of("testumab").to_document()
    words = sections_of(document)
    assert " ".join(words["how_it_is_administered"]).startswith("Take 12 tablets of 5 mg.")
    assert "cold." not in str(words)
    assert document.sources == ()
    effects = {e.name: e for s in document.sections for p in s.parts for e in getattr(p, "items", ())}
    assert set(effects) == {"Fever (very common)", "Rash (62%)", "Fits: call 911."}
    assert not any(e.frequency or e.urgency for e in effects.values())


def test_all_offers_are_accepted_with_one_button(browser, writer):
    html = shown(browser, writer, **{"accept-all": "0"})
    assert html.count("import-offer--accepted") == 3
    assert "Very common: more than 1 in 10 people" in html
    assert "This is none of the fixed bands" in html


def test_a_preview_is_imported_once(browser, writer):
    assert create(browser, writer).status_code == 302
    page = MonographPage.objects.get()
    before = count_everything()
    again = create(browser, writer, **{"file0-updates": str(page.pk)})
    assert again.status_code == 400
    assert "it was already imported from this preview" in again.content.decode()
    assert count_everything() == before


def test_remarks_can_be_read_in_the_editor_until_they_are_dismissed(browser, writer):
    create(browser, writer)
    page, text = MonographPage.objects.get(), ImportedText.objects.get()
    address = f"/admin/import/origin/{page.translation_key}/"
    editor = browser.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert "Origin of the text" in editor
    assert "4 remarks to read." in editor
    assert address in browser.get(f"/admin/review/record/{page.translation_key}/").content.decode()
    origin = browser.get(address).content.decode()
    assert "An invisible hyphen was removed." in origin
    assert "0" * 64 in origin
    browser.post(address, {"text": text.pk})
    origin = browser.get(address).content.decode()
    assert "An invisible hyphen was removed." not in origin
    assert "dismissed by Writer Tester" in origin


def test_only_who_may_edit_dismisses_remarks(client, writer, reviewer, browser):
    create(browser, writer)
    text = ImportedText.objects.get()
    make_group("Readers")
    client.force_login(make_user("reader", "Readers"))
    client.post(f"/admin/import/origin/{text.key}/", {"text": text.pk})
    assert ImportedText.objects.get().dismissed_at is None


def test_a_similar_page_must_be_chosen_or_refused(browser, writer):
    other = make_monograph("vexarubicin", by=writer, brand_names=["Vexa"])
    text = TESTUMAB.replace("testumab (Testivo)", "vexarubicin (liposomal) (Lipovexa)")
    html = preview(browser, file(text))
    assert "No page is called “vexarubicin (liposomal)”" in unescape(html)
    assert " checked" not in html[html.index("Which medicine is this?") : html.index("</fieldset>")]
    before = count_everything()
    assert browser.post(DRAFTS, form_of(html) | {"create": "1"}).status_code == 400
    assert count_everything() == before
    made = browser.post(DRAFTS, form_of(html) | {"create": "1", "file0-updates": "new"})
    assert made.status_code == 302
    assert draft_of("vexarubicin (liposomal)").brand_names == ["Lipovexa"]
    assert sections_of(draft_of("vexarubicin").to_document())["how_it_works"] == ["About", "how_it_works."]
    assert MonographPage.objects.get(pk=other.pk).brand_names == ["Vexa"]


def test_the_preview_says_whose_work_is_replaced(browser, writer):
    writer2 = make_user("writer2", "Medical writers")
    page = make_monograph("testumab", by=writer2)
    html = shown(browser, writer, **{"file0-updates": str(page.pk)})
    assert "It replaces unpublished work of Writer2 Tester." in html


def test_a_text_is_read_again_as_markdown_or_plain(browser):
    text = "testumab (Testivo)\n\nHow it works\n\nIt *helps* you.\n"
    html = preview(browser, file(text, "testumab.txt"))
    assert "Read as plain text" in html
    assert "It *helps* you." in html
    again = browser.post(DRAFTS, form_of(html) | {"read-again": "0 markdown"}).content.decode()
    assert "Read as Markdown" in again
    assert "<em>helps</em>" in again or "<i>helps</i>" in again
    back = browser.post(DRAFTS, form_of(again) | {"read-again": "0 plain"}).content.decode()
    assert "It *helps* you." in back


@pytest.mark.parametrize("value", ["9 markdown", "x markdown", "0 html", "", "0"])
def test_reading_again_in_an_impossible_way_changes_nothing(browser, value):
    html = preview(browser, file(TESTUMAB))
    again = browser.post(DRAFTS, form_of(html) | {"read-again": value})
    assert again.status_code == 200
    assert "Read as plain text" in again.content.decode()
