"""Emails about labels: one for each person and round of checks, however many labels changed."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from monographs.core.db_clock import database_now, database_today
from monographs.label_watch.label_tasks import refresh_label_tasks
from monographs.label_watch.models import FollowedLabel, LabelNotice, LabelNoticeKind, UpdateTask
from monographs.label_watch.task_labels import label_in_subject
from monographs.models import MonographPage
from monographs.review.models import Notice, NoticePreference
from monographs.review.notifications.digest import deliver_waiting, send_digests
from monographs.review.notifications.outbox import store_new
from monographs.review.notifications.reminders import reminders
from tests.factories import edit, make_user, publish
from tests.label_watch.label_service import SET_IDS
from tests.label_watch.test_label_tasks import GRAVE, store

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=1)
ONE = SET_IDS[0]


@pytest.fixture
def page(published_medicine: MonographPage, writer: Any, reviewer: Any, editor: Any) -> MonographPage:
    """A page whose edition, by the writer and signed by the reviewer, rests on version 3 of its label."""
    draft = published_medicine.get_latest_revision_as_object()
    edit(draft, writer, label_set_id=ONE, label_version="3")
    publish(draft, writer, reviewer)
    store(3)
    Notice.objects.update(sent_at=database_now())
    mail.outbox.clear()
    return published_medicine


def sent(after: timedelta = LATER) -> list[Any]:
    """Return the emails that are sent by then, sorted by recipient."""
    mail.outbox.clear()
    deliver_waiting(database_now() + after)
    return sorted(mail.outbox, key=lambda message: message.to)


def names(emails: list[Any]) -> list[str]:
    return [message.to[0].partition("@")[0] for message in emails]


def open_task(page: MonographPage, number: int, change_class: str) -> UpdateTask:
    return UpdateTask.objects.create(
        key=page.translation_key, title=f"Medicine {number}", set_id=f"{number:08d}{ONE[8:]}", edition=1,
        from_version=1, to_version=2, change_class=change_class, opened_at=database_now(),
        due_on=database_today() + timedelta(days=7),
    )  # fmt: skip


def test_a_change_is_mailed_once_the_round_is_over(page: MonographPage) -> None:
    store(4, GRAVE)
    refresh_label_tasks()
    assert sent(timedelta(minutes=9)) == [], "the round may go on"
    emails = sent()
    assert names(emails) == ["editor", "reviewer", "writer"]
    assert {message.subject for message in emails} == {
        "Label changed, grave: testumab, Exemplar XR 00000000…"
    }
    refresh_label_tasks()
    assert sent() == []


def test_two_labels_of_a_page_are_short_and_distinct_in_subjects() -> None:
    names = ["Exemplar in a pack of a very long name", "Another"]
    assert label_in_subject(ONE, names, "") == "Exemplar in a pack of a very … 00000000…"
    assert label_in_subject(SET_IDS[4], names, "") == "Exemplar in a pack of a very … 00000004…"


def test_a_round_that_finds_many_changes_is_one_email_for_each_person(
    page: MonographPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monographs.review.notifications.digest.MOST_IN_FULL", 3)
    monkeypatch.setattr("monographs.review.notifications.digest.MOST_LISTED", 4)
    number = 3 + 4 + 3
    for each in range(number):
        open_task(page, each, "grave" if each >= number - 2 else "wording")
    emails = {message.to[0].partition("@")[0]: message for message in sent()}
    assert sorted(emails) == ["editor", "reviewer", "writer"]
    assert emails["editor"].subject == "2 notices about labels, 2 of a grave change"
    message = emails["writer"]
    assert message.subject == f"{number} notices about labels, 2 of a grave change"
    assert message.body.index(f"grave: Medicine {number - 1}") < message.body.index("Medicine 0")
    assert message.body.count("Answer it by") == 3
    assert message.body.count("  - Label changed: Medicine") == 4
    assert "and 3 more." in message.body
    assert "/admin/notices/" in message.body
    assert sent() == []


def test_a_change_that_was_answered_before_the_email_is_only_named(page: MonographPage) -> None:
    first, second = open_task(page, 1, "substance"), open_task(page, 2, "substance")
    first.closed_at, first.outcome = database_now(), "edition"
    first.save()
    message = sent()[0]
    assert message.subject == f"Label changed: Medicine 2, set id {second.set_id[:8]}…"
    assert "No longer needed:\n  - Label changed: Medicine 1" in message.body


def test_a_daily_digest_has_what_changed_in_labels(page: MonographPage, writer: Any) -> None:
    NoticePreference.objects.create(user=writer, digest=True)
    open_task(page, 1, "substance")
    assert "writer" not in names(sent())
    mail.outbox.clear()
    send_digests(database_now() + LATER)
    (message,) = mail.outbox
    assert (names([message]), "Label changed: Medicine 1" in message.body) == (["writer"], True)


SAID = {
    LabelNoticeKind.GONE: "no longer published, and no change of it will be noticed",
    LabelNoticeKind.BACK: "Its changes are noticed as before",
    LabelNoticeKind.BACKWARDS: "compare the label there by hand",
    LabelNoticeKind.MAKER: "The label has another maker: Some & <b>Sons</b>",
    LabelNoticeKind.SAME_PRODUCT: "The product has another label: Some & <b>Sons</b>",
}


@pytest.mark.parametrize("kind", LabelNoticeKind)
def test_what_is_noticed_about_a_label_is_mailed_once(page: MonographPage, kind: LabelNoticeKind) -> None:
    detail = "Some & <b>Sons</b>"
    notice = LabelNotice.objects.create(set_id=ONE, kind=kind, detail=detail, noticed_at=database_now())
    emails = sent()
    assert names(emails) == ["editor", "reviewer", "writer"]
    message = emails[0]
    assert message.subject == f"Label, {kind.label.lower()}: testumab, Exemplar XR 00000000…"
    assert SAID[kind] in " ".join(message.body.split())
    assert "<b>Sons" not in message.alternatives[0][0]
    assert reverse("labels:page", args=[page.translation_key]) in message.body
    notice.save()
    assert sent() == []


def test_what_is_noticed_about_the_label_of_a_draft_is_told_to_editors(page: MonographPage) -> None:
    LabelNotice.objects.create(set_id=SET_IDS[4], kind="gone", detail="It went", noticed_at=database_now())
    (message,) = sent()
    assert names([message]) == ["editor"]
    assert message.subject == f"Label, no longer published: set id {SET_IDS[4][:8]}…"
    assert reverse("labels:coverage") in message.body


def test_a_label_that_a_page_follows_besides_concerns_its_people(page: MonographPage) -> None:
    FollowedLabel.objects.create(key=page.translation_key, set_id=SET_IDS[4])
    LabelNotice.objects.create(set_id=SET_IDS[4], kind="gone", detail="It went", noticed_at=database_now())
    assert names(sent()) == ["editor", "reviewer", "writer"]


@pytest.mark.parametrize(
    ("runs", "told"),
    [
        ([2, 1, 0, -1], {1: "by tomorrow", 0: "today", -1: "Overdue"}),
        ([1, 1, -1, -2, -7, -8, -9], {1: "by tomorrow", -1: "Overdue", -8: "Overdue"}),
        ([5], {}),
    ],
)
def test_an_answer_that_is_due_is_reminded_of(
    page: MonographPage, runs: list[int], told: dict[int, str]
) -> None:
    task = open_task(page, 1, "grave")
    Notice.objects.update(sent_at=database_now())
    found: dict[int, set[tuple[str, str]]] = {}
    for left in runs:
        assert task.due_on is not None
        store_new(reminders(task.due_on - timedelta(days=left)))
        for message in sent():
            found.setdefault(left, set()).add((names([message])[0], message.subject))
    named = f"Medicine 1, set id {task.set_id[:8]}…"
    assert found == {
        left: {
            (name, f"{said}, please answer: label change of {named}")
            if said == "Overdue"
            else (name, f"Please answer {said}: label change of {named}")
            for name in ("editor", "writer")
        }
        for left, said in told.items()
    }


def test_an_answered_change_is_not_reminded_of(page: MonographPage) -> None:
    task = open_task(page, 1, "grave")
    task.closed_at, task.outcome = database_now(), "answered"
    task.save()
    assert task.due_on is not None
    assert not [message for message in reminders(task.due_on) if message.event == "label_due"]


def test_reminders_take_a_fixed_number_of_queries(
    page: MonographPage, django_assert_num_queries: Any
) -> None:
    for number in range(12):
        open_task(page, number, "grave")
    make_user("other", "Editors")
    with django_assert_num_queries(12):
        assert len(reminders(database_today() + timedelta(days=7))) == 12


def test_the_notice_leads_to_the_labels_of_the_page(page: MonographPage, editor: Any, client: Client) -> None:
    LabelNotice.objects.create(set_id=ONE, kind="maker", detail="A → B", noticed_at=database_now())
    notice = Notice.objects.get(user=editor, event="label_noticed")
    client.force_login(editor)
    assert client.get(notice.path).status_code == 200
