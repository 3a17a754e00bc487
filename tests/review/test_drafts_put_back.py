"""A draft that says what patients read is no waiting draft, however often it was saved since."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monographs.editions.models import ReviewKind
from monographs.editions.queries import public_edition
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import ReplaceWords, SetAside, SignUnchanged, WordChange
from monographs.review.draft_state.draft_difference import UNPUBLISHED_DRAFT
from monographs.review.replacement import draft_obstacles
from monographs.review.replacement.draft_obstacles import NOT_COMPARED
from monographs.review.replacement.word_pattern import Replacement, WordPattern
from monographs.review.replacement.word_search import search_drafts
from tests.conftest import as_user
from tests.factories import PASSWORD, edit, make_monograph, publish, reword
from tests.review.standard_text_pages import include, signed, signed_text

pytestmark = pytest.mark.django_db

WORDS = "Tell your care team."


def public(name: str, writer: Any, reviewer: Any) -> MonographPage:
    page = edit(make_monograph(name, by=writer), writer, how_it_works=WORDS)
    publish(page, writer, reviewer)
    return MonographPage.objects.get(pk=page.pk)


def put_back(page: MonographPage, writer: Any) -> MonographPage:
    """Save another text, and then again what patients read."""
    note = public_edition(page.translation_key).change_note
    edit(page, writer, how_it_works="Tell your care team another day.")
    edit(page, writer, change_note=note, how_it_works=WORDS)
    found = MonographPage.objects.get(pk=page.pk)
    assert found.has_unpublished_changes
    return found


def replaced(editor: Any, page: MonographPage) -> Any:
    change = WordChange(
        Replacement(WordPattern("care team"), "treatment team"),
        title="A title",
        change_note="The team has another name.",
        reason="Renamed.",
        review_kind=ReviewKind.CORRECTION,
    )
    return ReplaceWords(editor, page, change, revision=page.latest_revision_id, numbers={0}).execute()


def test_words_are_replaced_in_a_draft_that_was_put_back(editor: Any, writer: Any, reviewer: Any) -> None:
    page = put_back(public("alphamab", writer, reviewer), writer)
    waiting = public("betamab", writer, reviewer)
    edit(waiting, writer, summary="Unfinished.")
    result = search_drafts(editor, WordPattern("care team"))
    assert [found.page.title for found in result.possible] == ["alphamab"]
    assert [found.obstacle for found in result.left_out] == [UNPUBLISHED_DRAFT]
    assert "Tell your treatment team." in replaced(editor, page).canonical


def test_words_are_replaced_while_a_draft_is_set_aside(editor: Any, writer: Any, reviewer: Any) -> None:
    page = public("alphamab", writer, reviewer)
    edit(page, writer, how_it_works="Tell your care team another day.")
    page = MonographPage.objects.get(pk=page.pk)
    SetAside(writer, page, seen=page.latest_revision_id).execute()
    assert [found.page.title for found in search_drafts(editor, WordPattern("care team")).possible] == [
        "alphamab"
    ]


def test_a_standard_text_is_taken_over_in_a_draft_that_was_put_back(
    editor: Any, writer: Any, reviewer: Any
) -> None:
    standard = signed_text(writer, reviewer)
    page = include(make_monograph("alphamab", by=writer), writer, signed(standard))
    publish(page, writer, reviewer)
    for words in ("Another text.", "It blocks a signal."):
        include(page, writer, signed(standard), words=words)
    reword(standard, writer, "Write to the maker.")
    publish(standard, writer, reviewer)
    screen = as_user(editor).get(reverse("standard_texts:text", args=[standard.translation_key]))
    assert [row.use.title for row in screen.context["possible"]] == ["alphamab"]


def test_the_editor_offers_no_correction_of_a_draft_that_was_put_back(
    published_medicine: MonographPage, writer: Any
) -> None:
    """The next screen would refuse it."""
    page, note = published_medicine, public_edition(published_medicine.translation_key).change_note
    correct = reverse("review:set_aside:correct", args=[page.pk])
    client, address = as_user(writer), reverse("wagtailadmin_pages:edit", args=[page.pk])
    edit(page, writer, how_it_works="Another text.")
    assert correct in client.get(address).content.decode()
    edit(page, writer, change_note=note, how_it_works="About how_it_works.")
    assert correct not in client.get(address).content.decode()
    row = MonographPage.objects.get(pk=page.pk)
    with pytest.raises(PolicyError) as refusal:
        SetAside(writer, row, seen=row.latest_revision_id).execute()
    assert refusal.value.rule == Rule.NOTHING_CHANGED


def test_that_nothing_changes_is_signed_of_a_draft_that_was_put_back(
    published_medicine: MonographPage, writer: Any, reviewer2: Any
) -> None:
    edition = public_edition(published_medicine.translation_key)
    edit(published_medicine, writer, how_it_works="Another text.")
    edit(published_medicine, writer, change_note=edition.change_note, how_it_works="About how_it_works.")
    page = MonographPage.objects.get(pk=published_medicine.pk)
    screen = as_user(reviewer2).get(reverse("due:review", args=[page.pk]))
    ticked = screen.context["review"].statements
    SignUnchanged(reviewer2, page, seen_sha256=edition.sha256, ticked=ticked, password=PASSWORD).execute()
    assert public_edition(page.translation_key).number == edition.number + 1


def test_a_list_reads_a_limited_number_of_drafts(
    editor: Any, writer: Any, reviewer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert draft_obstacles.MOST_COMPARED == 25
    monkeypatch.setattr(draft_obstacles, "MOST_COMPARED", 1)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            search_drafts(editor, WordPattern("care team"))
        return len(asked)

    for name in ("alphamab", "betamab"):
        put_back(public(name, writer, reviewer), writer)
    queries()  # what Django and Wagtail look up once
    two = queries()
    put_back(public("gammamab", writer, reviewer), writer)
    assert queries() == two
    result = search_drafts(editor, WordPattern("care team"))
    assert [found.page.title for found in result.possible] == ["alphamab"]
    assert {found.obstacle for found in result.left_out} == {NOT_COMPARED}
