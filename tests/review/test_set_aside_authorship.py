"""Whose the words of drafts are that were set aside, and merged or brought back from the history."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from monographs.editions.contributions import record_contribution
from monographs.editions.person import Person
from monographs.editions.queries import current_edition
from monographs.models import ConditionPage, MonographIndexPage, MonographPage
from monographs.pages.refusals import PolicyError
from monographs.review.actions import Recall
from monographs.review.actions.set_aside import merge_of
from monographs.review.draft_merge.merge_conflict import Choice, ConflictAnswer
from monographs.review.policies.set_aside_policy import open_set_aside
from tests.factories import (
    make_image,
    make_user,
    publish,
    set_parts,
    sign,
    submit,
    text,
)
from tests.review.authored_drafts import CHANGED, latest
from tests.review.unpublished_drafts import (
    LONG,
    correct,
    excluded,
    leave,
    merge,
    set_aside,
    words_of,
    write,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(published_medicine: MonographPage) -> MonographPage:
    """A page with an edition."""
    return published_medicine


def test_who_sets_aside_or_merges_is_no_author(page: MonographPage, writer: Any, site: Any) -> None:
    both = make_user("both", "Editors", "Medical reviewers")
    write(page, writer, "how_it_works", LONG)
    set_aside(page, both)
    correct(page, writer, both)
    merge(page, both)
    assert excluded(page) == {"writer"}
    publish(page, writer, both)


def test_the_author_of_the_draft_set_aside_may_sign_the_correction_and_not_the_merged_draft(
    page: MonographPage, writer: Any, reviewer: Any, site: Any
) -> None:
    author = make_user("author", "Medical reviewers", "Editors")
    write(page, author, "how_it_works", LONG)
    set_aside(page, writer)
    correct(page, writer, author)
    merge(page, writer)
    assert "author" in excluded(page)
    submission = submit(page, writer)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submission, author)
    sign(submission, reviewer)


@pytest.mark.parametrize("removed", ["paragraph", "block", "last words"])
def test_who_removed_something_in_the_draft_set_aside_may_not_sign_it_merged(
    page: MonographPage, writer: Any, reviewer: Any, removed: str
) -> None:
    remover = make_user("remover", "Medical reviewers", "Editors")
    three = ["One sentence about it.", "Another one follows here.", "The last sentence of all."]
    set_parts(page, writer, "how_it_works", [text(words) for words in three])
    write(page, writer, "how_it_works", *three)
    publish(page, writer, reviewer)
    match removed:
        case "paragraph":
            write(page, remover, "how_it_works", three[0], three[2])
        case "last words":
            write(page, remover, "how_it_works", three[0], three[1], "The last sentence.")
        case _:
            draft = latest(page)
            stored = draft.sections.get_prep_value()
            (section,) = (child for child in stored if child["type"] == "how_it_works")
            del section["value"]["content"][1]
            draft.sections = json.dumps(stored)
            draft.change_note = "Shorter."
            draft.save_revision(user=remover, clean=False)
    set_aside(page, writer)
    correct(page, writer, remover)
    merge(page, writer)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submit(page, writer, change_note="Shorter."), remover)


def test_a_removal_beside_a_corrected_passage_is_still_its_authors(
    page: MonographPage, writer: Any, reviewer: Any
) -> None:
    """The correction rewrites the passage after what the draft had removed."""
    remover = make_user("remover", "Medical reviewers", "Editors")
    write(page, writer, "how_it_works", "Do not drive.", "It works slowly.", "Ask your team.")
    publish(page, writer, reviewer)
    write(page, remover, "how_it_works", "It works slowly.", "Ask your team.")
    set_aside(page, writer)
    write(page, writer, "how_it_works", "Do not drive.", "It works slowly!", "Ask your team.", note="A mark.")
    publish(page, writer, remover)
    merge(page, writer)
    assert words_of(page, "how_it_works") == "<p>It works slowly!</p><p>Ask your team.</p>"
    assert "remover" in excluded(page)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submit(page, writer, change_note="Shorter."), remover)


def test_an_unsigned_correction_that_is_merged_stays_its_authors(
    page: MonographPage, writer: Any, reviewer: Any, site: Any
) -> None:
    corrector = make_user("corrector", "Medical reviewers", "Editors")
    write(page, writer, "how_it_works", LONG)
    set_aside(page, writer)
    write(page, corrector, "who_should_take_it", "Adults with a disease of the blood.")
    merge(page, writer)
    assert {"writer", "corrector"} <= excluded(page)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submit(page, writer), corrector)


def test_words_that_both_have_are_still_of_who_wrote_them_first(
    page: MonographPage, writer: Any, site: Any
) -> None:
    corrector = make_user("corrector", "Medical reviewers", "Editors")
    author = make_user("author", "Medical reviewers", "Editors")
    write(page, author, "how_it_works", LONG)
    set_aside(page, writer)
    write(page, corrector, "how_it_works", LONG)
    merge(page, writer)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submit(page, writer), author)


@pytest.mark.parametrize("corrected", [False, True], ids=["before", "after a correction"])
@pytest.mark.parametrize("changed", [False, True], ids=["as it was", "with one more word"])
@pytest.mark.parametrize("removed", ["word", "paragraph"])
def test_who_removed_something_in_a_draft_that_is_restored_instead_of_merged_may_not_sign_it(
    page: MonographPage, writer: Any, reviewer: Any, removed: str, changed: bool, corrected: bool
) -> None:
    remover = make_user("remover", "Medical reviewers", "Editors")
    whole = ["Swallow it whole.", "Do not take it with milk.", "Ask your team."]
    shorter = [whole[0], "Do take it with milk.", whole[2]] if removed == "word" else [whole[0], whole[2]]
    write(page, writer, "how_it_works", *whole)
    publish(page, writer, reviewer)
    write(page, remover, "how_it_works", *shorter)
    unpublished = latest(page).get_latest_revision()
    set_aside(page, writer)
    if corrected:
        correct(page, writer, remover)
    unpublished.as_object().save_revision(user=writer, clean=False)
    if changed:
        write(page, writer, "how_it_works", "Always swallow it whole.", *shorter[1:])
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submit(page, writer, change_note="Shorter."), remover)


@pytest.mark.parametrize("corrected", [False, True], ids=["before", "after a correction"])
@pytest.mark.parametrize("left", [False, True], ids=["set aside", "left"])
def test_a_suggestion_that_was_accepted_counts_for_a_draft_that_is_restored_until_it_is_gone(
    page: MonographPage, writer: Any, reviewer: Any, reviewer2: Any, left: bool, corrected: bool
) -> None:
    write(page, writer, "how_it_works", LONG)
    unpublished = latest(page).get_latest_revision()
    suggester = Person(reviewer2.pk, reviewer2.get_username(), "Reviewer2 Tester")
    record_contribution(page.translation_key, suggester, "")
    set_aside(page, writer)
    if corrected:
        correct(page, writer, reviewer)
    if left:
        leave(page, writer)
    before = latest(page).get_latest_revision()
    unpublished.as_object().save_revision(user=writer, clean=False)
    assert "reviewer2" in excluded(page)
    submission = submit(page, writer)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submission, reviewer2)
    if corrected:
        Recall(writer, submission).execute()
        before.as_object().save_revision(user=writer, clean=False)
        write(page, writer, "how_it_works", "Another sentence.")
        sign(submit(page, writer), reviewer2)


@pytest.mark.parametrize("removed", ["word", "paragraph"])
def test_who_removed_something_in_a_draft_that_was_left_and_is_restored_may_not_sign_it(
    page: MonographPage, writer: Any, reviewer: Any, removed: str
) -> None:
    remover = make_user("remover", "Medical reviewers", "Editors")
    whole = ["Swallow it whole.", "Do not take it with milk.", "Ask your team."]
    shorter = [whole[0], "Do take it with milk.", whole[2]] if removed == "word" else [whole[0], whole[2]]
    write(page, writer, "how_it_works", *whole)
    publish(page, writer, reviewer)
    write(page, remover, "how_it_works", *shorter)
    set_aside(page, writer)
    correct(page, writer, remover)
    left = leave(page, writer)
    left.revision.as_object().save_revision(user=writer, clean=False)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submit(page, writer, change_note="Shorter."), remover)


def test_who_wrote_a_draft_that_is_left_in_the_history_may_sign_what_does_not_have_it(
    page: MonographPage, writer: Any, site: Any
) -> None:
    author = make_user("author", "Medical reviewers", "Editors")
    write(page, author, "how_it_works", LONG)
    set_aside(page, writer)
    leave(page, writer)
    write(page, writer, "how_it_is_administered", "About how_it_is_administered!", note="A mark.")
    sign(submit(page, writer, change_note="A mark."), author)
    assert current_edition(page.translation_key).number == 2


def test_who_leaves_a_draft_in_the_history_is_no_author(page: MonographPage, writer: Any, site: Any) -> None:
    both = make_user("both", "Editors", "Medical reviewers")
    write(page, writer, "how_it_works", LONG)
    set_aside(page, writer)
    left = leave(page, both)
    assert "both" not in excluded(page)
    left.revision.as_object().save_revision(user=writer, clean=False)
    sign(submit(page, writer), both)


def test_what_was_restored_and_signed_counts_for_nobody_any_more(
    page: MonographPage, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    write(page, writer, "how_it_works", LONG)
    record_contribution(page.translation_key, Person(reviewer2.pk, "reviewer2", "Reviewer2 Tester"), "")
    left = set_aside(page, writer)
    leave(page, writer)
    left.revision.as_object().save_revision(user=writer, clean=False)
    publish(page, writer, reviewer)
    write(page, writer, "who_should_take_it", "Adults with a disease of the blood.", note="More.")
    assert "reviewer2" not in excluded(page)
    sign(submit(page, writer), reviewer2)


@pytest.mark.parametrize("choice", [Choice.BASE, Choice.SET_ASIDE, Choice.LATEST, Choice.ANEW])
def test_who_answers_a_conflict_is_an_author(
    page: MonographPage, writer: Any, reviewer: Any, choice: Choice
) -> None:
    both = make_user("both", "Editors", "Medical reviewers")
    write(page, writer, "how_it_works", LONG)
    write(page, writer, "who_should_take_it", "Adults with a disease of the blood.")
    set_aside(page, writer)
    write(page, writer, "how_it_works", "It was corrected.", note="Corrected.")
    publish(page, writer, reviewer)
    row = MonographPage.objects.get(pk=page.pk)
    (conflict,) = merge_of(open_set_aside(row.translation_key), row).conflicts
    merge(page, both, **{conflict.name: ConflictAnswer(choice, "Words of my own.")})
    expected = {
        Choice.BASE: "About how_it_works.",
        Choice.SET_ASIDE: LONG,
        Choice.LATEST: "It was corrected.",
        Choice.ANEW: "Words of my own.",
    }
    assert expected[choice] in words_of(page, "how_it_works")
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submit(page, writer), both)


def test_a_suggestion_that_was_accepted_before_counts_after_the_merge(
    page: MonographPage, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    write(page, writer, "how_it_works", LONG)
    record_contribution(
        page.translation_key, Person(reviewer2.pk, reviewer2.get_username(), "Reviewer2 Tester"), ""
    )
    set_aside(page, writer)
    correct(page, writer, reviewer)
    merge(page, writer)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submit(page, writer), reviewer2)


@pytest.mark.parametrize("what", ["condition", "image", "link"])
def test_who_deletes_what_the_draft_set_aside_used_may_not_sign_it(
    page: MonographPage, writer: Any, reviewer: Any, what: str
) -> None:
    deleter = make_user("deleter", "Medical reviewers", superuser=True)
    parent = MonographIndexPage.objects.get(collection="conditions")
    condition = parent.add_child(instance=ConditionPage(title="Myeloma", slug="myeloma"))
    image = make_image("red", by=writer)
    match what:
        case "condition":
            draft = latest(page)
            draft.conditions = [condition]
            draft.save_revision(user=writer)
        case "image":
            figure = {"image": image.pk, "alt": "A pump.", "caption": ""}
            set_parts(page, writer, "how_it_works", [text("Words."), {"type": "figure", "value": figure}])
        case _:
            write(page, writer, "how_it_works", f'Of <a linktype="page" id="{condition.pk}">myeloma</a>.')
    set_aside(page, writer)
    correct(page, writer, reviewer)
    client = Client()
    client.force_login(deleter)
    gone = image if what == "image" else condition
    name = "wagtailimages:delete" if what == "image" else "wagtailadmin_pages:delete"
    client.post(reverse(name, args=[gone.pk]))
    assert not type(gone).objects.filter(pk=gone.pk).exists()
    merge(page, writer)
    assert "deleter" in excluded(page)
