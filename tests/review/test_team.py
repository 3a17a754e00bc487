"""What editors see and change about everybody's reviews: the panel, the list, and the terms of many texts."""

import html
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from wagtail.models import TaskState

from monographs.accounts.models import HoldReason
from monographs.accounts.signing_holds import start_hold
from monographs.core.db_clock import database_now, database_today
from monographs.editions.ledger import Event
from monographs.editions.models import LedgerEntry
from monographs.editions.person import SYSTEM
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.label_watch.models import UpdateTask
from monographs.pages.refusals import PolicyError, Rule
from monographs.presentation.moments import long_day_text
from monographs.review.actions import AskedChange, ChangeTerms, NewTerms, Recall, Withdraw
from monographs.review.models import MedicalReviewTask, Notice, ReviewerProfile, Submission
from monographs.review.queue.queue_rows import queue_for
from monographs.review.screens.history import history
from monographs.review.submission_state.submission_terms import terms_stamp
from monographs.review.team.team_rows import TeamRow, team_reviews
from monographs.review.team.team_summary import items_needing_attention
from monographs.review.templatetags.review_tags import in_number
from monographs.source_library.models import SourceTask
from tests.conftest import as_user
from tests.factories import PASSWORD, make_monograph, make_user, sign, submit
from tests.source_library.library import add_source

pytestmark = pytest.mark.django_db
BATCH = "b" * 32


def shown(user: Any, address: str, **query: str) -> str:
    return " ".join(html.unescape(as_user(user).get(address, query).content.decode()).split())


def row_of(submission: Submission) -> TeamRow:
    return next(row for row in team_reviews().rows if row.submission.pk == submission.pk)


def posted(editor: Any, *rows: str, **choices: Any) -> tuple[int, str]:
    client = Client()
    client.force_login(editor)
    data = {"asked": "keep", "due": "keep", "row": list(rows)} | choices
    response = client.post(reverse("team:reviews"), data)
    return response.status_code, " ".join(html.unescape(response.content.decode()).split())


def change(editor: Any, submission: Submission, **terms: Any) -> str:
    now = Submission.objects.get(pk=submission.pk)
    seen = terms_stamp(now, now.reviewers.all())
    return ChangeTerms(editor, submission, NewTerms(BATCH, **terms), seen=seen).execute()


@pytest.fixture
def in_review(writer: Any, reviewer: Any, reviewer2: Any) -> Submission:
    """A text in review that two reviewers can sign."""
    return submit(make_monograph(by=writer), writer)


