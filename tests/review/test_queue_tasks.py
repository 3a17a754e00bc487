"""Open tasks about labels and sources in the review queue: all are counted, some are shown."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from monographs.core.db_clock import database_now, database_today
from monographs.label_watch.models import UpdateTask
from monographs.review.screens import queue as queue_screen
from monographs.source_library.models import SourceTask
from tests.factories import make_monograph, publish
from tests.source_library.library import add_source

pytestmark = pytest.mark.django_db


def queue_of(user: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(queue_screen, "PER_PAGE", 2)
    client = Client()
    client.force_login(user)
    return " ".join(client.get(reverse("review:queue")).content.decode().split())


@pytest.fixture
def key(writer: Any, reviewer: Any) -> UUID:
    page = make_monograph(by=writer)
    publish(page, writer, reviewer)
    return UUID(str(page.translation_key))


def add_source_tasks(key: UUID, count: int, late: int) -> None:
    """Open tasks of a page, of which ``late`` are overdue: those that the queue shows last."""
    today = database_today()
    for number in range(count):
        SourceTask.objects.create(
            key=key,
            title=f"testumab {number}",
            source=add_source(f"Guideline {number}"),
            edition=1,
            faults=[{"kind": "gone", "detail": "", "words": "it was retracted"}],
            due_on=today - timedelta(days=1) if number < late else today + timedelta(days=9),
        )


def add_label_tasks(key: UUID, count: int) -> None:
    for number in range(count):
        UpdateTask.objects.create(
            key=key,
            title=f"testumab {number}",
            set_id=f"0a1b2c3d-1111-4222-8333-44445555666{number}",
            edition=1,
            from_version=1,
            to_version=2,
            change_class="wording",
            opened_at=database_now(),
            due_on=database_today() - timedelta(days=1),
        )


def test_all_source_tasks_are_counted_and_the_list_of_all_is_linked(
    key: UUID, writer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_source_tasks(key, 5, late=3)
    page = queue_of(writer, monkeypatch)
    assert "5 · 3 overdue" in page
    assert page.count("source to look at again</span>") == 2
    assert "3 more are not shown here." in page
    assert reverse("sources:tasks") in page


def test_nothing_is_said_of_more_when_all_are_shown(
    key: UUID, writer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_source_tasks(key, 2, late=0)
    page = queue_of(writer, monkeypatch)
    assert 'class="dashboard-count">2</span>' in page
    assert "not shown here" not in page


def test_all_label_changes_are_counted(
    key: UUID, writer: Any, reviewer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_label_tasks(key, 3)
    for user, whose in ((writer, "your"), (reviewer, "other")):
        page = queue_of(user, monkeypatch)
        assert f"Label changes of {whose} pages <span" in page
        assert "3 · 3 overdue" in page
        assert "1 more is not shown here." in page
        assert reverse("labels:tasks") in page
