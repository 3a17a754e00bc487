"""Nobody signs their own words, however they came back: contributions are kept passage by passage."""

import json
from typing import Any

import pytest
from django.db import connection
from wagtail.models import Comment, Revision

from monographs.editions.contributions import contributors_since
from monographs.editions.models import Contribution, Retraction
from monographs.editions.queries import current_edition
from monographs.editions.verify import verify
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.pages.refusals import PolicyError
from monographs.review.actions import (
    AddNote,
    AnswerNote,
    DeclineRetirement,
    ProposeRetirement,
    Recall,
    Return,
)
from monographs.review.models import DraftAuthorship, Submission
from tests.conftest import run_deferred_constraints
from tests.factories import (
    edit,
    make_image,
    make_monograph,
    make_user,
    publish,
    sign,
    submit,
    text,
)
from tests.review.authored_drafts import CHANGED, latest, with_parts

pytestmark = pytest.mark.django_db

OWN = "It slows the growth of the cells that make the illness worse over many weeks."


def restore(page: Any, by: Any, revision: Revision) -> None:
    """Save an earlier revision again, as Wagtail's button does."""
    revision.as_object().save_revision(user=by, previous_revision=revision)


def advice(words: str, urgency: str | None) -> dict[str, Any]:
    return {"type": "advice", "value": {"urgency": urgency, "text": f"<p>{words}</p>"}}


def barred(submission: Submission) -> set[str]:
    """Return who may not sign."""
    return {p.username for p in contributors_since(submission.key, current_edition(submission.key))}


@pytest.mark.parametrize("in_two_steps", [True, False])
def test_an_earlier_draft_restored_and_changed_by_a_comma_stays_its_authors(
    writer: Any, reviewer: Any, reviewer2: Any, in_two_steps: bool
) -> None:
    """Changed in the editor that opened the earlier draft, no stored content equals it."""
    page = make_monograph(by=writer)
    edit(page, reviewer, change_note="", how_it_works=OWN)
    own = latest(page).get_latest_revision()
    edit(page, writer, change_note="", how_it_works="A text of the writer.")
    publish(page, writer, reviewer2)
    if in_two_steps:
        restore(page, writer, own)
    edit(page, writer, how_it_works=OWN.replace("cells that", "cells, that"))
    submission = submit(page, writer)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submission, reviewer)


def test_an_earlier_draft_typed_again_with_other_words_in_it_stays_its_authors(
    writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    page = make_monograph(by=writer)
    edit(page, reviewer, change_note="", how_it_works=OWN)
    edit(page, writer, change_note="", how_it_works="A text of the writer.")
    publish(page, writer, reviewer2)
    edit(page, writer, how_it_works="In short: it slows the GROWTH of a cell that make the illness bad.")
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submit(page, writer), reviewer)


@pytest.mark.parametrize(
    ("note", "adopted"),
    [
        (f"Better write: {OWN}", OWN),
        (f"Better write: {OWN}", f"In short, {OWN.upper().replace(' THAT', ', THAT')}"),
        ("Rather 25 mg once", "You take 25 mg once a day, or 50."),
        ("Neutropenia", "You may get neutropenia."),
    ],
)
def test_a_note_that_the_writer_adopts_is_its_authors(
    writer: Any, reviewer: Any, reviewer2: Any, note: str, adopted: str
) -> None:
    page = make_monograph(by=writer)
    submission = submit(page, writer)
    AddNote(reviewer, submission, section="how_it_works", body=note).execute()
    Return(reviewer2, submission, reason="See the note.").execute()
    edit(page, writer, how_it_works=adopted)
    submission = submit(page, writer)
    submission.notes.model.objects.update(status="resolved")
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submission, reviewer)
    sign(submission, reviewer2)


@pytest.mark.parametrize("how", ["return", "answer", "comment"])
def test_a_remark_that_the_writer_adopts_is_its_authors(
    writer: Any, reviewer: Any, reviewer2: Any, how: str
) -> None:
    page = make_monograph(by=writer)
    submission = submit(page, writer)
    note = AddNote(reviewer2, submission, section="how_it_works", body="Say more.").execute()
    if how == "answer":
        AnswerNote(reviewer, note, body=f"Better write: {OWN}").execute()
    if how == "comment":
        Comment.objects.create(page=page, user=reviewer, text=OWN, contentpath="summary")
    by, reason = (reviewer, f"Better write: {OWN}") if how == "return" else (reviewer2, "See the note.")
    Return(by, submission, reason=reason).execute()
    edit(page, writer, how_it_works=OWN)
    submission = submit(page, writer)
    note.delete()
    assert "reviewer" in barred(submission)
    sign(submission, reviewer2)


def test_a_note_on_another_page_that_the_writer_adopts_is_its_authors(
    writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    other = submit(make_monograph("otherumab", by=writer), writer)
    AddNote(reviewer, other, section="how_it_works", body=f"Better write everywhere: {OWN}").execute()
    page = make_monograph(by=writer)
    edit(page, writer, how_it_works=f"In short: {OWN}")
    submission = submit(page, writer)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submission, reviewer)
    sign(submission, reviewer2)


