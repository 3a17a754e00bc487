"""Open label tasks where people look, and how old the knowledge of labels is."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monographs.core.db_clock import database_now, database_today
from monographs.label_watch.label_knowledge import begin_round, label_knowledge
from monographs.label_watch.label_tasks import refresh_label_tasks
from monographs.label_watch.models import FollowedLabel, LabelCheck, UpdateTask
from monographs.models import MonographPage
from monographs.review.calendar_feed.feed_events import feed_events
from monographs.review.labels_of_pages.label_findings import label_findings, unanswered_label_tasks
from monographs.review.labels_of_pages.open_label_tasks import label_tasks_of
from tests.conftest import as_user
from tests.factories import edit, make_user, publish
from tests.label_watch.label_service import SET_IDS
from tests.label_watch.test_label_tasks import GRAVE, store
from tests.label_watch.test_task_views import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(published_medicine: MonographPage, writer: Any, reviewer: Any) -> UpdateTask:
    """A grave change of the label of a page, written by the writer and signed by the reviewer."""
    page = published_medicine.get_latest_revision_as_object()
    edit(page, writer, label_set_id=SET_IDS[0], label_version="3")
    publish(page, writer, reviewer)
    store(3)
    store(4, GRAVE)
    (task,) = refresh_label_tasks()
    return task


def test_a_task_is_of_those_who_wrote_the_page_or_its_draft(
    task: UpdateTask, writer: Any, reviewer: Any
) -> None:
    other = make_user("other", "Medical writers")
    assert list(label_tasks_of(writer)) == [task]
    assert [list(label_tasks_of(user)) for user in (other, reviewer)] == [[], []]
    edit(MonographPage.objects.get(translation_key=task.key), other, how_it_works="Other words.")
    assert list(label_tasks_of(other)) == [task]


@pytest.mark.parametrize("name", ["wagtailadmin_home", "dashboard:index", "review:queue"])
def test_a_writer_sees_how_grave_it_is_and_why_and_since_when(
    name: str, task: UpdateTask, writer: Any
) -> None:
    UpdateTask.objects.update(
        opened_at=database_now() - timedelta(days=3, hours=1), due_on=database_today() - timedelta(days=1)
    )
    response = as_user(writer).get(reverse(name))
    assert reverse("labels:task", args=[task.pk]) in response.content.decode()
    shown = text_of(response)
    for words in ("rave", "3 → 4", "“and bleeding”", "for 3 days", "overdue by 1 day"):
        assert words in shown.replace("\xa0", " "), words


def test_others_see_it_on_the_board_and_reviewers_in_the_queue(task: UpdateTask, reviewer: Any) -> None:
    address = reverse("labels:task", args=[task.pk])
    other = as_user(make_user("other", "Medical writers"))
    assert address in other.get(reverse("dashboard:index")).content.decode()
    for name in ("review:queue", "wagtailadmin_home"):
        assert address not in other.get(reverse(name)).content.decode()
    queue = text_of(as_user(reviewer).get(reverse("review:queue")))
    assert "Label changes of other pages 1" in queue
    assert "Label changes of your pages" not in queue


def test_it_is_in_the_calendar_on_its_day_and_in_the_file(task: UpdateTask, writer: Any) -> None:
    client = as_user(writer)
    shown = client.get(reverse("dashboard:calendar"), {"month": f"{task.due_on:%Y-%m}"})
    assert "Label change to answer testumab" in text_of(shown)
    assert reverse("labels:task", args=[task.pk]) in shown.content.decode()
    (event,) = [each for each in feed_events(writer) if each.title.startswith("Label")]
    assert (event.day, event.title) == (
        task.due_on,
        f"Label change to answer: testumab, {task.label_name}",
    )
    assert event.url.endswith(reverse("labels:task", args=[task.pk]))
    exported = b"".join(client.get(reverse("dashboard:export"))).decode()
    assert f"Grave, {task.label_name}, version 3 → 4" in exported
    task.closed_at, task.outcome = database_now(), "edition"
    task.save()
    shown = client.get(reverse("dashboard:calendar"), {"month": f"{task.due_on:%Y-%m}"})
    assert "Label change" not in shown.context["month"].weeks.__repr__()


def _queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_the_number_of_queries_does_not_depend_on_the_number_of_tasks(
    task: UpdateTask, reviewer: Any
) -> None:
    client = as_user(reviewer)
    month = f"{reverse('dashboard:calendar')}?month={task.due_on:%Y-%m}"
    names = ("wagtailadmin_home", "dashboard:index", "review:queue", "labels:coverage")
    addresses = [*map(reverse, names), month]
    before = [_queries(client, address) for address in addresses]
    for set_id in SET_IDS[1:]:
        UpdateTask.objects.create(
            key=task.key, title=task.title, set_id=set_id, edition=2, from_version=1, to_version=2,
            change_class="wording", opened_at=task.opened_at, due_on=task.due_on,
        )  # fmt: skip
        FollowedLabel.objects.create(key=task.key, set_id=set_id)
    assert [_queries(client, address) for address in addresses] == before


def test_how_old_the_knowledge_is(task: UpdateTask, writer: Any, superuser: Any) -> None:
    for set_id in SET_IDS[1:4]:
        FollowedLabel.objects.create(key=task.key, set_id=set_id)
    LabelCheck.objects.create(set_id=SET_IDS[7], checked_at=database_now() - timedelta(days=900))
    assert begin_round() == SET_IDS[:4], "a label that nobody follows is not asked for"
    now = database_now()
    states = {state.set_id: state for state in LabelCheck.objects.all()}
    assert sorted(states) == SET_IDS[:4], "and what was known of it does not age"
    for number, change in enumerate(
        (
            {"checked_at": now - timedelta(hours=2)},
            {"checked_at": now - timedelta(days=9), "failing_since": now - timedelta(days=8), "error": "500"},
            {"checked_at": now - timedelta(days=1), "gone_since": now - timedelta(days=1)},
        )
    ):
        LabelCheck.objects.filter(set_id=SET_IDS[number]).update(**change)
    known = label_knowledge()
    assert (known.followed, known.failing, known.never, known.gone) == (4, 1, 1, 1)
    assert begin_round() == [SET_IDS[0], *SET_IDS[2:4], SET_IDS[1]], "what fails comes last"
    assert label_knowledge() == known, "a round that learns nothing changes nothing"
    for user, name in (
        (writer, "wagtailadmin_home"),
        (writer, "dashboard:index"),
        (writer, "labels:coverage"),
        (superuser, "site_status"),
    ):
        shown = text_of(as_user(user).get(reverse(name))).replace("\xa0", " ")
        for words in ("2 hours", "1 week, 2 days", "1 never answered", "1 failing", "1 no longer published"):
            assert words in shown, (name, words)


def test_the_editor_says_which_version_the_draft_has_to_name(task: UpdateTask, writer: Any) -> None:
    page = MonographPage.objects.get(translation_key=task.key)
    client = as_user(writer)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert reverse("labels:task", args=[task.pk]) in client.get(address).content.decode()
    FollowedLabel.objects.create(key=task.key, set_id=SET_IDS[1])
    store(1, set_id=SET_IDS[1])
    store(2, GRAVE, set_id=SET_IDS[1])
    (other,) = refresh_label_tasks()
    draft = edit(page, writer, how_it_works="Other words.")
    assert [(each.anchor, str(to) in each.message) for each, to in zip(
        label_findings(draft), (4, 2), strict=True
    )] == [("label_version", True), ("label_set_id", True)]  # fmt: skip
    submit_screen = reverse("review:submit", args=[page.pk])
    assert "write 4 here" in text_of(client.get(submit_screen))
    draft = edit(page, writer, how_it_works="More words.", label_version="4")
    assert unanswered_label_tasks(draft) == [other]
    assert "write 4 here" not in text_of(client.get(submit_screen))
    draft.label_version = "four"
    assert len(label_findings(draft)) == 2
