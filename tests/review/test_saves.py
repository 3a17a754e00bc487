"""Saving in the editor: nobody's version is replaced unseen, and a form sent twice is saved once."""

from typing import Any

import pytest
from django.urls import reverse
from wagtail.rich_text import RichText
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from monographs.models import MonographPage
from monographs.review.actions import AddNote
from monographs.review.editor.saved_version import matches_revision
from monographs.review.models import Note
from tests.conftest import as_user
from tests.factories import edit, make_monograph, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(writer: Any) -> MonographPage:
    """A draft that was saved once."""
    return make_monograph("testumab", by=writer, complete=False)


def form_of(page: MonographPage, **fields: str) -> dict[str, str]:
    """Return the editor's form as a browser has it that has just opened the page."""
    revision = MonographPage.objects.get(pk=page.pk).get_latest_revision()
    empty = {"sections": streamfield([]), "sources": streamfield([])}
    form: dict[str, str] = nested_form_data(
        {"title": page.title, "slug": page.slug, "review_interval_months": "12", **empty}
    )
    loaded = {
        "loaded_revision_id": str(revision.pk),
        "loaded_revision_created_at": revision.created_at.isoformat(),
    }
    return {**form, **loaded, **fields}


def summary_of(page: MonographPage) -> str:
    return str(MonographPage.objects.get(pk=page.pk).get_latest_revision_as_object().summary)


def save(user: Any, page: MonographPage, form: dict[str, str]) -> Any:
    return as_user(user).post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form)


def test_a_second_save_is_refused_and_shows_both(page: Any, writer: Any, editor: Any) -> None:
    mine = form_of(page, summary="Mine, from the first tab.")
    edit(page, editor, summary="Theirs, saved meanwhile.")
    refused = save(writer, page, mine)
    text = refused.content.decode()
    assert refused.status_code == 409
    assert "Editor Tester saved another version" in text
    assert "Mine, from the first tab." in text
    assert "w-autosave#save" not in text, "nothing decides for the writer"
    assert summary_of(page) == "Theirs, saved meanwhile."
    again = form_of(page, summary="Mine, from the first tab.")
    assert save(writer, page, again).status_code == 302
    assert summary_of(page) == "Mine, from the first tab."
    assert any(r.content["summary"] == "Theirs, saved meanwhile." for r in page.revisions.all())


def test_the_same_form_sent_again_is_saved_once(page: Any, writer: Any) -> None:
    form = form_of(page, summary="Sent twice.")
    assert save(writer, page, form).status_code == 302
    count = page.revisions.count()
    again = save(writer, page, form)
    assert again.status_code == 302
    assert page.revisions.count() == count


def test_ids_that_a_form_gives_to_blocks_are_no_difference(writer: Any) -> None:
    """Blocks saved by a command have none; every form that shows them makes its own."""
    page = make_monograph("otherumab", by=writer)
    first, second = shown_in_a_form(page), shown_in_a_form(page)
    saved = first.save_revision(user=writer)
    ids = [draft.sections[1].value["content"].get_prep_value()[0]["id"] for draft in (first, second)]
    assert ids[0] != ids[1]
    assert matches_revision(second, saved)
    second.sections[1].value["content"][0].value = RichText('<p data-block-key="a1b2c">Other words.</p>')
    assert not matches_revision(second, saved)


def shown_in_a_form(page: MonographPage) -> MonographPage:
    """Return the draft after all its blocks were read, as a form does."""
    draft: MonographPage = page.get_latest_revision_as_object()
    for section in draft.sections:
        for block in section.value["content"]:
            assert block.value
    return draft


def test_the_same_words_of_somebody_else_are_still_another_version(
    page: Any, writer: Any, editor: Any
) -> None:
    form = form_of(page, summary="Sent twice.")
    assert save(editor, page, form).status_code == 302
    assert save(writer, page, form).status_code == 409