def test_short_words_of_a_note_on_another_page_bar_nobody(writer: Any, reviewer: Any) -> None:
    other = submit(make_monograph("otherumab", by=writer), writer)
    AddNote(reviewer, other, section="how_it_works", body="It slows the growth of cells.").execute()
    page = make_monograph(by=writer)
    edit(page, writer, how_it_works="It slows the growth.")
    sign(submit(page, writer), reviewer)


@pytest.mark.parametrize("who", ["editor who reviews", "reviewer who declines"])
def test_words_about_a_retirement_that_the_writer_adopts_are_their_authors(
    writer: Any, reviewer: Any, reviewer2: Any, editor: Any, who: str
) -> None:
    page = make_monograph(by=writer)
    publish(page, writer, reviewer2)
    proposer = make_user("both", "Editors", "Medical reviewers") if who.startswith("editor") else editor
    note = OWN if proposer is not editor else "Gone."
    cause = WithdrawalReason.RETIRED
    proposal = ProposeRetirement(proposer, page.translation_key, cause=cause, note=note).execute()
    DeclineRetirement(reviewer, proposal, reason=f"No: {OWN}" if proposer is editor else "No.").execute()
    edit(page, writer, how_it_works=OWN)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submit(page, writer), reviewer if proposer is editor else proposer)


def test_a_note_that_is_not_adopted_bars_nobody(writer: Any, reviewer: Any, reviewer2: Any) -> None:
    page = make_monograph(by=writer)
    submission = submit(page, writer)
    AddNote(reviewer, submission, section="how_it_works", body="About how_it_works. Is this right?").execute()
    Return(reviewer2, submission, reason="See the note.").execute()
    edit(page, writer, how_it_works="About how it works: it stops the cells from growing.")
    submission = submit(page, writer)
    submission.notes.model.objects.update(status="resolved")
    sign(submission, reviewer)


def test_an_advice_box_without_urgency_stays_its_authors_when_the_writer_completes_it(
    writer: Any, reviewer: Any
) -> None:
    page = make_monograph(by=writer)
    with_parts(page, reviewer, advice("Call us when you have a fever.", None))
    assert "fever." not in latest(page).to_document().model_dump_json()
    with_parts(page, writer, advice("Call us when you have a fever.", "call_today"))
    edit(page, writer)
    submission = submit(page, writer)
    assert "fever." in submission.canonical
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submission, reviewer)


def test_an_urgency_without_words_stays_its_authors_when_the_writer_adds_them(
    writer: Any, reviewer: Any
) -> None:
    page = make_monograph(by=writer)
    with_parts(page, reviewer, {"type": "advice", "value": {"urgency": "next_visit", "text": ""}})
    with_parts(page, writer, advice("Tell us when your mouth is dry.", "next_visit"))
    edit(page, writer)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submit(page, writer), reviewer)


def test_a_figure_without_image_stays_its_authors_when_the_writer_chooses_one(
    writer: Any, reviewer: Any, figure_files: Any
) -> None:
    page = make_monograph(by=writer)
    figure = {"image": None, "alt": "A pump at the arm of a patient.", "caption": "The pump."}
    with_parts(page, reviewer, {"type": "figure", "value": figure})
    image = make_image("red", by=writer)
    with_parts(page, writer, {"type": "figure", "value": {**figure, "image": image.pk}})
    edit(page, writer)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submit(page, writer), reviewer)


@pytest.mark.parametrize("shortened", ["It slows the growth.", ""])
def test_who_deletes_signed_words_cannot_sign(
    writer: Any, reviewer: Any, reviewer2: Any, shortened: str
) -> None:
    page = make_monograph(by=writer)
    with_parts(page, writer, text("It slows the growth. But not at once."))
    publish(page, writer, reviewer2)
    with_parts(page, reviewer, *([text(shortened)] if shortened else []))
    edit(page, writer)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submit(page, writer), reviewer)


def test_who_deletes_a_word_of_another_draft_cannot_sign(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    edit(page, writer, change_note="", how_it_works="Do not take it with milk.")
    edit(page, reviewer, change_note="", how_it_works="Do take it with milk.")
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submit(page, writer), reviewer)


def test_deleting_in_two_steps_is_deleting(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    for by, words in ((writer, "Do not take it."), (reviewer, "Do xx take it."), (reviewer, "Do take it.")):
        edit(page, by, change_note="", how_it_works=words)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submit(page, writer), reviewer)


@pytest.mark.parametrize(
    "changed",
    ["About, how_it_works.", "About how_it_works", "ABOUT how_it_works.", "<b>About</b> how_it_works."],
)
def test_the_smallest_change_bars(writer: Any, reviewer: Any, changed: str) -> None:
    page = make_monograph(by=writer)
    edit(page, reviewer, change_note="", how_it_works=changed)
    edit(page, writer, who_should_take_it="Adults with the illness.")
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submit(page, writer), reviewer)


def test_who_changes_the_order_cannot_sign(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    first, second = text("Take the first one now."), text("Take the second one later.")
    with_parts(page, writer, first, second)
    with_parts(page, reviewer, second, first)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submit(page, writer), reviewer)


