"""Suggestions are made in review and withdrawn: by whom, of what, and what is stored."""

from typing import Any
from unicodedata import normalize

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from monographs.editions.models import LedgerEntry
from monographs.pages.refusals import PolicyError
from monographs.review.actions import (
    AcceptSuggestion,
    DeclineSuggestion,
    Recall,
    WithdrawSuggestion,
)
from monographs.review.actions.suggest import MAX_WORDS
from monographs.review.models import Submission, Suggestion, SuggestionStatus
from tests.factories import edit, make_user, sign, submit
from tests.review.suggested_words import (
    WORDS,
    accept,
    draft_of,
    give_back,
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


def refused(sql: str, *values: Any) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_the_same_suggestion_sent_twice_is_one(submission: Submission, reviewer: Any) -> None:
    one, two = (suggest(reviewer, submission, "many", "some") for _ in range(2))
    assert one == two
    assert LedgerEntry.objects.filter(event="suggested").count() == 1


def test_its_author_withdraws_it_and_nobody_else(
    submission: Submission, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    suggestion = suggest(reviewer, submission, "many", "some")
    for other in (writer, reviewer2):
        with pytest.raises(PolicyError, match="Only Reviewer Tester may withdraw"):
            WithdrawSuggestion(other, suggestion).execute()
    WithdrawSuggestion(reviewer, suggestion).execute()
    with pytest.raises(PolicyError, match="withdrawn by Reviewer Tester already"):
        accept(writer, suggestion)
    sign(submission, reviewer)


def test_a_recalled_text_takes_its_suggestions_along(
    submission: Submission, writer: Any, reviewer: Any
) -> None:
    suggestion = suggest(reviewer, submission, "many", "some")
    Recall(writer, submission).execute()
    accept(writer, suggestion)
    assert words_of_draft(submission.page) == [WORDS.replace("many", "some")]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("many", "many", "same words"),
        ("no such words", "x", "do not stand together"),
        ("", "x", "do not stand together"),
        ("many", "x" * (MAX_WORDS + 1), "at most 2000"),
        ("many", "so\x07me", "control characters"),
    ],
)
def test_what_cannot_be_suggested_is_refused(
    submission: Submission, reviewer: Any, old: str, new: str, message: str
) -> None:
    with pytest.raises(PolicyError, match=message):
        suggest(reviewer, submission, old, new)
    assert not Suggestion.objects.exists()


def test_a_reason_is_needed_and_a_field_must_hold_the_words(submission: Submission, reviewer: Any) -> None:
    with pytest.raises(PolicyError, match="Give a reason"):
        suggest(reviewer, submission, "many", "some", reason=" ")
    with pytest.raises(PolicyError, match="at most 300"):
        suggest(reviewer, submission, "Fever", "F" * 301, section="common_side_effects")
    with pytest.raises(PolicyError, match="required"):
        suggest(reviewer, submission, "Fever", "", section="common_side_effects")
    with pytest.raises(PolicyError, match="without line breaks"):
        suggest(reviewer, submission, "Fever", "Fever\nand chills", section="common_side_effects")
    suggest(reviewer, submission, "many", "x" * MAX_WORDS)


@pytest.mark.parametrize(
    "words", ["<b>some</b> & more", "cafe\u0301", "👩‍⚕️ many", "many\u00a0more", "<script>alert(1)</script>"]
)
def test_words_are_text_and_stay_as_typed(
    submission: Submission, writer: Any, reviewer: Any, words: str
) -> None:
    suggestion = suggest(reviewer, submission, "many", words)
    give_back(submission, reviewer)
    accept(writer, suggestion)
    assert words_of_draft(submission.page) == [WORDS.replace("many", normalize("NFC", words))]
    assert "<script>" not in draft_of(submission.page).to_document().model_dump_json()


@pytest.mark.parametrize("who", ["writer", "reviewer", "reviewer2", "editor", "nobody"])
def test_who_may_do_what(submission: Submission, reviewer: Any, request: Any, who: str) -> None:
    """One table of the policy: suggesting, and answering a suggestion once the text is returned."""
    user = make_user("nobody") if who == "nobody" else request.getfixturevalue(who)
    may_suggest = who in ("reviewer", "reviewer2")
    if may_suggest:
        suggest(user, submission, "growth", "growing")
    else:
        with pytest.raises(PolicyError):
            suggest(user, submission, "growth", "growing")
    suggestion = suggest(reviewer, submission, "many", "some")
    give_back(submission, reviewer)
    may_answer = who in ("writer", "editor")
    for attempt in (DeclineSuggestion, AcceptSuggestion):
        suggestion = Suggestion.objects.get(pk=suggestion.pk)
        if may_answer and suggestion.is_open:
            with transaction.atomic():
                attempt(user, suggestion).execute()
                transaction.set_rollback(True)
        elif not may_answer:
            with pytest.raises(PolicyError):
                attempt(user, suggestion).execute()


def test_a_reviewer_who_contributed_may_suggest_as_they_may_note(
    submission: Submission, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    Recall(writer, submission).execute()
    again = submit(edit(submission.page.specific, reviewer, how_it_is_administered="As a pill."), writer)
    assert suggest(reviewer, again, "many", "some").is_open


def test_the_database_refuses_what_no_action_does(submission: Submission, writer: Any, reviewer: Any) -> None:
    suggestion = suggest(reviewer, submission, "slows", "slosw")
    table = "UPDATE review_suggestion SET"
    refused(f"{table} status = 'accepted' WHERE id = %s", suggestion.pk)
    refused(f"{table} status = 'accepted', exempt = TRUE WHERE id = %s", suggestion.pk)
    refused(f"{table} new_words = 'other' WHERE id = %s", suggestion.pk)
    refused("DELETE FROM review_suggestion WHERE id = %s", suggestion.pk)
    refused("TRUNCATE review_suggestion")
    with pytest.raises(IntegrityError), transaction.atomic():
        Suggestion.objects.filter(pk=suggestion.pk).update(status="accepted")
    DeclineSuggestion(writer, suggestion).execute()
    refused(f"{table} status = 'open' WHERE id = %s", suggestion.pk)
    refused(f"{table} answer = 'other' WHERE id = %s", suggestion.pk)
    copy = {f.attname: getattr(suggestion, f.attname) for f in Suggestion._meta.concrete_fields}
    copy |= {"id": None, "status": SuggestionStatus.ACCEPTED}
    with pytest.raises(DatabaseError), transaction.atomic():
        Suggestion.objects.create(**copy)


def test_a_deleted_account_leaves_its_suggestions(submission: Submission, writer: Any, reviewer: Any) -> None:
    suggestion = suggest(reviewer, submission, "many", "some")
    DeclineSuggestion(writer, suggestion).execute()
    reviewer.delete()
    suggestion.refresh_from_db()
    assert suggestion.author is None
    assert suggestion.author_person.username == "reviewer"
