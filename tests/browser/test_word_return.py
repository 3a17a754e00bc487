"""A marked-up Word file comes back on a phone, and its remarks are taken over by keyboard."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from monographs.review.models import Note
from tests.browser.accessibility import grave
from tests.factories import edit, make_monograph
from tests.imports.marked_files import NEW_WORD, MarkedFile

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_remark_is_taken_over_on_a_phone_by_keyboard(
    open_browser: Any, writer: Any, client: Client
) -> None:
    page = make_monograph(by=writer)
    edit(page, writer, how_it_works="These words are old.")
    client.force_login(writer)
    address = reverse("review:word_return", args=[page.translation_key])
    data = client.get(reverse("review:word_file", args=[page.translation_key, "draft"])).content
    marked = MarkedFile.of(data)
    marked.replace_word("p_how_it_works_1", tracked=True)
    marked.comment("p_who_should_take_it_1", "Everybody?")
    screen = open_browser(width=390).sign_in(writer).page
    screen.goto(address)
    screen.get_by_label("Word file (.docx)").set_input_files(
        {"name": "back.docx", "mimeType": "application/octet-stream", "buffer": marked.data()}
    )
    screen.get_by_role("button", name="Compare").press("Enter")
    expect(screen.get_by_text("1 proposed change and 1 comment")).to_be_visible()
    assert grave(screen, ".review") == []
    assert screen.evaluate("document.documentElement.scrollWidth") == 390
    screen.get_by_role("button", name="Take over as a note").first.press("Enter")
    expect(screen.get_by_text("Taken over as a note", exact=True)).to_have_count(1)
    expect(screen.get_by_role("button", name="Take over as a note")).to_have_count(1)
    note = Note.objects.get()
    assert note.quote == "These words are old."
    assert NEW_WORD in note.body
