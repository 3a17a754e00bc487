"""Notes left on the screen of a bundle, at the section they are about."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from monographs.review.actions import AddNote, MakeBundle, Recall
from monographs.review.models import Note, ReviewBundle, Submission
from tests.factories import edit, make_monograph, publish, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def texts(writer: Any, reviewer: Any) -> list[Submission]:
    """A change of one section, and a first edition."""
    page = make_monograph("alphamab", by=writer)
    publish(page, writer, reviewer)
    changed = edit(page, writer, change_note="A word.", how_it_works="It blocks PARP.")
    return [submit(changed, writer), submit(make_monograph("betamab", by=writer), writer)]


@pytest.fixture
def bundle(editor: Any, texts: list[Submission]) -> ReviewBundle:
    return MakeBundle(editor, texts, title="Renaming").execute()


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def post(user: Any, bundle: ReviewBundle, text: Submission, **form: str) -> Any:
    data = {"text": text.pk, "section": "how_it_works", "body": "Is this so?", "quote": ""} | form
    return client_of(user).post(reverse("bundles:note", args=[bundle.pk]), data)


def screen_of(user: Any, bundle: ReviewBundle) -> str:
    return client_of(user).get(reverse("bundles:bundle", args=[bundle.pk])).content.decode()


def test_a_note_is_left_in_the_bundle_and_shown_at_its_section(
    bundle: ReviewBundle, texts: list[Submission], reviewer: Any
) -> None:
    assert f'data-kept-as="note-{texts[0].pk}-how_it_works"' in screen_of(reviewer, bundle)
    answer = post(reviewer, bundle, texts[0], quote="blocks PARP")
    note = Note.objects.get()
    assert answer["Location"] == f"{reverse('bundles:bundle', args=[bundle.pk])}#note-{note.pk}"
    assert (note.submission, note.section) == (texts[0], "how_it_works")
    assert (note.quote, note.author) == ("blocks PARP", reviewer)
    screen = screen_of(reviewer, bundle)
    section = screen[screen.index('data-section="how_it_works"') :]
    place = section.index(f'id="note-{note.pk}"')
    assert place < section.index("</section>")
    assert "Is this so?" in section[place:]
    assert "1 open note<" in screen


def test_a_note_that_lacks_words_is_shown_again_at_its_section(
    bundle: ReviewBundle, texts: list[Submission], reviewer: Any
) -> None:
    answer = post(reviewer, bundle, texts[0], body="", quote="PARP")
    assert answer.status_code == 400
    screen = answer.content.decode()
    field = f'id="note-{texts[0].pk}-how_it_works-'
    assert f'{field}body_error"' in screen
    assert f'<details class="bundle-page" id="page-{texts[0].pk}" open>' in screen
    assert f'<details class="bundle-page" id="page-{texts[1].pk}">' in screen
    assert screen.count('<details class="review-note-form" open>') == 1
    assert screen.count(field + 'quote"') == 1
    assert ">\nPARP</textarea>" in screen


def test_a_refused_note_is_shown_again_with_the_reason(
    bundle: ReviewBundle, texts: list[Submission], writer: Any, reviewer: Any
) -> None:
    answer = post(reviewer, bundle, texts[0], quote="words that are not there")
    assert answer.status_code == 403
    assert "These words do not stand in" in answer.content.decode()
    assert ">\nwords that are not there</textarea>" in answer.content.decode()
    assert post(writer, bundle, texts[0]).status_code == 403
    assert not Note.objects.exists()


def test_a_note_on_a_text_of_another_bundle_is_not_found(
    bundle: ReviewBundle, writer: Any, reviewer: Any
) -> None:
    other = submit(make_monograph("gammamab", by=writer), writer)
    assert post(reviewer, bundle, other).status_code == 404


def test_those_who_do_not_review_see_notes_and_no_form(
    bundle: ReviewBundle, texts: list[Submission], writer: Any, reviewer: Any
) -> None:
    note = AddNote(reviewer, texts[1], section="how_it_works", body="Is this so?").execute()
    screen = screen_of(writer, bundle)
    assert f'id="note-{note.pk}"' in screen
    assert "Add a note" not in screen
    Recall(writer, texts[0]).execute()
    screen = screen_of(reviewer, bundle)
    assert f"note-{texts[0].pk}-" not in screen
    assert f"note-{texts[1].pk}-how_it_works" in screen


def test_names_that_nobody_has_are_named(
    bundle: ReviewBundle, texts: list[Submission], reviewer: Any
) -> None:
    client = client_of(reviewer)
    data = {"text": texts[0].pk, "section": "how_it_works", "body": "@nobody, is this so?"}
    answer = client.post(reverse("bundles:note", args=[bundle.pk]), data, follow=True)
    assert "has the name @nobody" in answer.content.decode()
