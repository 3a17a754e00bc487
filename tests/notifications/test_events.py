"""Who is notified of which event, through a real mail server: one email for each event and person."""

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
from monographs.review.publication.scheduled import publish_due
from tests.factories import PASSWORD, edit, make_standard_text, make_user, publish, sign, submit
from tests.notifications.conftest import Mailbox, html, plain

pytestmark = pytest.mark.django_db(transaction=True)

LATER = timedelta(hours=1)


def add_note(submission: Submission, by: Any, body: str = "Which dose?") -> Note:
    return AddNote(by, submission, section="how_it_works", body=body).execute()


def withdraw(key: Any, by: Any) -> None:
    Withdraw(by, key, cause=WithdrawalReason.MISTAKE, note="Tenfold dose.", password=PASSWORD).execute()


def test_a_submission_asks_all_who_may_sign_it(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any, reviewer2: Any, editor: Any
) -> None:
    make_user("expired", "Medical reviewers", credentials="")
    submit(page, writer)
    assert mailbox.subjects() == [
        ("reviewer", "Please review: testumab"),
        ("reviewer2", "Please review: testumab"),
    ]


def test_a_submission_that_names_a_reviewer_asks_that_one_only(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    due_on = timezone.now().date() + timedelta(days=9)
    submit(page, writer, reviewers=[reviewer2], due_on=due_on)
    day = f"{due_on:%B} {due_on.day}"
    assert mailbox.subjects() == [("reviewer2", f"Please review by {day}: testumab")]


def test_a_request_says_what_changed_and_why_and_not_the_text(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    publish(page, writer, reviewer)
    mailbox.subjects()
    submit(edit(page, writer, how_it_works="Take 5 mg at night."), writer, reason="The label changed.")
    email = mailbox.one("reviewer")
    for form in (plain(email), html(email)):
        assert "The label changed." in form
        assert "Dose or number changed in How it works (added: 5" in form
        assert "How it works" in form
        assert "5 mg at night" not in form


def test_restoring_an_edition_asks_reviewers_too(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any, editor: Any
) -> None:
    publish(page, writer, reviewer)
    publish(edit(page, writer, how_it_works="Otherwise."), writer, reviewer)
    mailbox.subjects()
    Restore(editor, MonographPage.objects.get(pk=page.pk), number=1, reason="It was right.").execute()
    assert mailbox.subjects("reviewer") == ["Please review: testumab"]


def test_a_return_notifies_submitter_and_contributors_with_reason_and_open_notes(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    edit(page, make_user("writer2", "Medical writers"), how_it_works="Another hand.")
    submission = submit(page, writer)
    add_note(submission, reviewer, "Which dose? <b>Say it.</b>")
    ResolveNote(reviewer, add_note(submission, reviewer, "Never mind.")).execute()
    mailbox.subjects()
    Return(reviewer, submission, reason="The dose is missing.").execute()
    email = mailbox.one("writer")
    assert mailbox.subjects() == [
        ("writer", "Returned, please fix: testumab"),
        ("writer2", "Returned, please fix: testumab"),
    ]
    for form in (plain(email), html(email)):
        assert "The dose is missing." in form
        assert "How it works" in form
        assert "Never mind." not in form
    assert "Which dose? <b>Say it.</b>" in plain(email)
    assert "Which dose? &lt;b&gt;Say it.&lt;/b&gt;" in html(email)
    deliver_waiting(timezone.now() + LATER)
    assert mailbox.subjects() == [], "the email contained its notes"


def test_a_signature_that_needs_others_notifies_the_submitter_and_asks_nobody_twice(
    mailbox: Mailbox, two_signatures: None, page: MonographPage, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    submission = submit(page, writer)
    mailbox.subjects()
    sign(submission, reviewer)
    assert mailbox.subjects() == [("writer", "Signed, 1 more needed: testumab")]


def test_when_the_named_reviewer_has_signed_the_others_are_asked(
    mailbox: Mailbox, two_signatures: None, page: MonographPage, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    submission = submit(page, writer, reviewers=[reviewer])
    assert mailbox.subjects() == [("reviewer", "Please review: testumab")]
    sign(submission, reviewer)
    email = mailbox.one("reviewer2")
    assert "Reviewer Tester, PharmD has signed it; now it needs your signature." in plain(email)
    assert mailbox.subjects() == [
        ("reviewer2", "Please review: testumab"),
        ("writer", "Signed, 1 more needed: testumab"),
    ]


def test_publication_notifies_submitter_contributors_and_signers_but_not_the_last_signer(
    mailbox: Mailbox, two_signatures: None, page: MonographPage, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    edit(page, make_user("writer2", "Medical writers"), how_it_works="Another hand.")
    submission = submit(page, writer)
    sign(submission, reviewer)
    mailbox.subjects()
    sign(submission, reviewer2)
    email = mailbox.one("writer")
    assert "https://medicines.example.org/medicines/testumab/" in plain(email)
    assert "Reviewer2 Tester, MD" in plain(email)
    subject = "Published: testumab, edition 1"
    assert mailbox.subjects() == [("reviewer", subject), ("writer", subject), ("writer2", subject)]


def test_editors_learn_of_a_signed_version_of_a_standard_text(
    mailbox: Mailbox, site: Any, writer: Any, reviewer: Any, editor: Any
) -> None:
    publish(make_standard_text("Side effects", by=writer), writer, reviewer)
    email = mailbox.one("editor")
    assert email["Subject"] == "Signed: Side effects, version 1"
    assert "Version 1 of the standard text" in plain(email)
    assert "or as an editor" in plain(email)


def test_a_scheduled_text_is_notified_when_signed_and_when_public(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    day = timezone.now() + LATER
    submission = submit(page, writer, publish_at=day)
    mailbox.subjects()
    sign(submission, reviewer)
    assert mailbox.subjects() == [("writer", f"Signed, public from {day:%B} {day.day}: testumab")]
    Submission.objects.update(publish_at=timezone.now())
    publish_due()
    subject = "Published: testumab, edition 1"
    assert mailbox.subjects() == [("reviewer", subject), ("writer", subject)]


def test_a_signer_is_notified_when_the_signature_becomes_void(
    mailbox: Mailbox, two_signatures: None, page: MonographPage, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    submission = submit(page, writer)
    sign(submission, reviewer)
    mailbox.subjects()
    Recall(writer, submission, reason="A wrong picture.").execute()
    assert "A wrong picture." in html(mailbox.one("reviewer"))
    assert mailbox.subjects() == [("reviewer", "Your signature no longer counts: testumab")]


def test_a_signer_who_returns_the_text_gets_no_email_about_it(
    mailbox: Mailbox, two_signatures: None, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    submission = submit(page, writer)
    sign(submission, reviewer)
    mailbox.subjects()
    Return(reviewer, submission, reason="I read it again.").execute()
    assert mailbox.subjects() == [("writer", "Returned, please fix: testumab")]


def test_a_withdrawal_notifies_editors_and_the_people_behind_the_edition_once_each(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any, reviewer2: Any, editor: Any
) -> None:
    writer.groups.add(editor.groups.get())
    publish(page, writer, reviewer)
    mailbox.subjects()
    withdraw(page.translation_key, reviewer2)
    subject = "Withdrawn: testumab"
    assert mailbox.subjects() == [("editor", subject), ("reviewer", subject), ("writer", subject)]


def test_a_failed_publication_notifies_editors_once_for_each_cause(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any, editor: Any
) -> None:
    submission = submit(page, writer, publish_at=timezone.now() + LATER)
    sign(submission, reviewer)
    mailbox.subjects()
    Submission.objects.update(
        publish_at=timezone.now(), canonical=submission.canonical.replace("Fever", "Nothing")
    )
    for _ in range(2):
        publish_due()
    assert mailbox.subjects() == [("editor", "Not published: testumab")]


def test_successive_notes_are_one_email_after_the_quiet_period(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    submission = submit(page, writer)
    mailbox.subjects()
    for body in ("Which dose?", "How often?", "Since when?"):
        add_note(submission, reviewer, body)
    deliver_waiting()
    assert mailbox.subjects() == []
    deliver_waiting(timezone.now() + LATER)
    email = mailbox.one("writer")
    assert email["Subject"] == "3 notes on testumab"
    assert [plain(email).count(body) for body in ("Which dose?", "How often?", "Since when?")] == [1, 1, 1]
    deliver_waiting(timezone.now() + LATER)
    assert len(mailbox.subjects()) == 1


def test_the_author_of_a_note_is_notified_of_answers_and_of_its_resolution(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    submission = submit(page, writer)
    note = add_note(submission, reviewer)
    deliver_waiting(timezone.now() + LATER)
    assert mailbox.subjects("writer") == ["Note on testumab: How it works"]
    AnswerNote(writer, note, body="The one on the label.").execute()
    deliver_waiting(timezone.now() + LATER)
    assert "The one on the label." in plain(mailbox.one("reviewer"))
    assert mailbox.subjects() == [("reviewer", "Answer to a note on testumab: How it works")]
    ResolveNote(writer, note).execute()
    deliver_waiting(timezone.now() + LATER)
    assert mailbox.subjects() == [("reviewer", "Your note is resolved on testumab: How it works")]


def test_a_user_who_is_writer_editor_and_reviewer_gets_one_email(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    everything = make_user("everything", "Medical writers", "Medical reviewers", "Editors")
    edit(page, everything, how_it_works="By somebody with every role.")
    publish(page, writer, reviewer)
    assert mailbox.subjects("everything") == ["Published: testumab, edition 1"]


def test_accounts_that_are_inactive_without_address_or_without_admin_access_get_none(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    for name, changes in {"gone": {"is_active": False}, "nowhere": {"email": ""}}.items():
        user = make_user(name, "Medical writers")
        edit(page, user, how_it_works=f"By {name}.")
        type(user).objects.filter(pk=user.pk).update(**changes)
    left = make_user("left", "Medical writers")
    edit(page, left, how_it_works="By one who left.")
    left.groups.clear()
    publish(page, writer, reviewer)
    assert {name for name, _ in mailbox.subjects()} == {"reviewer", "writer"}
    assert set(Notice.objects.values_list("user__username", flat=True)) == {"reviewer", "writer"}


def test_a_change_that_is_rolled_back_notifies_nobody(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    with transaction.atomic():
        submit(page, writer)
        transaction.set_rollback(True)
    assert mailbox.subjects() == []
    assert not Notice.objects.exists()


def test_the_same_event_twice_sends_one_email(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    from monographs.review import notifications  # noqa: PLC0415  # as the actions import it

    submission = submit(page, writer)
    assert len(mailbox.subjects()) == 1
    notifications.submitted(submission)
    assert mailbox.subjects() == []
    assert Notice.objects.count() == 1


def test_a_broken_template_keeps_no_page_from_being_withdrawn(
    page: MonographPage, writer: Any, reviewer: Any, tmp_path: Any, settings: Any, caplog: Any
) -> None:
    publish(page, writer, reviewer)
    (tmp_path / "emails").mkdir()
    (tmp_path / "emails" / "withdrawn.txt").write_text("{% nonsense %}")
    templates, *others = settings.TEMPLATES
    settings.TEMPLATES = [{**templates, "DIRS": [tmp_path, *templates["DIRS"]]}, *others]
    withdraw(page.translation_key, reviewer)
    assert not MonographPage.objects.get(pk=page.pk).live
    assert "The notification withdrawn could not be stored" in caplog.text
