"""What is told to whom, through a real mail server: one mail for one event and person."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.models import MonographPage
from monographs.review.actions import AddNote, AnswerNote, Recall, ResolveNote, Restore, Return, Withdraw
from monographs.review.models import Note, Notice, Submission
from monographs.review.notifications.digest import deliver_waiting
from monographs.review.scheduled import publish_due
from tests.factories import PASSWORD, edit, make_user, publish, sign, submit
from tests.notifications.conftest import Post, html, plain

pytestmark = pytest.mark.django_db(transaction=True)

LATER = timedelta(hours=1)


def add_note(submission: Submission, by: Any, body: str = "Which dose?") -> Note:
    return AddNote(by, submission, section="how_it_works", body=body).execute()


def withdraw(key: Any, by: Any) -> None:
    Withdraw(by, key, cause=WithdrawalReason.MISTAKE, note="Tenfold dose.", password=PASSWORD).execute()


def test_a_submission_asks_all_who_may_sign_it(
    post: Post, page: MonographPage, writer: Any, reviewer: Any, reviewer2: Any, editor: Any
) -> None:
    make_user("expired", "Medical reviewers", credentials="")
    submit(page, writer)
    assert post.told() == [
        ("reviewer", "Please review: testumab"),
        ("reviewer2", "Please review: testumab"),
    ]


def test_a_submission_that_names_a_reviewer_asks_that_one_only(
    post: Post, page: MonographPage, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    due_on = timezone.now().date() + timedelta(days=9)
    submit(page, writer, reviewers=[reviewer2], due_on=due_on)
    day = f"{due_on:%B} {due_on.day}"
    assert post.told() == [("reviewer2", f"Please review by {day}: testumab")]


def test_a_request_says_what_changed_and_why_and_not_the_text(
    post: Post, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    publish(page, writer, reviewer)
    post.told()
    submit(edit(page, writer, how_it_works="Take 5 mg at night."), writer, reason="The label changed.")
    letter = post.one("reviewer")
    for form in (plain(letter), html(letter)):
        assert "The label changed." in form
        assert "Dose or number changed in How it works (added: 5" in form
        assert "How it works" in form
        assert "5 mg at night" not in form


def test_bringing_an_edition_back_asks_too(
    post: Post, page: MonographPage, writer: Any, reviewer: Any, editor: Any
) -> None:
    publish(page, writer, reviewer)
    publish(edit(page, writer, how_it_works="Otherwise."), writer, reviewer)
    post.told()
    Restore(editor, MonographPage.objects.get(pk=page.pk), number=1, reason="It was right.").execute()
    assert post.told("reviewer") == ["Please review: testumab"]


def test_a_return_is_told_to_submitter_and_contributors_with_reason_and_open_notes(
    post: Post, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    edit(page, make_user("writer2", "Medical writers"), how_it_works="Another hand.")
    submission = submit(page, writer)
    add_note(submission, reviewer, "Which dose? <b>Say it.</b>")
    ResolveNote(reviewer, add_note(submission, reviewer, "Never mind.")).execute()
    post.told()
    Return(reviewer, submission, reason="The dose is missing.").execute()
    letter = post.one("writer")
    assert post.told() == [
        ("writer", "Returned, please fix: testumab"),
        ("writer2", "Returned, please fix: testumab"),
    ]
    for form in (plain(letter), html(letter)):
        assert "The dose is missing." in form
        assert "How it works" in form
        assert "Never mind." not in form
    assert "Which dose? <b>Say it.</b>" in plain(letter)
    assert "Which dose? &lt;b&gt;Say it.&lt;/b&gt;" in html(letter)
    deliver_waiting(timezone.now() + LATER)
    assert post.told() == [], "its notes went along"


def test_a_signature_that_needs_others_is_told_to_the_submitter_and_those_asked_are_not_asked_again(
    post: Post, two_signatures: None, page: MonographPage, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    submission = submit(page, writer)
    post.told()
    sign(submission, reviewer)
    assert post.told() == [("writer", "Signed, 1 more needed: testumab")]


def test_when_the_named_reviewer_has_signed_the_others_are_asked(
    post: Post, two_signatures: None, page: MonographPage, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    submission = submit(page, writer, reviewers=[reviewer])
    assert post.told() == [("reviewer", "Please review: testumab")]
    sign(submission, reviewer)
    letter = post.one("reviewer2")
    assert "Reviewer Tester, PharmD has signed it; now it needs your signature." in plain(letter)
    assert post.told() == [
        ("reviewer2", "Please review: testumab"),
        ("writer", "Signed, 1 more needed: testumab"),
    ]


def test_publication_is_told_to_submitter_contributors_and_signers_but_not_to_the_last_signer(
    post: Post, two_signatures: None, page: MonographPage, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    edit(page, make_user("writer2", "Medical writers"), how_it_works="Another hand.")
    submission = submit(page, writer)
    sign(submission, reviewer)
    post.told()
    sign(submission, reviewer2)
    letter = post.one("writer")
    assert "https://medicines.example.org/medicines/testumab/" in plain(letter)
    assert "Reviewer2 Tester, MD" in plain(letter)
    subject = "Published: testumab, edition 1"
    assert post.told() == [("reviewer", subject), ("writer", subject), ("writer2", subject)]


def test_a_text_that_waits_for_its_day_is_told_twice_when_signed_and_when_public(
    post: Post, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    day = timezone.now() + LATER
    submission = submit(page, writer, publish_at=day)
    post.told()
    sign(submission, reviewer)
    assert post.told() == [("writer", f"Signed, public from {day:%B} {day.day}: testumab")]
    Submission.objects.update(publish_at=timezone.now())
    publish_due()
    subject = "Published: testumab, edition 1"
    assert post.told() == [("reviewer", subject), ("writer", subject)]


def test_who_signed_is_told_that_it_no_longer_counts(
    post: Post, two_signatures: None, page: MonographPage, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    submission = submit(page, writer)
    sign(submission, reviewer)
    post.told()
    Recall(writer, submission, reason="A wrong picture.").execute()
    assert "A wrong picture." in html(post.one("reviewer"))
    assert post.told() == [("reviewer", "Your signature no longer counts: testumab")]


def test_who_returns_what_they_signed_themselves_is_not_told_of_it(
    post: Post, two_signatures: None, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    submission = submit(page, writer)
    sign(submission, reviewer)
    post.told()
    Return(reviewer, submission, reason="I read it again.").execute()
    assert post.told() == [("writer", "Returned, please fix: testumab")]


def test_a_withdrawal_is_told_to_editors_and_to_whoever_made_the_edition_once_each(
    post: Post, page: MonographPage, writer: Any, reviewer: Any, reviewer2: Any, editor: Any
) -> None:
    writer.groups.add(editor.groups.get())
    publish(page, writer, reviewer)
    post.told()
    withdraw(page.translation_key, reviewer2)
    subject = "Withdrawn: testumab"
    assert post.told() == [("editor", subject), ("reviewer", subject), ("writer", subject)]


def test_a_text_that_cannot_be_published_is_told_to_editors_once_for_each_cause(
    post: Post, page: MonographPage, writer: Any, reviewer: Any, editor: Any
) -> None:
    submission = submit(page, writer, publish_at=timezone.now() + LATER)
    sign(submission, reviewer)
    post.told()
    Submission.objects.update(
        publish_at=timezone.now(), canonical=submission.canonical.replace("Fever", "Nothing")
    )
    for _ in range(2):
        publish_due()
    assert post.told() == [("editor", "Not published: testumab")]


def test_notes_left_in_a_row_are_told_together_once_their_author_has_stopped(
    post: Post, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    submission = submit(page, writer)
    post.told()
    for body in ("Which dose?", "How often?", "Since when?"):
        add_note(submission, reviewer, body)
    deliver_waiting()
    assert post.told() == []
    deliver_waiting(timezone.now() + LATER)
    letter = post.one("writer")
    assert letter["Subject"] == "3 notes on testumab"
    assert [plain(letter).count(body) for body in ("Which dose?", "How often?", "Since when?")] == [1, 1, 1]
    deliver_waiting(timezone.now() + LATER)
    assert len(post.told()) == 1


def test_an_answer_is_told_to_the_notes_author_and_a_resolved_note_too(
    post: Post, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    submission = submit(page, writer)
    note = add_note(submission, reviewer)
    deliver_waiting(timezone.now() + LATER)
    assert post.told("writer") == ["Note on testumab: How it works"]
    AnswerNote(writer, note, body="The one on the label.").execute()
    deliver_waiting(timezone.now() + LATER)
    assert "The one on the label." in plain(post.one("reviewer"))
    assert post.told() == [("reviewer", "Answer to a note on testumab: How it works")]
    ResolveNote(writer, note).execute()
    deliver_waiting(timezone.now() + LATER)
    assert post.told() == [("reviewer", "Your note is resolved on testumab: How it works")]


def test_who_is_writer_editor_and_reviewer_at_once_gets_one_mail(
    post: Post, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    everything = make_user("everything", "Medical writers", "Medical reviewers", "Editors")
    edit(page, everything, how_it_works="By somebody with every role.")
    publish(page, writer, reviewer)
    assert post.told("everything") == ["Published: testumab, edition 1"]


def test_inactive_accounts_those_without_address_and_those_who_left_the_desk_get_none(
    post: Post, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    for name, changes in {"gone": {"is_active": False}, "nowhere": {"email": ""}}.items():
        user = make_user(name, "Medical writers")
        edit(page, user, how_it_works=f"By {name}.")
        type(user).objects.filter(pk=user.pk).update(**changes)
    left = make_user("left", "Medical writers")
    edit(page, left, how_it_works="By one who left.")
    left.groups.clear()
    publish(page, writer, reviewer)
    assert {name for name, _ in post.told()} == {"reviewer", "writer"}
    assert set(Notice.objects.values_list("user__username", flat=True)) == {"reviewer", "writer"}


def test_what_is_rolled_back_is_told_to_nobody(
    post: Post, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    with transaction.atomic():
        submit(page, writer)
        transaction.set_rollback(True)
    assert post.told() == []
    assert not Notice.objects.exists()


def test_telling_an_event_again_mails_nobody_again(
    post: Post, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    from monographs.review import notifications  # noqa: PLC0415  # as an action calls it

    submission = submit(page, writer)
    assert len(post.told()) == 1
    notifications.submitted(submission)
    assert post.told() == []
    assert Notice.objects.count() == 1


def test_a_broken_template_keeps_no_page_from_being_withdrawn(
    page: MonographPage, writer: Any, reviewer: Any, tmp_path: Any, settings: Any, caplog: Any
) -> None:
    publish(page, writer, reviewer)
    (tmp_path / "emails").mkdir()
    (tmp_path / "emails" / "withdrawn.txt").write_text("{% nonsense %}")
    (templates,) = settings.TEMPLATES
    settings.TEMPLATES = [{**templates, "DIRS": [tmp_path, *templates["DIRS"]]}]
    withdraw(page.translation_key, reviewer)
    assert not MonographPage.objects.get(pk=page.pk).live
    assert "the notice withdrawn could not be written" in caplog.text
