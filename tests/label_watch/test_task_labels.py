"""Two label changes of one page are told apart wherever they are listed: each names its label."""

from typing import Any

import pytest
from django.urls import reverse

from monographs.label_watch.label_tasks import refresh_label_tasks
from monographs.label_watch.models import FollowedLabel, UpdateTask
from monographs.label_watch.storage import store_label
from monographs.labels import read_label
from monographs.models import MonographPage
from monographs.review.calendar_feed.feed_events import feed_events
from monographs.review.dashboard.calendar_month import month_for
from monographs.review.labels_of_pages.label_findings import label_findings
from monographs.review.models import Notice
from monographs.review.team.team_summary import items_needing_attention
from tests.conftest import as_user
from tests.factories import edit, publish
from tests.label_watch.label_service import SET_IDS, label_xml
from tests.label_watch.test_label_tasks import FIRST, GRAVE
from tests.label_watch.test_task_views import text_of

pytestmark = pytest.mark.django_db

NAMES = (
    "Exemplar XR (Brand Makers), set id 00000000…",
    "Exemplar XR (Generic Makers), set id 00000001…",
)
STEP = "version 3 → 4, in effect since January 31, 2024"
MAKERS = ("Brand Makers", "Generic Makers")


@pytest.fixture
def tasks(published_medicine: MonographPage, writer: Any, reviewer: Any) -> list[UpdateTask]:
    """Grave changes of two labels of one page: of the one that it names, and of another one."""
    page = published_medicine.get_latest_revision_as_object()
    edit(page, writer, label_set_id=SET_IDS[0], label_version="3")
    publish(page, writer, reviewer)
    FollowedLabel.objects.create(key=page.translation_key, set_id=SET_IDS[1])
    for set_id, maker in zip(SET_IDS, MAKERS, strict=False):
        for version, box in ((3, FIRST), (4, GRAVE)):
            data = label_xml(version, box, set_id=set_id, maker=maker)
            store_label(data, read_label(data), "here")
    return sorted(refresh_label_tasks(), key=lambda task: task.set_id)


@pytest.mark.parametrize(
    "name",
    [
        "wagtailadmin_home",
        "dashboard:index",
        "review:queue",
        "labels:tasks",
        "labels:page",
        "wagtailadmin_pages:edit",
    ],
)
def test_each_screen_names_the_label_of_each_change(
    name: str, tasks: list[UpdateTask], published_medicine: MonographPage, writer: Any
) -> None:
    arguments = {"labels:page": [tasks[0].key], "wagtailadmin_pages:edit": [published_medicine.pk]}
    shown = text_of(as_user(writer).get(reverse(name, args=arguments.get(name, [])))).replace("\xa0", " ")
    for words in (*NAMES, STEP.removeprefix("version ")):
        assert words in shown, words


def test_the_screen_of_one_change_names_its_label(tasks: list[UpdateTask], writer: Any) -> None:
    for task, words in zip(tasks, NAMES, strict=True):
        shown = text_of(as_user(writer).get(reverse("labels:task", args=[task.pk])))
        assert f"{words}: version 3 → 4" in shown


def test_calendar_files_findings_and_summary_name_them(
    tasks: list[UpdateTask], writer: Any, editor: Any
) -> None:
    (first, second) = tasks
    assert first.due_on == second.due_on
    weeks = repr(month_for(writer, first.due_on.replace(day=1)).weeks)
    feed = repr(feed_events(writer))
    exported = b"".join(as_user(writer).get(reverse("dashboard:export"))).decode()
    findings = repr(label_findings(MonographPage.objects.get(translation_key=first.key)))
    summary = repr(items_needing_attention())
    for words in NAMES:
        for where in (weeks, feed, exported, findings, summary):
            assert words in where


def test_subjects_and_texts_of_notices_name_them(tasks: list[UpdateTask], writer: Any) -> None:
    notices = Notice.objects.filter(user=writer, about__contains="/label-")
    short = {f"Exemplar XR {set_id[:8]}…" for set_id in SET_IDS[:2]}
    assert {notice.subject.partition("testumab, ")[2] for notice in notices} == short
    assert all(any(f"{words}, {STEP}" in notice.text for words in NAMES) for notice in notices)


def test_a_list_of_tasks_reads_their_labels_at_once(
    tasks: list[UpdateTask], django_assert_num_queries: Any
) -> None:
    UpdateTask.objects.filter(pk=tasks[1].pk).update(to_version=9)
    with django_assert_num_queries(1):
        named = [task.label_words for task in UpdateTask.objects.order_by("set_id")]
    assert named == [f"{NAMES[0]}, {STEP}", f"set id {SET_IDS[1]}, version 3 → 9"]


def test_a_task_that_folds_a_newer_version_names_that_one(tasks: list[UpdateTask]) -> None:
    task = UpdateTask.objects.get(pk=tasks[0].pk)
    assert task.label_step == STEP
    task.to_version = 5
    assert task.label_step == "version 3 → 5"