def test_who_changes_an_urgency_cannot_sign_although_its_words_are_changed_later(
    writer: Any, reviewer: Any
) -> None:
    page = make_monograph(by=writer)
    with_parts(page, writer, advice("A dry mouth.", "call_today"))
    with_parts(page, reviewer, advice("A dry mouth.", "next_visit"))
    with_parts(page, writer, advice("A mouth that is dry.", "next_visit"))
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submit(page, writer), reviewer)


def test_who_submits_another_persons_draft_cannot_sign(writer: Any) -> None:
    both = make_user("both", "Medical writers", "Medical reviewers")
    submission = submit(make_monograph(by=writer), both)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submission, both)


@pytest.mark.parametrize("typed", ["About how_it_works, .", "Something else entirely."])
def test_a_change_taken_back_leaves_the_reviewer_free_to_sign(writer: Any, reviewer: Any, typed: str) -> None:
    page = make_monograph(by=writer)
    edit(page, reviewer, change_note="", how_it_works=typed)
    edit(page, reviewer, change_note="", how_it_works="About how_it_works.")
    edit(page, writer, who_should_take_it="Adults.")
    submission = submit(page, writer)
    assert barred(submission) == {"writer"}
    assert Retraction.objects.count() == 2, "of the change, and of the change back"
    sign(submission, reviewer)
    run_deferred_constraints()
    assert verify()["editions"] == 1


def test_a_reviewer_whose_words_were_all_replaced_may_sign(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    edit(page, reviewer, change_note="", how_it_works="Cells stop growing.")
    edit(page, writer, change_note="", how_it_works="The medicine blocks a signal.")
    sign(submit(page, writer), reviewer)


def test_words_that_come_back_after_a_retraction_bar_again(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    edit(page, reviewer, change_note="", how_it_works=OWN)
    own = latest(page).get_latest_revision()
    edit(page, writer, change_note="", how_it_works="The medicine blocks a signal.")
    submission = submit(page, writer)
    assert barred(submission) == {"writer"}
    Recall(writer, submission).execute()
    restore(page, writer, own)
    submission = submit(page, writer)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submission, reviewer)


def test_words_copied_from_another_page_stay_their_authors(writer: Any, reviewer: Any) -> None:
    other = make_monograph("otherumab", by=writer)
    edit(other, reviewer, how_it_works=OWN)
    page = make_monograph(by=writer)
    edit(page, writer, who_should_take_it=f"We say: {OWN}")
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submit(page, writer), reviewer)


def test_signed_words_of_another_page_are_free(writer: Any, reviewer: Any, reviewer2: Any) -> None:
    other = make_monograph("otherumab", by=writer)
    edit(other, reviewer, how_it_works=OWN)
    publish(other, writer, reviewer2)
    page = make_monograph(by=writer)
    edit(page, writer, who_should_take_it=f"We say: {OWN}")
    sign(submit(page, writer), reviewer)


def test_drafts_from_before_authorship_was_stored_are_followed_by_their_revisions(
    writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    page = make_monograph(by=writer)
    edit(page, reviewer, change_note="", how_it_works=OWN)
    own = latest(page).get_latest_revision()
    edit(page, writer, change_note="", how_it_works="The medicine blocks a signal.")
    publish(page, writer, reviewer2)
    forget_authorship()
    restore(page, writer, own)
    edit(page, writer)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submit(page, writer), reviewer)


def test_a_contribution_from_before_authorship_was_stored_is_not_retracted(
    writer: Any, reviewer: Any
) -> None:
    page = make_monograph(by=writer)
    edit(page, reviewer, change_note="", how_it_works=OWN)
    edit(page, writer, change_note="", how_it_works="The medicine blocks a signal.")
    forget_authorship()
    submission = submit(page, writer)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submission, reviewer)


def forget_authorship() -> None:
    """Remove the rows that an existing site does not have."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE review_draftauthorship DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM review_draftauthorship")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a draft that was set aside refers to it
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("ALTER TABLE review_draftauthorship ENABLE TRIGGER USER")


def test_content_that_cannot_be_followed_excludes_everybody_who_saved_it(
    writer: Any, reviewer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = make_monograph(by=writer)
    with monkeypatch.context() as patch:
        patch.setattr("monographs.review.authorship.draft_follow.passages_of", lambda *a: {}["unknown"])
        edit(page, reviewer, change_note="", how_it_works=OWN)
    edit(page, writer, change_note="", how_it_works="About how_it_works.")
    submission = submit(page, writer)
    assert "reviewer" in barred(submission)
    assert not Retraction.objects.exists()


def test_the_writer_is_recorded_once_for_a_change_that_a_comment_does_not_make(
    writer: Any, reviewer: Any
) -> None:
    page = make_monograph(by=writer)
    rows = DraftAuthorship.objects.count()
    latest(page).save_revision(user=reviewer)
    assert DraftAuthorship.objects.count() == rows
    assert list(Contribution.objects.values_list("username", flat=True)) == ["writer"]
    assert json.dumps(DraftAuthorship.objects.get().passages)