def test_several_texts_are_changed_at_once_and_each_person_gets_one_email(
    writer: Any,
    reviewer: Any,
    reviewer2: Any,
    editor: Any,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    texts = [submit(make_monograph(f"med{number}umab", by=writer), writer) for number in range(3)]
    for text in texts:
        text.reviewers.set([reviewer])
    Notice.objects.all().delete()
    day = database_today() + timedelta(days=9)
    rows = [row.choice for row in team_reviews().rows]
    terms = {"asked": "replace", "reviewers": [reviewer2.pk], "due": "set", "due_on": day.isoformat()}
    with django_capture_on_commit_callbacks(execute=True):
        status, page = posted(editor, *rows, **terms)
    assert status == 200
    assert "Changed: 3 texts" in page
    assert "Not changed" not in page
    assert page.count(f"Asked: Reviewer2 Tester; due {day:%B} {day.day}, {day.year}.") == 3
    for text in texts:
        text.refresh_from_db()
        assert (text.status, text.due_on, list(text.reviewers.all())) == ("in_review", day, [reviewer2])
    told = {email.to[0]: email for email in mail.outbox}
    assert sorted(told) == ["reviewer2@example.org", "reviewer@example.org", "writer@example.org"]
    assert len(mail.outbox) == len(told), "one email each"
    assert {email.subject for email in mail.outbox} == {"Changed for 3 texts in review"}
    for number in range(3):
        assert f"Editor Tester asks you to review “med{number}umab” by" in told["reviewer2@example.org"].body
        assert f"No longer asked to review: med{number}umab" in told["reviewer@example.org"].body
    assert LedgerEntry.objects.filter(event=Event.TERMS_CHANGED).count() == 3
    (latest, *_) = history(texts[0].key).object_list
    assert latest.sentence == "Editor Tester changed who is asked to review it, or by when"
    now = f"Reviewer2 Tester, {long_day_text(day)}"
    assert latest.remark == f"Before: Reviewer Tester, no due date. Now: {now}."


def test_texts_that_changed_meanwhile_are_refused_by_themselves(
    writer: Any, reviewer: Any, reviewer2: Any, editor: Any
) -> None:
    kept, moved, recalled = (
        submit(make_monograph(f"{name}umab", by=writer), writer) for name in ("kept", "moved", "gone")
    )
    rows = [row.choice for row in team_reviews().rows]
    change(editor, moved, asked=AskedChange.ADD, reviewers=[reviewer])
    Recall(writer, recalled).execute()
    status, page = posted(editor, *rows, "99999:" + "0" * 64, "x", asked="add", reviewers=[reviewer2.pk])
    assert status == 200
    assert "Changed: 1 text<" in page
    assert "It changed meanwhile. Asked: Reviewer Tester; no due date." in page
    assert "It is no longer in review: recalled by Writer Tester." in page
    assert "There is no such review any more." in page
    asked = {each.pk: list(each.reviewers.all()) for each in (kept, moved, recalled)}
    assert asked == {kept.pk: [reviewer2], moved.pk: [reviewer], recalled.pk: []}


def test_a_signature_at_another_step_makes_the_choice_stale(in_review: Submission, editor: Any) -> None:
    seen = row_of(in_review).stamp
    state = in_review.workflow_state
    old = state.current_task_state
    state.current_task_state = TaskState.objects.create(
        workflow_state=state, revision_id=old.revision_id, task=old.task
    )
    state.save()
    with pytest.raises(PolicyError) as refusal:
        ChangeTerms(editor, in_review, NewTerms(BATCH, remind=True), seen=seen).execute()
    assert refusal.value.rule == Rule.STALE


def test_who_cannot_sign_a_text_cannot_be_asked(
    writer: Any, reviewer: Any, reviewer2: Any, editor: Any
) -> None:
    MedicalReviewTask.objects.update(signatures=2)
    own = submit(make_monograph("mineumab", by=reviewer), writer)
    signed = submit(make_monograph("signedumab", by=writer), writer)
    sign(signed, reviewer)
    for text in (own, signed):
        with pytest.raises(PolicyError) as refusal:
            change(editor, text, asked=AskedChange.ADD, reviewers=[reviewer, reviewer2])
        assert refusal.value.rule == Rule.CANNOT_BE_ASKED
        assert refusal.value.message.startswith("Reviewer Tester cannot sign this text")
        assert not text.reviewers.exists()


@pytest.mark.parametrize("role", ["writer", "reviewer", "superuser"])
def test_only_editors_change_terms(role: str, in_review: Submission, request: pytest.FixtureRequest) -> None:
    user = request.getfixturevalue(role)
    with pytest.raises(PolicyError) as refusal:
        change(user, in_review, remind=True)
    assert refusal.value.rule == Rule.NOT_AN_EDITOR
    assert LedgerEntry.objects.get(event=Event.REFUSED).subject == str(in_review.key)
    seen = as_user(user).get(reverse("team:reviews"))
    assert seen.status_code == (200 if role == "superuser" else 302)
    assert b'name="row"' not in seen.content


def test_a_reminder_goes_to_those_who_are_asked_and_is_recorded(
    in_review: Submission, reviewer: Any, reviewer2: Any, editor: Any
) -> None:
    in_review.reviewers.set([reviewer])
    Notice.objects.all().delete()
    assert change(editor, in_review, remind=True).endswith("Reminded: Reviewer Tester.")
    notice = Notice.objects.get()
    assert (notice.user, notice.subject) == (reviewer, "Reminder, please sign or return: testumab")
    assert history(in_review.key).object_list[0].remark == "To Reviewer Tester."


def test_a_reminder_that_reaches_nobody_is_refused(in_review: Submission, reviewer: Any, editor: Any) -> None:
    in_review.reviewers.set([reviewer])
    type(reviewer).objects.exclude(pk=editor.pk).update(email="")
    with pytest.raises(PolicyError, match="nobody was reminded"):
        change(editor, in_review, remind=True)
    assert not LedgerEntry.objects.filter(event=Event.REMINDED).exists()


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({}, "Choose what to change"),
        ({"remind": "on", "row": []}, "Tick the texts to change"),
        ({"asked": "add"}, "Tick whom to ask"),
        ({"due": "set"}, "Choose the day"),
        ({"due": "set", "due_on": "2001-01-01"}, "This day has passed"),
        ({"due_on": "2999-01-01"}, "choose “Set to the day below”"),
    ],
    ids=["nothing", "no text", "nobody", "no day", "past", "day without choice"],
)
def test_a_form_that_says_too_little_changes_nothing(
    choices: dict[str, Any], message: str, in_review: Submission, editor: Any
) -> None:
    status, page = posted(editor, row_of(in_review).choice, **choices)
    assert status == 400
    assert message in page
    assert not LedgerEntry.objects.filter(event=Event.TERMS_CHANGED).exists()


def test_a_blocked_text_says_why(writer: Any, reviewer: Any, editor: Any) -> None:
    expired = make_user("expired", "Medical reviewers")
    ReviewerProfile.objects.filter(user=expired).update(expires_on=database_today() - timedelta(days=1))
    start_hold(make_user("moved", "Medical reviewers"), HoldReason.EMAIL, SYSTEM)
    text = submit(make_monograph(by=reviewer), writer)
    assert row_of(text).obstacle == (
        "Nobody can sign it: 1 wrote in it, 1 has expired credentials, "
        "1 waits after a change of sign-in facts."
    )
    assert queue_for(expired)[0].eligible == [], "the queue says the same"
    MedicalReviewTask.objects.update(signatures=2)
    make_user("second", "Medical reviewers")
    assert row_of(text).obstacle.startswith("2 signatures are needed, and only Second Tester can sign it: ")
    assert "Nothing is in this list." in shown(editor, reverse("team:reviews"), person=str(expired.pk))
    assert "Blocked." in shown(editor, reverse("team:reviews"), show="blocked")
    text.workflow_state.current_task_state = None
    text.workflow_state.save()
    assert row_of(text).obstacle.startswith("It is at no step of review")


