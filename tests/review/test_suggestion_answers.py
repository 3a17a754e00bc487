"""Suggestions are accepted or declined once, at the words they were made of, and signed by somebody else."""

import json
from typing import Any

import pytest
from wagtail.models import PageLogEntry

from monographs.editions.contributions import contributors_now
from monographs.editions.verify import verify
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError
from monographs.review.actions import (
    AcceptSuggestion,
    DeclineSuggestion,
    Recall,
    WithdrawSuggestion,
)
from monographs.review.models import Submission, Suggestion
from tests.factories import edit, set_parts, sign, submit, text
from tests.review.suggested_words import (
    SECTION,
    WORDS,
    accept,
    draft_of,
    give_back,
    passages_of_draft,
    suggest,
    text_in_review,
    words_of_draft,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def submission_pk(module_rows: None) -> int:
    """A first text in review, whose section has words to change."""
    return text_in_review().pk


@pytest.fixture
def submission(db: None, submission_pk: int) -> Submission:
    return Submission.objects.get(pk=submission_pk)


def dose_table(*cells: str) -> dict[str, Any]:
    """A table with these cells below each other."""
    rows = [{"values": [f"<p>{cell}</p>"]} for cell in cells]
    content = {"columns": [{"type": "cell", "heading": ""}], "rows": rows, "caption": ""}
    value = {"caption": "Doses", "header_row": True, "row_headers": False, "cells": content}
    return {"type": "table", "value": value}


def test_an_accepted_suggestion_is_in_the_draft_and_its_author_cannot_sign_it(
    submission: Submission, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    suggestion = suggest(reviewer, submission, "many weeks", "some months")
    assert (suggestion.old_words, suggestion.new_words) == ("many weeks", "some months")
    give_back(submission, reviewer2)
    before = draft_of(submission.page).latest_revision_id
    accept(writer, suggestion)
    assert words_of_draft(submission.page) == [WORDS.replace("many weeks", "some months")]
    page = draft_of(submission.page)
    assert page.latest_revision_id != before
    assert page.latest_revision.user == writer
    entry = PageLogEntry.objects.filter(revision=page.latest_revision_id).get()
    assert entry.data["comment"] == "Suggestion of Reviewer Tester accepted"
    assert "reviewer" in {p.username for p in contributors_now(submission.key)}
    again = submit(page, writer)
    with pytest.raises(PolicyError, match="words of yours are in it"):
        sign(again, reviewer)
    sign(again, reviewer2)
    verify()


def test_a_deletion_of_the_writers_own_words_bars_its_author_even_when_they_come_back(
    submission: Submission, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    """What was recorded for a suggestion is not retracted."""
    suggestion = suggest(reviewer, submission, " over many weeks", "")
    give_back(submission, reviewer2)
    accept(writer, suggestion)
    assert words_of_draft(submission.page) == ["It slows the growth of cancer cells."]
    again = submit(edit(submission.page.specific, writer, how_it_works=WORDS), writer)
    with pytest.raises(PolicyError, match="words of yours"):
        sign(again, reviewer)


def test_a_declined_suggestion_changes_nothing_and_bars_nobody(
    submission: Submission, writer: Any, reviewer: Any
) -> None:
    """A writer can decline while the text is in review, which is signed then."""
    suggestion = suggest(reviewer, submission, "many", "some")
    with pytest.raises(PolicyError, match="Suggestions are open"):
        sign(submission, reviewer)
    DeclineSuggestion(writer, suggestion, body="The label says so.").execute()
    assert words_of_draft(submission.page) == [WORDS]
    sign(submission, reviewer)


def test_words_of_a_declined_suggestion_that_the_writer_types_are_its_authors(
    submission: Submission, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    words = "It keeps the cells that make you ill from growing."
    suggestion = suggest(reviewer, submission, WORDS, words)
    DeclineSuggestion(writer, suggestion).execute()
    give_back(submission, reviewer2)
    again = submit(edit(submission.page.specific, writer, how_it_works=words), writer)
    with pytest.raises(PolicyError, match="words of yours"):
        sign(again, reviewer)


def test_a_suggestion_is_answered_once(submission: Submission, writer: Any, reviewer: Any) -> None:
    suggestion = suggest(reviewer, submission, "many", "some")
    give_back(submission, reviewer)
    same = Suggestion.objects.get(pk=suggestion.pk)
    accept(writer, suggestion)
    revisions = submission.page.revisions.count()
    for again in (AcceptSuggestion(writer, same), DeclineSuggestion(writer, same)):
        with pytest.raises(PolicyError, match="accepted by Writer Tester already"):
            again.execute()
    with pytest.raises(PolicyError, match="accepted by Writer Tester already"):
        WithdrawSuggestion(reviewer, same).execute()
    assert submission.page.revisions.count() == revisions
    assert words_of_draft(submission.page) == [WORDS.replace("many", "some")]


def test_nothing_is_accepted_in_review_or_while_somebody_has_the_page_locked(
    submission: Submission, writer: Any, reviewer: Any, editor: Any
) -> None:
    suggestion = suggest(reviewer, submission, "many", "some")
    with pytest.raises(PolicyError, match="in review, so it cannot be changed"):
        accept(writer, suggestion)
    give_back(submission, reviewer)
    MonographPage.objects.filter(pk=submission.page_id).update(locked=True, locked_by=editor)
    with pytest.raises(PolicyError, match="Editor Tester locked this page"):
        accept(writer, suggestion)
    MonographPage.objects.filter(pk=submission.page_id).update(locked=False, locked_by=None)
    accept(writer, suggestion)


def test_it_survives_edits_elsewhere_and_ends_with_its_words(
    submission: Submission, writer: Any, reviewer: Any
) -> None:
    kept, lost = (suggest(reviewer, submission, *words) for words in (("many", "some"), ("cells", "tissue")))
    give_back(submission, reviewer)
    edit(submission.page.specific, writer, how_it_is_administered="As a pill.", summary="Another summary.")
    accept(writer, kept)
    edit(submission.page.specific, writer, how_it_works=WORDS.replace("slows", "stops"))
    with pytest.raises(PolicyError, match="has changed since"):
        accept(writer, lost)
    DeclineSuggestion(writer, lost).execute()


def test_a_reordered_section_keeps_its_suggestions(
    submission: Submission, writer: Any, reviewer: Any
) -> None:
    Recall(writer, submission).execute()
    page = set_parts(submission.page.specific, writer, SECTION, [text("One cell."), text("Two cells.")])
    again = submit(page, writer)
    suggestion = suggest(reviewer, again, "Two cells", "Both cells")
    give_back(again, reviewer)
    draft = draft_of(page)
    stream = draft.sections.get_prep_value()
    section = next(each for each in stream if each["type"] == SECTION)
    section["value"]["content"].reverse()
    draft.sections = json.dumps(stream)
    draft.save_revision(user=writer)
    accept(writer, suggestion)
    assert words_of_draft(page) == ["Both cells.", "One cell."]


def test_several_suggestions_at_one_passage(submission: Submission, writer: Any, reviewer: Any) -> None:
    first = suggest(reviewer, submission, "slows", "really slows down")
    second = suggest(reviewer, submission, "many weeks", "some months")
    overlapping = suggest(reviewer, submission, "cells over many", "tissue in few")
    inserted = suggest(reviewer, submission, "the growth", "the bad growth")
    give_back(submission, reviewer)
    for each in (first, second, inserted):
        accept(writer, each)
    said = "It really slows down the bad growth of cancer cells over some months."
    assert words_of_draft(submission.page) == [said]
    with pytest.raises(PolicyError, match="has changed since"):
        accept(writer, overlapping)
    assert words_of_draft(submission.page) == [said]


@pytest.mark.parametrize(
    "case",
    [
        ("page", "summary", "testumab is a medicine.", "testumab is a medicine for blood cancer."),
        ("common_side_effects", "common_effects", "Fever", "High temperature"),
        ("common_side_effects", "what_to_do", "Call 911 at once.", "Call 911 now."),
        ("sources", "title", "The label", "The label of the FDA"),
        (SECTION, "cells", "5 mg", "5 mg or less"),
        (SECTION, "dont", "Drive.", "Drive or cycle."),
        (SECTION, "text", "strong cells", "strong bad cells"),
        (SECTION, "caption", "Doses", "All doses"),
    ],
)
def test_every_kind_of_field_can_be_changed(
    submission: Submission, writer: Any, reviewer: Any, case: tuple[str, str, str, str]
) -> None:
    section, place, old, new = case
    Recall(writer, submission).execute()
    link = '<a href="https://example.org/">cells</a>'
    content = [
        text(f"Many <b>strong</b> {link}.</p><ul><li>An item</li></ul><p>End."),
        {"type": "do_dont", "value": {"do": ["Rest."], "dont": ["Drive.", "Drink."]}},
        {
            "type": "table",
            "value": {
                "caption": "Doses",
                "header_row": True,
                "row_headers": False,
                "cells": {
                    "columns": [{"type": "cell", "heading": ""}] * 2,
                    "rows": [
                        {"values": ["<p>Day</p>", "<p>Dose</p>"]},
                        {"values": ["<p>1</p>", "<p><b>5 mg</b></p>"]},
                    ],
                    "caption": "",
                },
            },
        },
    ]
    page = set_parts(submission.page.specific, writer, SECTION, content)
    suggestion = suggest(reviewer, submit(page, writer), old, new, section=section)
    assert f"/{place}" in f"/{suggestion.place}"
    give_back(suggestion.submission, reviewer)
    accept(writer, suggestion)
    assert new in " ".join(words_of_draft(page, section))
    said = draft_of(page).to_document().model_dump_json()
    assert new.rsplit(maxsplit=1)[-1] in said
    assert "<strong>strong</strong>" in said
    assert "https://example.org/" in said


def test_words_in_several_places_are_told_apart_by_what_is_around_them(
    submission: Submission, writer: Any, reviewer: Any
) -> None:
    Recall(writer, submission).execute()
    page = set_parts(submission.page.specific, writer, SECTION, [text("One day. Two day."), text("Two day.")])
    again = submit(page, writer)
    with pytest.raises(PolicyError, match="several places"):
        suggest(reviewer, again, "Two day", "Two days")
    suggestion = suggest(reviewer, again, "day", "days", prefix="One day. Two ", suffix=".Two day.")
    assert (suggestion.passage, suggestion.start) == ("One day. Two day.", 13)
    twin = passages_of_draft(page)[1]
    whole = suggest(reviewer, again, twin.words, "Two days.", place=twin.place)
    give_back(again, reviewer)
    accept(writer, whole)
    accept(writer, suggestion)
    assert words_of_draft(page) == ["One day. Two days.", "Two days."]


def test_one_of_equal_passages_is_changed(submission: Submission, writer: Any, reviewer: Any) -> None:
    Recall(writer, submission).execute()
    page = set_parts(submission.page.specific, writer, SECTION, [text("Same.</p><p>Same.</p><p>Same.")])
    again = submit(page, writer)
    place = passages_of_draft(page)[0].place
    second, third = (
        suggest(reviewer, again, "Same.", words, place=place, number=n) for n, words in ((1, "B."), (2, "C."))
    )
    give_back(again, reviewer)
    accept(writer, second)
    accept(writer, third)
    assert words_of_draft(page) == ["Same.", "B.", "C."]


@pytest.mark.parametrize(
    ("old", "number", "words"),
    [
        ("Note", 0, ["2 tablets", "1 tablet", "3 tablets"]),
        ("1 tablet", 1, ["Note", "2 tablets", "3 tablets"]),
    ],
)
def test_a_deleted_passage_moves_no_suggestion_to_its_neighbour(
    submission: Submission, writer: Any, reviewer: Any, old: str, number: int, words: list[str]
) -> None:
    """Rows of a table that say the same are told apart, also when a passage before them goes."""
    Recall(writer, submission).execute()
    cells = ("Note", "1 tablet", "1 tablet", "1 tablet")
    page = set_parts(submission.page.specific, writer, SECTION, [text("Take it daily."), dose_table(*cells)])
    again = submit(page, writer)
    place = next(each.place for each in passages_of_draft(page) if each.words == "Note")
    first, last = (
        suggest(reviewer, again, "1 tablet", new, place=place, number=n)
        for n, new in ((0, "2 tablets"), (2, "3 tablets"))
    )
    deleted = suggest(reviewer, again, old, "", place=place, number=number)
    give_back(again, reviewer)
    for each in (deleted, last, first):
        each.refresh_from_db()
        accept(writer, each)
    said = [each for each in words_of_draft(page) if each == "Note" or "tablet" in each]
    assert said == words
