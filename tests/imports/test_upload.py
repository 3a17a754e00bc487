"""The import views, used like by a browser without JavaScript."""

import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from monographs.document import REQUIRED_SECTIONS
from monographs.editions.models import Contribution, LedgerEntry
from monographs.imports import signed_state
from monographs.imports.forms import MAX_FILES
from monographs.imports.models import ImportedText
from monographs.models import DrugClassPage, MonographPage
from tests.factories import make_monograph, make_user, submit
from tests.imports.conftest import count_everything, draft_of
from tests.imports.texts import TESTUMAB, sections_of
from tests.imports.word_files import page_in_word

pytestmark = pytest.mark.django_db

UPLOAD, DRAFTS = "/admin/import/", "/admin/import/drafts/"
CHOICE = re.compile(
    r'<div class="import-block__text">(.*?)</div>.*?<select name="([^"]+)".*?'
    r'<option value="([^"]*)" selected',
    re.DOTALL,
)
FIELD = re.compile(r'<input type="(?:text|hidden)" name="([^"]+)"(?: value="([^"]*)")?')


def file(content: str | bytes, name: str = "testumab.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def form_of(html: str) -> dict[str, str]:
    """The fields that a browser would send back unchanged."""
    fields = {name: unescape(value) for name, value in FIELD.findall(html) if name != "csrfmiddlewaretoken"}
    fields |= {name: value for _, name, value in CHOICE.findall(html)}
    areas = re.findall(r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', html, re.DOTALL)
    return fields | {name: unescape(words) for name, words in areas}


def place_field(html: str, words: str) -> str:
    """The name of the field that sets the section of the block with ``words``."""
    return next(name for text, name, _ in CHOICE.findall(html) if words in unescape(text))


@pytest.fixture
def browser(client: Client, writer: Any) -> Client:
    """A writer's browser."""
    client.force_login(writer)
    return client


def preview(browser: Client, *files: SimpleUploadedFile, **fields: Any) -> str:
    """The preview of some texts."""
    response = browser.post(UPLOAD, {"files": list(files), **fields})
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


def test_a_preview_shows_the_section_of_every_block_and_saves_nothing(browser):
    before = (*count_everything(), Contribution.objects.count(), LedgerEntry.objects.count())
    html = preview(browser, file(TESTUMAB))
    placed = {
        (unescape(re.sub(r"<[^>]+>|\s+", " ", text)).strip(), place)
        for text, _, place in CHOICE.findall(html)
    }
    assert ("Testumab finds sick cells.", "how_it_works") in placed
    assert ("Tiredness Cold hands".split(), "common_side_effects") in [(a.split(), b) for a, b in placed]
    assert ("Serious side effects can be a very high fever.", "serious_side_effects") in placed
    assert any(place == "" and "Download our App" in text for text, place in placed)
    assert 'value="testumab"' in html
    assert "A new page, as a draft: testumab" in html
    assert "New draft of the class “Example antibodies”" in html
    assert (*count_everything(), Contribution.objects.count(), LedgerEntry.objects.count()) == before


def test_only_create_saves_and_redirects_to_the_editor(browser, writer):
    html = preview(browser, file(page_in_word(), "testumab.docx"))
    moved = place_field(html, "It was tried with demozide.")
    sent = form_of(html) | {moved: "other_medicines"}
    before = count_everything()
    updated = browser.post(DRAFTS, sent | {"check": "1"})
    assert updated.status_code == 200
    assert count_everything() == before
    assert form_of(updated.content.decode())[moved] == "other_medicines"
    assert "This section is empty. It is required." in updated.content.decode()
    response = browser.post(DRAFTS, form_of(updated.content.decode()) | {"create": "1"})
    page = MonographPage.objects.get()
    assert response.url == reverse("wagtailadmin_pages:edit", args=[page.pk])
    document = draft_of("testumab").to_document()
    sections = sections_of(document)
    assert sections["other_medicines"] == "It was tried with demozide.".split()
    assert "commonly_tested_with" not in sections
    assert document.sources == ()
    assert {section.sources for section in document.sections} == {()}
    assert {c.username for c in Contribution.objects.filter(key=document.key)} == {"writer"}
    assert page.owner == writer


def test_unplaced_blocks_go_where_they_are_moved_and_others_are_left_out(browser):
    text = f"A word on the way.\n{TESTUMAB}"
    html = preview(browser, file(text))
    field = place_field(html, "A word on the way.")
    assert form_of(html)[field] == ""
    browser.post(DRAFTS, form_of(html) | {field: "how_it_works", "create": "1"})
    assert sections_of(draft_of("testumab").to_document())["how_it_works"] == (
        "Testumab finds sick cells. It marks them for the body. A word on the way.".split()
    )


def test_a_medicine_that_has_a_page_is_updated_only_with_consent(browser, writer):
    page = make_monograph("testumab", by=writer)
    html = preview(browser, file(TESTUMAB))
    assert "already has a page, and there is one page per medicine" in html
    refused = browser.post(DRAFTS, form_of(html) | {"create": "1"})
    assert refused.status_code == 400
    assert "Nothing was saved yet" in refused.content.decode()
    assert sections_of(draft_of("testumab").to_document())["how_it_works"] == ["About", "how_it_works."]
    made = browser.post(DRAFTS, form_of(html) | {"create": "1", "file0-updates": str(page.pk)})
    assert made.status_code == 302
    assert MonographPage.objects.count() == 1
    assert sections_of(draft_of("testumab").to_document())["how_it_works"][:2] == ["Testumab", "finds"]


def test_a_page_that_appears_meanwhile_is_not_changed_without_consent(browser, writer):
    html = preview(browser, file(TESTUMAB))
    make_monograph("testumab", by=writer)
    refused = browser.post(DRAFTS, form_of(html) | {"create": "1"})
    assert refused.status_code == 400
    assert "Put this text into the draft of testumab" in refused.content.decode()


def test_a_name_of_another_page_asks_for_consent_again(browser, writer):
    make_monograph("otherumab", by=writer)
    html = preview(browser, file(TESTUMAB))
    answer = browser.post(DRAFTS, form_of(html) | {"file0-name": "Otherumab", "create": "1"})
    assert answer.status_code == 400
    assert "Put this text into the draft of otherumab" in answer.content.decode()


def test_a_page_in_review_is_refused_with_what_to_do(browser, writer):
    submit(make_monograph("testumab", by=writer), writer)
    html = preview(browser, file(TESTUMAB))
    assert "This file cannot be imported: “testumab” is in review" in html
    assert browser.post(DRAFTS, form_of(html) | {"create": "1"}).status_code == 400


def test_two_files_for_one_medicine_make_no_two_pages_and_save_nothing(browser):
    html = preview(browser, file(TESTUMAB, "a.txt"), file(page_in_word(), "b.docx"))
    assert "like a.txt in the same run" in html
    assert browser.post(DRAFTS, form_of(html) | {"create": "1"}).status_code == 400
    assert not MonographPage.objects.exists()
    assert not DrugClassPage.objects.exists()
    made = browser.post(DRAFTS, form_of(html) | {"create": "1", "file1-skip": "on"})
    assert made.status_code == 302
    assert MonographPage.objects.count() == 1


def test_several_files_become_several_drafts(browser):
    other = TESTUMAB.replace("testumab", "otherumab").replace("Testumab", "Otherumab").replace("Testivo", "O")
    html = preview(browser, file(TESTUMAB), file(other, "otherumab.txt"))
    made = browser.post(DRAFTS, form_of(html) | {"create": "1"}, follow=True)
    assert set(MonographPage.objects.values_list("title", flat=True)) == {"testumab", "otherumab"}
    assert "“otherumab” was saved as a draft, from otherumab.txt." in made.content.decode()


def test_a_pasted_text_is_read_like_a_file(browser):
    html = preview(browser, text="How it works\nWell.", name="Testumab")
    browser.post(DRAFTS, form_of(html) | {"create": "1"})
    assert sections_of(draft_of("Testumab").to_document()) == {"how_it_works": ["Well."]}
    assert ImportedText.objects.get().file_name == "Pasted text"


def test_a_pasted_text_without_a_name_asks_for_one(browser):
    html = preview(browser, text="How it works\nWell.")
    assert "give the medicine&#x27;s generic name" in html
    answer = browser.post(DRAFTS, form_of(html) | {"create": "1"})
    assert answer.status_code == 400
    assert "This field is required" in answer.content.decode()
    assert not MonographPage.objects.exists()


def test_what_cannot_be_read_is_named_and_the_rest_is_previewed(browser):
    html = preview(browser, file(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old.docx"), file(TESTUMAB))
    assert "old.docx: This is an old Word file (.doc)" in html
    assert 'id="file-1">testumab.txt' in html


def test_nothing_typed_is_lost_when_nothing_can_be_read(browser):
    response = browser.post(UPLOAD, {"text": "No heading here,\nbut words.", "name": "testumab"})
    assert response.status_code == 400
    html = response.content.decode()
    assert "Pasted text: No heading of a medicine&#x27;s page was found" in html
    assert "No heading here,\nbut words." in html
    assert 'value="testumab"' in html


def test_an_empty_form_and_too_many_files_are_refused(browser):
    assert "Choose a file, or paste a text below." in browser.post(UPLOAD, {}).content.decode()
    many = [file("x", f"{n}.txt") for n in range(MAX_FILES + 1)]
    assert "Choose 20 at a time at most." in browser.post(UPLOAD, {"files": many}).content.decode()
    lines = file("How it works\n" + "Well.\n\n" * (signed_state.MAX_BLOCKS + 1))
    assert "more than 1,500 paragraphs" in browser.post(UPLOAD, {"files": [lines]}).content.decode()


@pytest.mark.parametrize("change", ["flip", "cut", "none", "other", "old"])
def test_a_preview_that_was_tampered_with_is_refused(browser, change, monkeypatch):
    sent = form_of(preview(browser, file(TESTUMAB)))
    sealed = sent["state"]
    tampered = {
        "flip": sealed[:40] + ("A" if sealed[40] != "A" else "B") + sealed[41:],
        "cut": sealed[:-3],
        "none": "",
        "other": sealed,
        "old": sealed,
    }
    if change == "other":
        browser.force_login(make_user("writer2", "Medical writers"))
    if change == "old":
        monkeypatch.setattr(signed_state, "MAX_AGE", -1)
    response = browser.post(DRAFTS, sent | {"state": tampered[change], "create": "1"})
    assert response.status_code == 400
    assert "hoose the files again" in response.content.decode()
    assert not MonographPage.objects.exists()


def test_a_place_that_does_not_exist_saves_nothing(browser):
    html = preview(browser, file(TESTUMAB))
    sent = form_of(html) | {place_field(html, "Testumab finds"): "no_such_place", "create": "1"}
    assert browser.post(DRAFTS, sent).status_code == 400
    assert not MonographPage.objects.exists()


def test_words_of_a_file_never_become_markup_of_the_screen(browser):
    html = preview(browser, file("How it works\nWell <img src=x onerror=alert(1)> <b>so</b>.", '"><i>.txt'))
    assert "<img src=x" not in html
    assert "<i>.txt" not in html


def test_only_users_who_may_add_medicines_can_import(client, site, reviewer, editor):
    client.force_login(reviewer)
    assert UPLOAD not in client.get("/admin/").content.decode()
    for answer in (client.get(UPLOAD), client.post(UPLOAD, {}), client.post(DRAFTS, {})):
        assert answer.status_code == 302
    assert "You may not add medicines" in client.get("/admin/").content.decode()
    client.force_login(editor)
    assert UPLOAD in client.get("/admin/").content.decode()
    index = Page.objects.get(slug="medicines")
    assert "Import texts" in client.get(f"/admin/pages/{index.pk}/").content.decode()
    assert client.get(DRAFTS).url == UPLOAD


def test_a_preview_asks_the_database_a_fixed_number_of_times(browser, django_assert_num_queries):
    """However long the text is: the same page, once short and once with two hundred paragraphs."""
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    preview(browser, file(TESTUMAB))
    with CaptureQueriesContext(connection) as short:
        preview(browser, file(TESTUMAB))
    long = TESTUMAB.replace("Testumab finds sick cells.", "Testumab finds sick cells.\n\n" * 200)
    with django_assert_num_queries(len(short)):
        preview(browser, file(long))


def test_every_required_section_is_shown_also_when_it_is_empty(browser):
    html = preview(browser, file("testumab (Testivo)\nHow it works\nWell."))
    assert html.count("This section is empty. It is required.") == len(REQUIRED_SECTIONS)