def test_kept_text_is_shown_and_not_saved(page: Any, writer: Any) -> None:
    count = page.revisions.count()
    shown = save(writer, page, form_of(page, summary="From the browser.") | {"kept-text-shown": "a1"})
    text = shown.content.decode()
    assert shown.status_code == 200
    assert "From the browser." in text
    assert 'data-kept-shown="a1"' in text
    assert page.revisions.count() == count


def test_kept_text_of_an_older_version_is_refused_when_it_is_saved(
    page: Any, writer: Any, editor: Any
) -> None:
    kept = form_of(page, summary="From the browser.")
    edit(page, editor, summary="Theirs.")
    shown = save(writer, page, kept | {"kept-text-shown": "a1"})
    assert f'name="loaded_revision_id" value="{kept["loaded_revision_id"]}"' in shown.content.decode()
    assert "w-autosave#save" not in shown.content.decode()
    assert save(writer, page, kept).status_code == 409


def test_a_new_page_is_shown_with_kept_text(writer: Any, medicines: Any) -> None:
    address = reverse("wagtailadmin_pages:add", args=["monographs", "monographpage", medicines.pk])
    empty = {"sections": streamfield([]), "sources": streamfield([])}
    form = nested_form_data({"title": "newumab", "slug": "", "review_interval_months": "12", **empty})
    shown = as_user(writer).post(address, {**form, "kept-text-shown": "a1"})
    assert shown.status_code == 200
    assert "newumab" in shown.content.decode()
    assert not MonographPage.objects.filter(title="newumab").exists()


def test_the_bar_is_told_what_differs_and_who_saved_meanwhile(page: Any, writer: Any, editor: Any) -> None:
    address = reverse("review:editor:kept_text", args=[page.pk])
    client = as_user(writer)
    saved = form_of(page, summary="Saved.")
    assert save(writer, page, saved).status_code == 302
    assert client.post(address, saved).json()["same"]
    kept = form_of(page, summary="A summary from the browser.")
    answer = client.post(address, kept).json()
    assert not answer["same"]
    assert "browser" in answer["html"]
    assert answer["moved_on"] == ""
    edit(page, editor, summary="Theirs.")
    assert "Editor Tester saved another version" in client.post(address, kept).json()["moved_on"]


def test_only_an_accepted_form_lets_the_browser_forget(page: Any, writer: Any, editor: Any) -> None:
    number = "0f0e0d0c-0b0a-4908-8706-050403020100"
    mine = form_of(page, summary="Mine.") | {"kept_text": number}
    assert save(writer, page, mine).cookies["kept-text-done"].value == number
    assert "kept-text-done" not in save(editor, page, mine).cookies  # refused: saved meanwhile
    client = as_user(writer)
    submission = submit(make_monograph("otherumab", by=writer), writer)
    refused = client.post(reverse("review:sign", args=[submission.pk]), {"kept_text": number})
    assert "kept-text-done" not in refused.cookies
    assert client.post("/admin/logout/").cookies["kept-text-done"].value == f"user:{writer.pk}"


def test_comments_are_neither_offered_nor_stored(page: Any, writer: Any) -> None:
    client = as_user(writer)
    text = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    for trace in ("w-comments:init", "comments-TOTAL_FORMS", "comment_notifications"):
        assert trace not in text
    comment = {"comments": inline_formset([{"text": "Is this right?", "contentpath": "summary"}])}
    posted = form_of(page, summary="Mine.") | nested_form_data(comment)
    assert save(writer, page, posted).status_code == 302
    assert not page.wagtail_admin_comments.exists()
    assert "comments" not in client.get("/admin/account/").content.decode().lower().split("<main", 1)[1]


def test_a_note_sent_twice_is_one_note(writer: Any, reviewer: Any) -> None:
    submission = submit(make_monograph("otherumab", by=writer), writer)
    form = {"section": "how_it_works", "body": "Which label?", "quote": ""}
    client = as_user(reviewer)
    for _ in range(2):
        assert client.post(reverse("review:notes", args=[submission.pk]), form).status_code == 302
    assert Note.objects.count() == 1
    AddNote(reviewer, submission, section="how_it_works", body="Another.").execute()
    assert Note.objects.count() == 2
