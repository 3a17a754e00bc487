"""The upload screens, as a browser without script uses them."""

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
from monographs.models import DrugClassPage, MonographPage
from tests.factories import make_monograph, make_user, submit
from tests.imports.conftest import count_everything, draft_of
from tests.imports.texts import TESTUMAB, sections_of
from tests.imports.word_files import page_in_word

pytestmark = pytest.mark.django_db

UPLOAD, DRAFTS = "/admin/import/", "/admin/import/drafts/"
CHOICE = re.compile(
    r'<div class="importing-piece__text">(.*?)</div>.*?<select name="([^"]+)".*?'
    r'<option value="([^"]*)" selected',
    re.DOTALL,
)
FIELD = re.compile(r'<input type="(?:text|hidden)" name="([^"]+)"(?: value="([^"]*)")?')


def file(content: str | bytes, name: str = "testumab.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def form_of(html: str) -> dict[str, str]:
    """What a browser would send back, untouched."""
    fields = {name: unescape(value) for name, value in FIELD.findall(html) if name != "csrfmiddlewaretoken"}
    fields |= {name: value for _, name, value in CHOICE.findall(html)}
    areas = re.findall(r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', html, re.DOTALL)
    return fields | {name: unescape(words) for name, words in areas}


def piece(html: str, words: str) -> str:
    """The field that moves the piece with ``words``."""
    return next(name for text, name, _ in CHOICE.findall(html) if words in unescape(text))


@pytest.fixture
def desk(client: Client, writer: Any) -> Client:
    """A writer's browser."""
    client.force_login(writer)
    return client


def preview(desk: Client, *files: SimpleUploadedFile, **fields: Any) -> str:
    """The preview of some texts."""
    response = desk.post(UPLOAD, {"files": list(files), **fields})
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


def test_a_preview_shows_where_everything_lands_and_writes_nothing(desk):
    before = (*count_everything(), Contribution.objects.count(), LedgerEntry.objects.count())
    html = preview(desk, file(TESTUMAB))
    landed = {
        (unescape(re.sub(r"<[^>]+>|\s+", " ", text)).strip(), place)
        for text, _, place in CHOICE.findall(html)
    }
    assert ("Testumab finds sick cells.", "how_it_works") in landed
    assert ("Tiredness Cold hands".split(), "common_side_effects") in [(a.split(), b) for a, b in landed]
    assert ("Serious side effects can be a very high fever.", "serious_side_effects") in landed
    assert any(place == "" and "Download our App" in text for text, place in landed)
    assert 'value="testumab"' in html
    assert "A new page, as a draft: testumab" in html
    assert "New draft of the class “Example antibodies”" in html
    assert (*count_everything(), Contribution.objects.count(), LedgerEntry.objects.count()) == before


def test_only_creating_writes_and_leads_to_the_editor(desk, writer):
    html = preview(desk, file(page_in_word(), "testumab.docx"))
    moved = piece(html, "It was tried with demozide.")
    sent = form_of(html) | {
        moved: "other_medicines",
        "file0-source_title": "The label",
        "file0-publisher": "FDA",
    }
    before = count_everything()
    looked = desk.post(DRAFTS, sent | {"check": "1"})
    assert looked.status_code == 200
    assert count_everything() == before
    assert form_of(looked.content.decode())[moved] == "other_medicines"
    assert "Nothing lands here. This section is required." in looked.content.decode()
    response = desk.post(DRAFTS, form_of(looked.content.decode()) | {"create": "1"})
    page = MonographPage.objects.get()
    assert response.url == reverse("wagtailadmin_pages:edit", args=[page.pk])
    document = draft_of("testumab").to_document()
    sections = sections_of(document)
    assert sections["other_medicines"] == "It was tried with demozide.".split()
    assert "commonly_tested_with" not in sections
    assert [(s.title, s.publisher) for s in document.sources] == [("The label", "FDA")]
    assert {section.sources for section in document.sections} == {(1,)}
    assert {c.username for c in Contribution.objects.filter(key=document.key)} == {"writer"}
    assert page.owner == writer


def test_leftovers_land_where_they_are_put_and_others_stay_out(desk):
    text = f"A word on the way.\n{TESTUMAB}"
    html = preview(desk, file(text))
    field = piece(html, "A word on the way.")
    assert form_of(html)[field] == ""
    desk.post(DRAFTS, form_of(html) | {field: "how_it_works", "create": "1"})
    assert sections_of(draft_of("testumab").to_document())["how_it_works"] == (
        "Testumab finds sick cells. It marks them for the body. A word on the way.".split()
    )


def test_a_medicine_that_has_a_page_is_updated_only_when_that_is_asked(desk, writer):
    page = make_monograph("testumab", by=writer)
    html = preview(desk, file(TESTUMAB))
    assert "has a page already, and there is one page for a medicine" in html
    refused = desk.post(DRAFTS, form_of(html) | {"create": "1"})
    assert refused.status_code == 400
    assert "Nothing was saved yet" in refused.content.decode()
    assert sections_of(draft_of("testumab").to_document())["how_it_works"] == ["About", "how_it_works."]
    made = desk.post(DRAFTS, form_of(html) | {"create": "1", "file0-updates": str(page.pk)})
    assert made.status_code == 302
    assert MonographPage.objects.count() == 1
    assert sections_of(draft_of("testumab").to_document())["how_it_works"][:2] == ["Testumab", "finds"]


def test_a_page_that_appears_meanwhile_is_not_written_to_unasked(desk, writer):
    html = preview(desk, file(TESTUMAB))
    make_monograph("testumab", by=writer)
    refused = desk.post(DRAFTS, form_of(html) | {"create": "1"})
    assert refused.status_code == 400
    assert "Put this text into the draft of testumab" in refused.content.decode()


def test_a_name_that_leads_to_another_page_asks_again(desk, writer):
    make_monograph("otherumab", by=writer)
    html = preview(desk, file(TESTUMAB))
    answer = desk.post(DRAFTS, form_of(html) | {"file0-name": "Otherumab", "create": "1"})
    assert answer.status_code == 400
    assert "Put this text into the draft of otherumab" in answer.content.decode()


def test_a_page_in_review_is_refused_with_the_way_out(desk, writer):
    submit(make_monograph("testumab", by=writer), writer)
    html = preview(desk, file(TESTUMAB))
    assert "It cannot become a draft: “testumab” is in review" in html
    assert desk.post(DRAFTS, form_of(html) | {"create": "1"}).status_code == 400


def test_two_files_for_one_medicine_make_no_two_pages_and_save_nothing(desk):
    html = preview(desk, file(TESTUMAB, "a.txt"), file(page_in_word(), "b.docx"))
    assert "as a.txt in the same run is" in html
    assert desk.post(DRAFTS, form_of(html) | {"create": "1"}).status_code == 400
    assert not MonographPage.objects.exists()
    assert not DrugClassPage.objects.exists()
    made = desk.post(DRAFTS, form_of(html) | {"create": "1", "file1-skip": "on"})
    assert made.status_code == 302
    assert MonographPage.objects.count() == 1


def test_several_files_become_several_drafts(desk):
    other = TESTUMAB.replace("testumab", "otherumab").replace("Testumab", "Otherumab").replace("Testivo", "O")
    html = preview(desk, file(TESTUMAB), file(other, "otherumab.txt"))
    made = desk.post(DRAFTS, form_of(html) | {"create": "1"}, follow=True)
    assert set(MonographPage.objects.values_list("title", flat=True)) == {"testumab", "otherumab"}
    assert "“otherumab” is a draft now, from otherumab.txt." in made.content.decode()


def test_a_pasted_text_is_read_like_a_file(desk):
    html = preview(desk, text="How it works\nWell.", name="Testumab")
    desk.post(DRAFTS, form_of(html) | {"create": "1"})
    assert sections_of(draft_of("Testumab").to_document()) == {"how_it_works": ["Well."]}
    assert draft_of("Testumab").to_document().sources[0].title == "Pasted text"


def test_a_pasted_text_without_a_name_asks_for_one(desk):
    html = preview(desk, text="How it works\nWell.")
    assert "give the medicine&#x27;s generic name" in html
    answer = desk.post(DRAFTS, form_of(html) | {"create": "1"})
    assert answer.status_code == 400
    assert "This field is required" in answer.content.decode()
    assert not MonographPage.objects.exists()


def test_what_cannot_be_read_is_named_and_the_rest_goes_on(desk):
    html = preview(desk, file(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old.docx"), file(TESTUMAB))
    assert "old.docx: This is an old Word file (.doc)" in html
    assert 'id="file-1">testumab.txt' in html


def test_nothing_typed_is_lost_when_nothing_can_be_read(desk):
    response = desk.post(UPLOAD, {"text": "No heading here,\nbut words.", "name": "testumab"})
    assert response.status_code == 400
    html = response.content.decode()
    assert "Pasted text: No heading of a medicine&#x27;s page was found" in html
    assert "No heading here,\nbut words." in html
    assert 'value="testumab"' in html


def test_nothing_at_all_and_too_much_are_said(desk):
    assert "Choose a file, or paste a text below." in desk.post(UPLOAD, {}).content.decode()
    many = [file("x", f"{n}.txt") for n in range(MAX_FILES + 1)]
    assert "Choose 20 at a time at most." in desk.post(UPLOAD, {"files": many}).content.decode()
    lines = file("How it works\n" + "Well.\n\n" * (signed_state.MAX_PIECES + 1))
    assert "more than 1,500 paragraphs" in desk.post(UPLOAD, {"files": [lines]}).content.decode()


@pytest.mark.parametrize("change", ["flip", "cut", "none", "other", "old"])
def test_a_preview_that_was_tampered_with_is_refused(desk, change, monkeypatch):
    sent = form_of(preview(desk, file(TESTUMAB)))
    sealed = sent["state"]
    tampered = {
        "flip": sealed[:40] + ("A" if sealed[40] != "A" else "B") + sealed[41:],
        "cut": sealed[:-3],
        "none": "",
        "other": sealed,
        "old": sealed,
    }
    if change == "other":
        desk.force_login(make_user("writer2", "Medical writers"))
    if change == "old":
        monkeypatch.setattr(signed_state, "MAX_AGE", -1)
    response = desk.post(DRAFTS, sent | {"state": tampered[change], "create": "1"})
    assert response.status_code == 400
    assert "hoose the files again" in response.content.decode()
    assert not MonographPage.objects.exists()


def test_a_place_that_does_not_exist_saves_nothing(desk):
    html = preview(desk, file(TESTUMAB))
    sent = form_of(html) | {piece(html, "Testumab finds"): "no_such_place", "create": "1"}
    assert desk.post(DRAFTS, sent).status_code == 400
    assert not MonographPage.objects.exists()


def test_words_of_a_file_never_become_markup_of_the_screen(desk):
    html = preview(desk, file("How it works\nWell <img src=x onerror=alert(1)> <b>so</b>.", '"><i>.txt'))
    assert "<img src=x" not in html
    assert "<i>.txt" not in html


def test_only_who_may_add_medicines_finds_the_way_and_gets_in(client, site, reviewer, editor):
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


def test_a_preview_asks_the_database_a_fixed_number_of_times(desk, django_assert_num_queries):
    """However long the text is: the same page, once short and once with two hundred paragraphs."""
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    preview(desk, file(TESTUMAB))
    with CaptureQueriesContext(connection) as short:
        preview(desk, file(TESTUMAB))
    long = TESTUMAB.replace("Testumab finds sick cells.", "Testumab finds sick cells.\n\n" * 200)
    with django_assert_num_queries(len(short)):
        preview(desk, file(long))


def test_every_required_place_is_shown_also_when_nothing_lands_there(desk):
    html = preview(desk, file("testumab (Testivo)\nHow it works\nWell."))
    assert html.count("Nothing lands here. This section is required.") == len(REQUIRED_SECTIONS)
