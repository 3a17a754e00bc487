"""Suggestions on the review screen, passage by passage, in the editor, in the history and in emails."""

from html import escape
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monographs.models import MonographPage
from monographs.review.actions import AcceptSuggestion, Return
from monographs.review.models import Notice, Submission, Suggestion, SuggestionExemption
from monographs.review.notifications.digest import deliver_waiting
from monographs.review.suggestions.suggestion_policy import bar_notice
from tests.factories import edit, make_monograph, make_user, submit
from tests.review.suggested_words import (
    SECTION,
    WORDS,
    passages_of_draft,
    suggest,
    text_in_review,
    words_of_draft,
)
from tests.stateful.forms import DraftForm

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def submission_pk(module_rows: None) -> int:
    """A first text in review, whose section has words to change."""
    return text_in_review().pk


@pytest.fixture
def submission(db: None, submission_pk: int) -> Submission:
    return Submission.objects.get(pk=submission_pk)


def review_of(submission: Submission) -> str:
    return reverse("review:review", args=[submission.pk])


def shown(client: Client, submission: Submission) -> str:
    return client.get(review_of(submission)).content.decode()


def post(client: Client, submission: Submission, suggestion: Suggestion, act: str) -> Any:
    return client.post(reverse("review:suggestion", args=[submission.pk, suggestion.pk]), {"act": act})


def editor_form(page: Any) -> dict[str, str]:
    """Return the form of the editor as it was loaded."""
    return DraftForm.of(page.get_latest_revision().content).form()


def test_a_reviewer_suggests_and_reads_first_that_they_cannot_sign_then(
    client: Client, submission: Submission, reviewer: Any
) -> None:
    client.force_login(reviewer)
    assert bar_notice(exempt=False) in shown(client, submission)
    data = {"section": SECTION, "quote": "many weeks", "words": "some months", "reason": "The trial says so."}
    response = client.post(reverse("review:suggest", args=[submission.pk]), data)
    suggestion = Suggestion.objects.get()
    assert response.headers["Location"].endswith(f"#suggestion-{suggestion.pk}")
    html = shown(client, submission)
    assert f'id="suggestion-{suggestion.pk}"' in html
    assert "some months</ins>" in html
    assert "The trial says so." in html
    assert "must be answered or withdrawn" in html
    assert 'value="withdraw"' in html
    assert 'value="accept"' not in html


@pytest.mark.parametrize(
    ("data", "message", "status"),
    [
        ({"words": "x", "reason": "y"}, "This field is required", 400),
        ({"quote": "many", "words": "x"}, "This field is required", 400),
        ({"quote": "many", "words": "many", "reason": "y"}, "These are the same words", 403),
        ({"quote": "nowhere", "words": "<b>x", "reason": "y"}, "do not stand together", 403),
    ],
)
def test_a_refused_suggestion_keeps_what_was_typed(
    client: Client, submission: Submission, reviewer: Any, data: dict[str, str], message: str, status: int
) -> None:
    client.force_login(reviewer)
    response = client.post(reverse("review:suggest", args=[submission.pk]), {"section": SECTION, **data})
    html = response.content.decode()
    assert response.status_code == status
    assert message in html
    assert escape(data["words"]) in html
    assert not Suggestion.objects.exists()


def test_each_passage_has_a_form_of_its_own(client: Client, submission: Submission, reviewer: Any) -> None:
    """The way without a script and without a mouse."""
    client.force_login(reviewer)
    address = reverse("review:passages_to_change", args=[submission.pk, SECTION])
    assert address in shown(client, submission)
    listed = client.get(address).content.decode()
    assert WORDS in listed
    assert "?passage=0#passage-0" in listed
    opened = client.get(f"{address}?passage=0").content.decode()
    assert f"{WORDS}</textarea>" in opened
    assert "you cannot sign this text then" in opened
    (passage,) = passages_of_draft(submission.page)
    data = {"section": SECTION, "quote": WORDS, "place": passage.place, "number": 0}
    refused = client.post(address, {**data, "words": WORDS, "reason": "None."})
    assert refused.status_code == 403
    assert "These are the same words" in refused.content.decode()
    client.post(address, {**data, "words": WORDS.replace("slows", "stops"), "reason": "It does."})
    suggestion = Suggestion.objects.get()
    assert (suggestion.old_words, suggestion.new_words) == ("slows", "stops")


def test_a_writer_accepts_on_the_returned_text_with_one_click(
    client: Client, submission: Submission, writer: Any, reviewer: Any
) -> None:
    first, second = (suggest(reviewer, submission, *each) for each in (("slows", "stops"), ("many", "some")))
    client.force_login(writer)
    html = shown(client, submission)
    assert "The text is in review, so it cannot be changed" in html
    assert 'value="accept"' not in html
    assert 'value="decline"' in html
    Return(reviewer, submission, reason="See the suggestions.").execute()
    assert 'value="accept"' in shown(client, submission)
    assert post(client, submission, first, "accept").status_code == 302
    assert post(client, submission, second, "decline").status_code == 302
    assert words_of_draft(submission.page) == [WORDS.replace("slows", "stops")]
    again = post(client, submission, first, "accept")
    assert again.status_code == 403
    assert "accepted by Writer Tester already" in again.content.decode()
    html = shown(client, submission)
    assert "contributed these words and cannot sign the text" in html
    assert "2 answered suggestions" in html


