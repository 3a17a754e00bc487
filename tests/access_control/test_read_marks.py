"""Bypass routes around what must be read, ticked and resolved before a signature."""

from typing import Any

import pytest

from monographs.editions.models import Edition
from monographs.pages.refusals import PolicyError
from monographs.review.actions import AddNote, Sign, TickStatement
from monographs.review.models import Note, SectionRead, Submission, Tick
from monographs.review.progress import progress_of
from tests.access_control.attempt import Attempt, bypass_attempt
from tests.access_control.populated_site import user_of
from tests.factories import PASSWORD, read_all, submit

SIGNERS = ("reviewer", "superuser who reviews")


def form(submission: Submission) -> dict[str, str]:
    return {"sha256": submission.sha256, "password": PASSWORD}


def sign(attempt: Attempt) -> Any:
    return attempt.post("review:sign", attempt.site.in_review, data=form(attempt.site.submission()))


def note_by(role: str, submission: Submission) -> Note:
    return AddNote(user_of(role), submission, section="how_it_works", body="Explain the pump.").execute()


@bypass_attempt("sign: with sections unread", *SIGNERS)
def test_unread(attempt: Attempt) -> None:
    for statement in attempt.site.submission().checklist:
        TickStatement(attempt.user, attempt.site.submission(), statement=statement).execute()
    attempt.refused(sign(attempt), "Read what changed, and mark it as read", "How it works")


@bypass_attempt("sign: with one section unread", "reviewer")
def test_one_unread(attempt: Attempt) -> None:
    read_all(attempt.site.submission(), attempt.user)
    SectionRead.objects.filter(user=attempt.user, section="how_it_works").delete()
    attempt.refused(sign(attempt), "mark it as read: How it works.")


@bypass_attempt("sign: with sections read by another reviewer", "reviewer")
def test_read_by_another(attempt: Attempt) -> None:
    read_all(attempt.site.submission(), user_of("other reviewer"))
    attempt.refused(sign(attempt), "Read what changed")


@bypass_attempt("sign: with statements unticked", *SIGNERS)
def test_unticked(attempt: Attempt) -> None:
    read_all(attempt.site.submission(), attempt.user)
    Tick.objects.filter(user=attempt.user).first().delete()
    attempt.refused(sign(attempt), "Tick the checklist")


@bypass_attempt("sign: with a note open", *SIGNERS)
def test_open_note(attempt: Attempt) -> None:
    read_all(attempt.site.submission(), attempt.user)
    note_by("other reviewer", attempt.site.submission())
    attempt.refused(sign(attempt), "Notes are open")


@bypass_attempt("sign: in code, unread", "reviewer")
def test_unread_in_code(attempt: Attempt) -> None:
    submission = attempt.site.submission()
    action = Sign(attempt.user, submission, password=PASSWORD, seen_sha256=submission.sha256)
    attempt.refused_in_code(PolicyError, "Read what changed", action.execute)


@pytest.mark.parametrize("digest", ["0" * 64, "", "text"])
@bypass_attempt("mark: a change that was not shown", "reviewer")
def test_forged_digest(attempt: Attempt, digest: str) -> None:
    data = {"section": "how_it_works", "digest": digest}
    response = attempt.post("review:mark", attempt.site.in_review, data=data)
    attempt.refused(response, "not part of the text in review")
    assert not SectionRead.objects.filter(user=attempt.user).exists()


@bypass_attempt("mark: a section under another one's digest", "reviewer")
def test_swapped_digest(attempt: Attempt) -> None:
    first, second, *_ = progress_of(attempt.user, attempt.site.submission()).to_read
    data = {"section": first.anchor, "digest": second.digest}
    response = attempt.post("review:mark", attempt.site.in_review, data=data)
    attempt.refused(response, "not part of the text in review")


@bypass_attempt("mark: a section of another submission", "reviewer")
def test_digest_of_another_text(attempt: Attempt) -> None:
    other = submit(attempt.site.page(attempt.site.draft), user_of("writer"))
    section = progress_of(attempt.user, other).to_read[0]
    data = {"section": section.anchor, "digest": section.digest}
    response = attempt.post("review:mark", attempt.site.in_review, data=data)
    attempt.refused(response, "not part of the text in review")


