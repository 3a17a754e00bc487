"""Suggestions for fields of several lines, and for passages with white space around their words."""

import json
from typing import Any
from unicodedata import normalize

import pytest
from django.test import Client
from django.urls import reverse

from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.models import Submission, Suggestion
from tests.factories import make_monograph, make_user, submit
from tests.review.suggested_words import accept, draft_of, give_back, passages_of_draft, suggest

pytestmark = pytest.mark.django_db

EFFECTS = "common_side_effects"
#: As a browser's form sends a field of several lines, and with a space that nobody sees.
LINES = " Rest.\r\nCall your care team. "


@pytest.fixture
def submission(writer: Any, reviewer: Any) -> Submission:
    """A text in review, one of whose effects says what to do in two lines."""
    page = make_monograph(by=writer)
    draft = draft_of(page)
    stored = draft.sections.get_prep_value()
    for child in stored:
        if child["type"] == EFFECTS:
            child["value"]["common_effects"] = [
                {"type": "item", "id": "e1", "value": {"name": "Rash", "what_to_do": LINES}},
            ]
        if child["type"] == "how_it_works":
            child["value"]["content"][0]["value"] = "<p>It works in a café.</p>"
    draft.sections = json.dumps(stored)
    draft.save_revision(user=writer, clean=False)
    return submit(MonographPage.objects.get(pk=page.pk), writer)


def passage_of(submission: Submission) -> Any:
    return next(p for p in passages_of_draft(submission.page, EFFECTS) if p.words.strip().startswith("Rest"))


def change(submission: Submission, reviewer: Any, words: str) -> Suggestion:
    """Suggest other words for the whole passage, as its form sends them."""
    passage = passage_of(submission)
    quote = passage.words.strip()
    return suggest(reviewer, submission, quote, words, section=EFFECTS, place=passage.place, number=0)


def test_a_change_in_one_line_is_no_change_of_the_break_before_it(
    submission: Submission, writer: Any, reviewer: Any
) -> None:
    suggestion = change(submission, reviewer, "Rest.\nAsk your care team.")
    assert (suggestion.old_words, suggestion.new_words) == ("Call", "Ask")
    give_back(submission, reviewer)
    accept(writer, suggestion)
    assert passage_of(submission).words == LINES.replace("Call", "Ask")


def test_an_added_line_ends_as_the_others_do(submission: Submission, writer: Any, reviewer: Any) -> None:
    suggestion = change(submission, reviewer, "Rest.\nDrink.\nCall your care team.")
    give_back(submission, reviewer)
    accept(writer, suggestion)
    assert passage_of(submission).words == LINES.replace("Call", "Drink.\r\nCall")


def test_the_same_lines_are_no_suggestion(submission: Submission, reviewer: Any) -> None:
    with pytest.raises(PolicyError) as refusal:
        change(submission, reviewer, "Rest.\nCall your care team.")
    assert refusal.value.rule == Rule.NO_WORDS


def test_the_form_of_a_passage_changes_nothing_around_its_words(
    client: Client, submission: Submission, reviewer: Any
) -> None:
    client.force_login(reviewer)
    passage = passage_of(submission)
    data = {
        "section": EFFECTS, "quote": LINES, "words": LINES.replace("Rest", "Sleep"), "reason": "Plainer.",
        "place": passage.place, "number": "0",
    }  # fmt: skip
    client.post(reverse("review:passages_to_change", args=[submission.pk, EFFECTS]), data)
    suggestion = Suggestion.objects.get()
    assert (suggestion.old_words, suggestion.new_words) == ("Rest", "Sleep")


def test_words_that_are_all_of_a_passage_can_still_be_deleted(
    submission: Submission, writer: Any, reviewer: Any
) -> None:
    suggestion = change(submission, reviewer, "")
    give_back(submission, reviewer)
    accept(writer, suggestion)
    assert not [p for p in passages_of_draft(submission.page, EFFECTS) if "Rest" in p.words]


def test_a_change_of_white_space_within_the_words_is_kept(submission: Submission, reviewer: Any) -> None:
    make_user("other", "Medical reviewers")
    suggestion = change(submission, reviewer, "Rest. Call your care team.")
    assert (suggestion.old_words, suggestion.new_words) == ("\r\n", " ")


def test_words_that_were_copied_decomposed_are_found(submission: Submission, reviewer: Any) -> None:
    """As some programs copy them: “é” as two characters."""
    source = passages_of_draft(submission.page, "how_it_works")[0].words
    assert "é" in source
    suggestion = suggest(reviewer, submission, normalize("NFD", "café"), "kitchen", section="how_it_works")
    assert (suggestion.old_words, suggestion.new_words) == ("café", "kitchen")