def test_a_passage_that_changed_is_said_and_offers_no_acceptance(
    client: Client, submission: Submission, writer: Any, reviewer: Any
) -> None:
    suggestion = suggest(reviewer, submission, "slows", "stops")
    Return(reviewer, submission, reason="See it.").execute()
    edit(submission.page.specific, writer, how_it_works="Other words.")
    client.force_login(writer)
    html = shown(client, submission)
    assert "The passage has changed since" in html
    assert 'value="accept"' not in html
    assert "has changed since" in post(client, submission, suggestion, "accept").content.decode()


def test_an_answer_through_another_page_is_refused(
    client: Client, submission: Submission, writer: Any, reviewer: Any
) -> None:
    suggestion = suggest(reviewer, submission, "slows", "stops")
    other = submit(make_monograph("otherumab", by=writer), writer)
    client.force_login(writer)
    assert post(client, other, suggestion, "decline").status_code == 404


def test_the_history_says_who_suggested_what_and_who_answered(
    client: Client, submission: Submission, writer: Any, reviewer: Any
) -> None:
    suggestion = suggest(reviewer, submission, "slows", "stops", reason="The trial says so.")
    Return(reviewer, submission, reason="See it.").execute()
    client.force_login(writer)
    post(client, submission, suggestion, "accept")
    html = client.get(reverse("review:record", args=[submission.key])).content.decode()
    assert "Reviewer Tester suggested other words" in html
    assert "Writer Tester accepted a suggestion" in html
    assert "Reviewer Tester: “slows” → “stops”" in html
    assert "The trial says so." in html


@pytest.mark.parametrize("count", [1, 4])
def test_the_review_screen_takes_as_many_queries_for_many_suggestions(
    client: Client, submission: Submission, writer: Any, reviewer: Any, count: int
) -> None:
    for word in ("slows", "growth", "cancer", "many")[:count]:
        suggest(reviewer, submission, word, f"{word} indeed")
    client.force_login(writer)
    shown(client, submission)
    with CaptureQueriesContext(connection) as queries:
        shown(client, submission)
    _same_for_each.setdefault("queries", len(queries))
    assert len(queries) == _same_for_each["queries"]


_same_for_each: dict[str, int] = {}


def test_writers_and_the_author_are_told(
    submission: Submission, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    suggestion = suggest(reviewer, submission, "slows", "stops", reason="The trial says so.")
    told = Notice.objects.get(event="suggested")
    assert told.user == writer
    assert "- slows" in told.text
    assert "+ stops" in told.text
    Return(reviewer2, submission, reason="See it.").execute()
    AcceptSuggestion(writer, suggestion).execute()
    answered = Notice.objects.get(event="suggestion_answered")
    assert answered.user == reviewer
    assert "cannot sign this text" in answered.text
    assert "#suggestion-" in answered.text
    deliver_waiting()
    assert all("None" not in message.body for message in mail.outbox)


def test_editors_decide_on_wording_and_the_decision_is_listed(
    client: Client, submission: Submission, writer: Any, editor: Any
) -> None:
    address, second = reverse("review:suggestion_exemption"), make_user("editor2", "Editors")
    client.force_login(writer)
    assert client.get(address).status_code == 302
    assert client.post(address, {"allowed": "yes", "reason": "Mine."}).status_code == 302
    assert not SuggestionExemption.objects.exists()
    client.force_login(editor)
    assert "No suggestion is exempt now" in client.get(address).content.decode()
    assert client.post(address, {"allowed": "yes"}).status_code == 400
    assert client.post(address, {"allowed": "no", "reason": "As it is."}).status_code == 403
    client.post(address, {"allowed": "yes", "reason": "Typing errors."})
    html = client.get(address).content.decode()
    crumbs = html[html.index("w-breadcrumbs") : html.index("</header>")]
    assert f'href="{reverse("review:queue")}"' in crumbs
    assert "No suggestion is exempt now" in html
    assert "another editor or an administrator must confirm it" in html
    proposal = SuggestionExemption.objects.get()
    assert client.post(address, {"confirm": proposal.pk}).status_code == 403
    assert SuggestionExemption.objects.count() == 1
    client.force_login(second)
    assert "Confirm it" in client.get(address).content.decode()
    assert client.post(address, {"confirm": "0"}).status_code == 403
    assert client.post(address, {"confirm": proposal.pk}).status_code == 302
    html = client.get(address).content.decode()
    assert "wording only are exempt now" in html
    assert "but not those of Editor Tester and Editor2 Tester, who decided it" in html
    assert "Typing errors." in html


def test_the_editor_answers_beside_the_passage(
    client: Client, submission: Submission, writer: Any, reviewer: Any
) -> None:
    suggestion = suggest(reviewer, submission, "slows", "stops")
    Return(reviewer, submission, reason="See it.").execute()
    client.force_login(writer)
    page = MonographPage.objects.get(pk=submission.page_id)
    client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), editor_form(page))
    page = MonographPage.objects.get(pk=page.pk)
    form = editor_form(page)
    address = reverse("review:editor:suggestion", args=[page.pk, suggestion.pk])
    shown_beside = client.post(reverse("review:editor:findings", args=[page.pk]), form).json()
    assert "editor-act=accept" in shown_beside["places"][SECTION]
    assert shown_beside["suggestions"] == 1
    changed = client.post(address, {**form, "summary": "Unsaved words.", "editor-act": "accept"})
    assert changed.status_code == 403
    assert "Save the draft first" in changed.json()["message"]
    assert client.post(address, {**form, "editor-act": "bless"}).status_code == 400
    assert client.post(address, {**form, "editor-act": "accept"}).json() == {"reload": True}
    assert words_of_draft(page) == [WORDS.replace("slows", "stops")]
    again = client.post(address, {**form, "editor-act": "accept"})
    assert "already" in again.json()["message"]