@bypass_attempt("mark: by those who may not review", "writer", "editor", "superuser")
def test_marking_without_right(attempt: Attempt) -> None:
    section = progress_of(attempt.user, attempt.site.submission()).to_read[0]
    data = {"section": section.anchor, "digest": section.digest}
    response = attempt.post("review:mark", attempt.site.in_review, data=data)
    attempt.refused(response, "Only members of Medical reviewers")


@bypass_attempt("tick: a statement of one's own", "reviewer")
def test_forged_statement(attempt: Attempt) -> None:
    data = {"statement": "I know the author."}
    response = attempt.post("review:checklist", attempt.site.in_review, data=data)
    attempt.refused(response, "not on the checklist")
    assert not Tick.objects.filter(user=attempt.user).exists()


@bypass_attempt("tick: by those who may not review", "writer", "editor", "superuser")
def test_ticking_without_right(attempt: Attempt) -> None:
    data = {"statement": attempt.site.submission().checklist}
    response = attempt.post("review:checklist", attempt.site.in_review, data=data)
    attempt.refused(response, "Only members of Medical reviewers")


@bypass_attempt("note: by those who may not review", "writer", "editor", "superuser")
def test_noting_without_right(attempt: Attempt) -> None:
    data = {"section": "how_it_works", "body": "Let me in."}
    response = attempt.post("review:notes", attempt.site.in_review, data=data)
    attempt.refused(response, "Only members of Medical reviewers")
    assert not Note.objects.exists()


@bypass_attempt("note: settled through another page's review", "writer")
def test_note_of_another_page(attempt: Attempt) -> None:
    other = submit(attempt.site.page(attempt.site.draft), user_of("writer"))
    note = note_by("other reviewer", other)
    response = attempt.post("review:note", attempt.site.in_review, note.pk, data={"act": "resolve"})
    note.refresh_from_db()
    assert note.is_open
    attempt.unreachable(response.status_code)


@bypass_attempt("note: another reviewer's, settled by a signer", *SIGNERS)
def test_settling_for_another(attempt: Attempt) -> None:
    note = note_by("other reviewer", attempt.site.submission())
    for act, words in (("resolve", "not yours to settle"), ("withdraw", "may withdraw this note")):
        response = attempt.post("review:note", attempt.site.in_review, note.pk, data={"act": act})
        attempt.refused(response, words)
    note.refresh_from_db()
    assert note.is_open


@bypass_attempt("note: answered by a user without a part in the review", "reader")
def test_answering_without_part(attempt: Attempt) -> None:
    note = note_by("other reviewer", attempt.site.submission())
    data = {"act": "answer", "body": "Hello."}
    response = attempt.post("review:note", attempt.site.in_review, note.pk, data=data)
    attempt.refused(response, "permission to access")


@bypass_attempt("note: reopened while a signed text waits", "writer")
def test_reopening_what_waits(attempt: Attempt) -> None:
    submission = attempt.site.submission()
    note = note_by("other reviewer", submission)
    data = {"act": "resolve", "body": "Done."}
    attempt.post("review:note", submission.pk, note.pk, data=data)
    Submission.objects.filter(pk=submission.pk).update(status="scheduled")
    response = attempt.post("review:note", submission.pk, note.pk, data={"act": "reopen"})
    attempt.refused(response, "waits for its day")


@bypass_attempt("submit: to a user who cannot sign", "writer")
def test_asking_who_cannot_sign(attempt: Attempt) -> None:
    data = {"review_kind": "full_review", "reason": "New.", "reviewers": [str(user_of("editor").pk)]}
    response = attempt.post("review:submit", attempt.site.draft, data=data)
    assert response.status_code == 400
    assert not Edition.objects.filter(key=attempt.site.page(attempt.site.draft).translation_key).exists()
    assert not attempt.site.page(attempt.site.draft).is_frozen
    attempt.harmless()
