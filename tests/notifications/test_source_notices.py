"""Emails about sources: one for each person and round of checks; somebody is always told, and reminded."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail

from monographs.core.db_clock import database_now, database_today
from monographs.label_watch.models import LabelCheck, UpdateTask
from monographs.models import MonographPage
from monographs.review.models import Notice
from monographs.review.notifications.digest import deliver_waiting
from monographs.review.notifications.outbox import store_new
from monographs.review.notifications.reminders import reminders
from monographs.review.sources_of_pages.source_tasks import refresh_source_tasks
from monographs.source_library.models import LibrarySource, SourceTask
from tests.factories import make_monograph, publish
from tests.notifications.test_label_notices import LATER, names, sent
from tests.source_library.library import add_source, use_source
from tests.source_library.test_tasks import ADDRESS, LABEL, SET_ID, answer, link

pytestmark = pytest.mark.django_db
LATE = "Overdue, please answer"


def published(name: str, source: LibrarySource, writer: Any, reviewer: Any) -> MonographPage:
    page = use_source(make_monograph(name, by=writer), source, writer)
    publish(page, writer, reviewer)
    Notice.objects.update(sent_at=database_now())
    mail.outbox.clear()
    return page


@pytest.fixture
def source(writer: Any) -> LibrarySource:
    return add_source(address=ADDRESS, by=writer)


@pytest.fixture
def pages(source: LibrarySource, writer: Any, reviewer: Any, editor: Any) -> list[MonographPage]:
    """Three pages that patients read with one source."""
    return [published(f"test{number}umab", source, writer, reviewer) for number in range(3)]


def test_a_source_of_many_pages_is_one_email_for_each_person(pages: list[MonographPage]) -> None:
    link()
    refresh_source_tasks()
    assert sent(after=timedelta(minutes=1)) == []
    emails = sent()
    assert names(emails) == ["reviewer", "writer"]
    assert {message.subject for message in emails} == {"3 notices about sources"}
    assert all(f"test{number}umab" in str(emails[0].body) for number in range(3))


def test_a_task_that_was_answered_meanwhile_is_only_listed(pages: list[MonographPage], writer: Any) -> None:
    link()
    for task in refresh_source_tasks():
        answer(task, writer)
    assert sent() == []
    assert not Notice.objects.filter(sent_at=None).exists()


def test_only_the_newest_notice_of_a_task_is_mailed(
    pages: list[MonographPage], source: LibrarySource
) -> None:
    link()
    refresh_source_tasks()
    LibrarySource.objects.update(gone_since=database_today())
    refresh_source_tasks()
    (first, *_) = sent()
    assert first.subject == "3 notices about sources"
    assert "No longer needed" in str(first.body)


def test_a_newer_label_is_mailed_once(writer: Any, reviewer: Any) -> None:
    label = add_source("Label, version 3", **LABEL, version="3", by=writer)
    page = published("testumab", label, writer, reviewer)
    LabelCheck.objects.create(set_id=SET_ID, newest_version=4)
    UpdateTask.objects.create(
        key=page.translation_key, title="testumab", set_id=SET_ID, edition=1, from_version=3, to_version=4,
        opened_at=database_now(), due_on=database_today() + timedelta(days=7),
    )  # fmt: skip
    refresh_source_tasks()
    assert SourceTask.objects.count() == 1
    assert set(Notice.objects.filter(sent_at=None).values_list("event", flat=True)) == {"label_changed"}


def test_editors_are_told_when_all_who_worked_on_the_page_have_left(
    pages: list[MonographPage], writer: Any, reviewer: Any
) -> None:
    User.objects.filter(pk__in=[writer.pk, reviewer.pk]).update(is_active=False)
    link()
    refresh_source_tasks()
    assert names(sent()) == ["editor"]


@pytest.mark.parametrize(
    ("runs", "told"),
    [
        (
            [2, 1, 0, -1],
            {1: "Please answer by tomorrow", 0: "Please answer today", -1: LATE},
        ),
        (
            [1, 1, -2, -7, -8],
            {1: "Please answer by tomorrow", -2: LATE, -8: LATE},
        ),
    ],
)
def test_a_task_that_is_due_is_reminded_of(
    source: LibrarySource, writer: Any, reviewer: Any, editor: Any, runs: list[int], told: dict[int, str]
) -> None:
    published("testumab", source, writer, reviewer)
    link()
    (task,) = refresh_source_tasks()
    Notice.objects.update(sent_at=database_now())
    found: dict[int, set[tuple[str, str]]] = {}
    for left in runs:
        assert task.due_on is not None
        store_new(reminders(task.due_on - timedelta(days=left)))
        for message in sent():
            found.setdefault(left, set()).add((names([message])[0], message.subject))
    assert found == {
        left: {(name, f"{said}: source of testumab") for name in ("editor", "writer")}
        for left, said in told.items()
    }


def test_an_answered_task_is_not_reminded_of(pages: list[MonographPage], writer: Any) -> None:
    link()
    (task, *_) = [answer(task, writer) for task in refresh_source_tasks()]
    deliver_waiting(database_now() + LATER)
    assert task.due_on is not None
    assert not [message for message in reminders(task.due_on) if message.event == "source_due"]