def test_the_panel_is_calm_when_nothing_waits(editor: Any, writer: Any) -> None:
    page = shown(editor, reverse("wagtailadmin_home"))
    assert "No text is in review. Nothing else needs your attention." in page
    assert "The whole team" not in shown(writer, reverse("wagtailadmin_home"))


def test_the_panel_names_what_needs_attention(
    published_medicine: Any, writer: Any, reviewer: Any, reviewer2: Any, editor: Any
) -> None:
    today = database_today()
    in_review = submit(make_monograph("waitumab", by=writer), writer)
    Withdraw(
        reviewer, published_medicine.translation_key, cause=WithdrawalReason.MISTAKE, note="Tenfold.",
        password=PASSWORD,
    ).execute()  # fmt: skip
    text = submit(make_monograph("lateumab", by=editor), editor)
    Submission.objects.filter(pk=text.pk).update(due_on=today - timedelta(days=2))
    ReviewerProfile.objects.filter(user=reviewer2).update(expires_on=today + timedelta(days=20))
    for name, change_class in (("first", "wording"), ("second", "grave")):
        UpdateTask.objects.create(
            key=in_review.key, title=name, set_id=name, edition=1, from_version=1, to_version=2,
            change_class=change_class, opened_at=database_now(), due_on=today,
        )  # fmt: skip
    SourceTask.objects.create(
        key=in_review.key, title="waitumab", source=add_source(), edition=1, due_on=today - timedelta(days=1)
    )
    Notice.objects.update(created_at=database_now() - timedelta(hours=1))
    reviews, attention = items_needing_attention()
    assert [(each.count, each.label) for each in attention] == [
        (1, "overdue in review"),
        (1, "pages withdrawn"),
        (2, "label changes to answer"),
        (1, "sources overdue to look at again"),
        (1, "credentials ended or ending"),
        (len(Notice.objects.all()), "emails not sent"),
    ]
    assert attention[3].details == ("waitumab: The guideline (NCCN), overdue by 1 day",)
    details = {each.label: each.details for each in attention}
    assert details["overdue in review"] == ("lateumab: overdue by 2 days",)
    first = "second, set id second: grave, open for less than a minute, due"
    assert details["label changes to answer"][0].startswith(first)
    page = shown(editor, reverse("wagtailadmin_home"))
    for each in attention:
        assert f"<strong>{each.count}</strong> {in_number(each.label, each.count)}" in page
    assert "Please review: lateumab" in shown(editor, reverse("team:emails"))
    assert [row.submission.title for row in reviews.rows] == ["waitumab", "lateumab"]
    Submission.objects.filter(pk=text.pk).update(submitted_at=database_now() - timedelta(days=29))
    assert team_reviews().age_text == "1 for up to a week, 1 for more than four weeks"


@pytest.mark.parametrize("count", [1, 4])
def test_the_number_of_queries_does_not_depend_on_the_number_of_texts(
    count: int, writer: Any, reviewer: Any, editor: Any, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        text = submit(make_monograph(f"med{number}", by=writer), writer)
        text.reviewers.set([reviewer])
    with django_assert_num_queries(13):
        assert len(team_reviews().rows) == count
    with django_assert_num_queries(22):
        items_needing_attention()
    client = as_user(editor)
    client.get(reverse("team:reviews"))
    with django_assert_num_queries(36):
        client.get(reverse("team:reviews"))


def test_the_home_page_begins_texts(writer: Any, reviewer: Any) -> None:
    page = shown(writer, reverse("wagtailadmin_home"))
    client = as_user(writer)
    for label in ("New medicine", "New drug class", "Import texts"):
        before = page.split(label)[0]
        address = before.rpartition('href="')[2].partition('"')[0]
        assert client.get(address).status_code == 200, label
    assert "Begin a text" not in shown(reviewer, reverse("wagtailadmin_home"))


def test_queue_and_review_say_which_step_it_is_and_how_many_signatures_are_needed(
    writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    MedicalReviewTask.objects.update(signatures=2)
    text = submit(make_monograph(by=writer), writer)
    Submission.objects.filter(pk=text.pk).update(steps=[*text.steps, {"step": "Pharmacy", "signatures": 1}])
    step = MedicalReviewTask.objects.get().name
    addresses = (reverse("review:queue"), reverse("review:review", args=[text.pk]))
    for address in addresses:
        assert f"Step 1 of 2, {step}: 2 signatures needed; then Pharmacy" in shown(reviewer2, address)
    sign(text, reviewer)
    for address in addresses:
        assert f"{step}: 1 of 2 signatures given, 1 more needed; then Pharmacy" in shown(reviewer2, address)
