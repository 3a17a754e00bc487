"""Bypass routes around what a suggestion may do: to the text, to who signs it, and for whom."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from wagtail.models import Page

from monographs.pages.refusals import PolicyError
from monographs.review.actions import AcceptSuggestion, ChosenWords, Return, Sign, Suggest
from monographs.review.models import Submission, Suggestion, SuggestionExemption
from monographs.review.suggestions.editable_passages import editable_passages
from tests.access_control.attempt import Attempt, bypass_attempt
from tests.access_control.populated_site import SHELL, user_of
from tests.factories import PASSWORD, read_all, submit

SECTION = "how_it_works"


def words_of(submission: Submission) -> str:
    page = Page.objects.get(pk=submission.page_id).specific
    passages = editable_passages(page.get_latest_revision().content, type(page))
    return next(each.words for each in passages if each.section == SECTION)


def suggestion_by(role: str, submission: Submission) -> Suggestion:
    chosen = ChosenWords(SECTION, words_of(submission))
    return Suggest(
        user_of(role), submission.key, chosen, words="Other words.", reason="Why.", submission=submission
    ).execute()


def answer(attempt: Attempt, submission: Submission, suggestion: Suggestion, act: str) -> Any:
    return attempt.post("review:suggestion", submission.pk, suggestion.pk, data={"act": act})


@bypass_attempt("suggest: by those who may not review", "writer", "editor", "superuser")
def test_suggesting_without_right(attempt: Attempt) -> None:
    data = {"section": SECTION, "quote": "x", "words": "y", "reason": "z"}
    response = attempt.post("review:suggest", attempt.site.in_review, data=data)
    attempt.refused(response, "Only members of Medical reviewers")
    response = attempt.post("review:passages_to_change", attempt.site.in_review, SECTION, data=data)
    attempt.refused(response, "Only members of Medical reviewers")
    assert not Suggestion.objects.exists()


@bypass_attempt("suggestion: accepted in review", "writer", "editor")
def test_accepting_in_review(attempt: Attempt) -> None:
    submission = attempt.site.submission()
    before = words_of(submission)
    suggestion = suggestion_by("other reviewer", submission)
    attempt.refused(answer(attempt, submission, suggestion, "accept"), "in review, so it cannot be changed")
    assert words_of(submission) == before


@bypass_attempt("suggestion: settled by who could sign it", "reviewer", "superuser who reviews")
def test_settling_as_a_signer(attempt: Attempt) -> None:
    submission = attempt.site.submission()
    suggestion = suggestion_by("other reviewer", submission)
    for act in ("accept", "decline"):
        attempt.refused(answer(attempt, submission, suggestion, act), "a writer answers its suggestions")
    attempt.refused(answer(attempt, submission, suggestion, "withdraw"), "may withdraw this suggestion")
    suggestion.refresh_from_db()
    assert suggestion.is_open


@bypass_attempt("suggestion: answered through another page's review", "writer")
def test_suggestion_of_another_page(attempt: Attempt) -> None:
    other = submit(attempt.site.page(attempt.site.draft), user_of("writer"))
    suggestion = suggestion_by("other reviewer", other)
    response = answer(attempt, attempt.site.submission(), suggestion, "decline")
    suggestion.refresh_from_db()
    assert suggestion.is_open
    attempt.unreachable(response.status_code)


@bypass_attempt("suggestion: answered by a user without a part in the review", "reader")
def test_answering_without_part(attempt: Attempt) -> None:
    suggestion = suggestion_by("other reviewer", attempt.site.submission())
    attempt.refused(answer(attempt, attempt.site.submission(), suggestion, "decline"), "permission to access")


@bypass_attempt("sign: with a suggestion open", "reviewer", "superuser who reviews")
def test_open_suggestion(attempt: Attempt) -> None:
    submission = attempt.site.submission()
    read_all(submission, attempt.user)
    suggestion_by("other reviewer", submission)
    data = {"sha256": submission.sha256, "password": PASSWORD}
    attempt.refused(attempt.post("review:sign", submission.pk, data=data), "Suggestions are open")


@bypass_attempt("sign: words one suggested", "reviewer")
def test_signing_what_one_suggested(attempt: Attempt) -> None:
    submission = attempt.site.submission()
    suggestion = suggestion_by("reviewer", submission)
    Return(user_of("other reviewer"), submission, reason="See it.").execute()
    AcceptSuggestion(user_of("writer"), suggestion).execute()
    again = submit(attempt.site.page(submission.page_id), user_of("writer"))
    read_all(again, attempt.user)
    action = Sign(attempt.user, again, password=PASSWORD, seen_sha256=again.sha256)
    attempt.refused_in_code(PolicyError, "words of yours are in it", action.execute)


@bypass_attempt("suggestion: the exemption decided by who is no editor", "writer", "reviewer")
def test_deciding_without_right(attempt: Attempt) -> None:
    response = attempt.post("review:suggestion_exemption", data={"allowed": "yes", "reason": "Mine."})
    attempt.refused(response, "permission to access")
    assert not SuggestionExemption.objects.exists()


@pytest.mark.parametrize("change", ["status = 'accepted'", "status = 'accepted', exempt = true"])
@bypass_attempt("suggestion: SQL that accepts it without its author as a contributor", SHELL)
def test_accepting_in_sql(attempt: Attempt, change: str) -> None:
    suggestion = suggestion_by("other reviewer", attempt.site.submission())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE review_suggestion SET {change} WHERE id = %s", [suggestion.pk])  # noqa: S608
    suggestion.refresh_from_db()
    assert suggestion.is_open
    attempt.harmless()


@bypass_attempt("suggestion: the exemption confirmed by who proposed it", "editor", "superuser")
def test_confirming_alone(attempt: Attempt) -> None:
    attempt.post("review:suggestion_exemption", data={"allowed": "yes", "reason": "Mine."})
    proposal = SuggestionExemption.objects.get()
    response = attempt.post("review:suggestion_exemption", data={"confirm": proposal.pk})
    attempt.refused(response, "You proposed this")
    assert SuggestionExemption.objects.count() == 1
