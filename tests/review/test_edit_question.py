"""A reviewer is asked before they change a text, because they cannot sign it then."""

from typing import Any

import pytest
from django.urls import reverse

from monographs.editions.models import Contribution
from monographs.models import MonographPage
from tests.conftest import as_user
from tests.factories import edit, make_monograph, make_user
from tests.stateful.forms import DraftForm

pytestmark = pytest.mark.django_db

QUESTION = "If you change this text you cannot sign it"


def address(page: MonographPage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def typed(page: MonographPage, word: str = "comma") -> dict[str, str]:
    """Return the editor's form with another text, without an answer to the question."""
    form = DraftForm.of(page.get_latest_revision().content).with_word("text", word).form()
    del form["edit-without-signing"]
    return form


def summary(page: MonographPage) -> str:
    return str(MonographPage.objects.get(pk=page.pk).get_latest_revision().content["sections"])


def test_a_reviewer_is_asked_before_the_editor_opens_and_reading_is_the_default(
    writer: Any, reviewer: Any
) -> None:
    page = make_monograph(by=writer)
    client = as_user(reviewer)
    shown = client.get(address(page)).content.decode()
    assert QUESTION in shown
    assert "Read only" in shown.split("autofocus")[1][:40]
    assert 'id="page-edit-form"' not in shown, "the editor is not there yet"
    answer = client.post(address(page), {"edit-without-signing": "edit"})
    assert (answer.status_code, answer["Location"]) == (302, address(page))
    assert 'id="page-edit-form"' in client.get(address(page)).content.decode()
    assert not Contribution.objects.filter(username="reviewer").exists()


def test_nothing_is_saved_before_the_answer_and_what_was_typed_is_kept(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    client = as_user(reviewer)
    answer = client.post(address(page), typed(page))
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert QUESTION in shown
    assert "About comma." in shown
    assert "comma" not in summary(page)
    assert client.post(address(page), typed(page) | {"edit-without-signing": "save"}).status_code == 302
    assert "comma" in summary(page)
    assert client.post(address(page), typed(page, "again")).status_code == 302, "asked once for a text"


def test_an_autosave_waits_for_the_answer(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    answer = as_user(reviewer).post(address(page), typed(page), headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert QUESTION in answer.json()["error_message"]
    assert "comma" not in summary(page)


def test_an_earlier_revision_is_not_restored_before_the_answer(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    first = page.get_latest_revision()
    edit(page, writer, how_it_works="Other.")
    revert = reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, first.pk])
    assert QUESTION in as_user(reviewer).get(revert).content.decode()


def test_writers_and_reviewers_who_contributed_are_not_asked(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    assert QUESTION not in as_user(writer).get(address(page)).content.decode()
    edit(page, reviewer, how_it_works="Other.")
    assert QUESTION not in as_user(reviewer).get(address(page)).content.decode()
    both = make_user("both", "Medical writers", "Medical reviewers")
    assert QUESTION in as_user(both).get(address(page)).content.decode()
