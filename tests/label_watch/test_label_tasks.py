"""Label tasks: when they open, fold and close."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monographs.core.db_clock import database_today
from monographs.editions.models import Edition
from monographs.label_watch.label_tasks import NOT_STORED, refresh_label_tasks
from monographs.label_watch.models import FollowedLabel, UpdateTask
from monographs.label_watch.storage import compare_stored, store_label
from monographs.labels import read_label
from tests.label_watch.label_service import SET_IDS, label_xml
from tests.public.published import monograph, publish, withdraw

pytestmark = pytest.mark.django_db

ONE = SET_IDS[0]
KEY = "aaaaaaaa-2222-4333-8444-555555555555"
FIRST = "Fever can be fatal."
#: Another order of words: nothing that a page rests on.
SAME = "FEVER can be fatal."
GRAVE = "Fever and bleeding can be fatal."


def publish_naming(version: str, note: str = "") -> Edition:
    document = monograph("testumab")
    named = document.identifiers.model_copy(update={"label_set_id": ONE, "label_version": version})
    return publish(document.model_copy(update={"key": KEY, "identifiers": named, "change_note": note}))


def store(version: int, box: str = FIRST, set_id: str = ONE) -> None:
    data = label_xml(version, box, set_id=set_id)
    store_label(data, read_label(data), "here")


def open_tasks() -> list[tuple[int, int, str]]:
    tasks = UpdateTask.objects.filter(closed_at=None)
    return [(task.from_version, task.to_version, task.change_class) for task in tasks]


def outcomes() -> list[str]:
    return list(UpdateTask.objects.exclude(outcome="").order_by("id").values_list("outcome", flat=True))


def test_a_page_that_rests_on_the_newest_version_has_no_task() -> None:
    publish_naming("3")
    assert refresh_label_tasks() == [], "no version is stored yet"
    store(3)
    assert refresh_label_tasks() == []


def test_a_grave_change_opens_one_task_that_later_versions_fold_into(settings: Any) -> None:
    publish_naming("3")
    store(3)
    store(4, "Fever can kill.")
    (task,) = refresh_label_tasks()
    assert open_tasks() == [(3, 4, "grave")]
    assert (task.sections, task.title, task.edition) == (["boxed_warning"], "testumab", 1)
    assert task.due_on == database_today() + timedelta(days=settings.LABEL_TASK_DAYS["grave"])
    assert refresh_label_tasks() == [], "nothing is new"
    settings.LABEL_TASK_DAYS = {**settings.LABEL_TASK_DAYS, "grave": 99}
    store(7, GRAVE)
    refresh_label_tasks()
    assert open_tasks() == [(3, 7, "grave")]
    assert UpdateTask.objects.get().due_on == task.due_on, "a later version gives no more time"


def test_what_was_found_when_the_version_came_is_not_compared_again() -> None:
    publish_naming("3")
    store(3)
    store(4, GRAVE)
    (step,) = compare_stored(ONE)
    with CaptureQueriesContext(connection) as queries:
        (task,) = refresh_label_tasks()
    assert (task.change_class, task.sections, task.reasons) == ("grave", step.sections, step.reasons)
    assert not [query for query in queries if '."data"' in query["sql"]], "no label is read"


def test_the_sum_of_steps_may_be_nothing() -> None:
    publish_naming("3")
    store(3)
    store(4, GRAVE)
    refresh_label_tasks()
    store(5)
    refresh_label_tasks()
    assert (open_tasks(), outcomes()) == ([], ["quiet"])


def test_a_step_that_changes_nothing_is_seen_to_have_been_looked_at() -> None:
    publish_naming("3")
    store(3)
    store(4, SAME)
    refresh_label_tasks()
    assert (open_tasks(), outcomes()) == ([], ["quiet"])
    assert refresh_label_tasks() == [], "it is looked at once"


def test_an_edition_that_names_the_new_version_closes_the_task(
    django_capture_on_commit_callbacks: Any,
) -> None:
    publish_naming("3")
    store(3)
    store(4, GRAVE)
    refresh_label_tasks()
    with django_capture_on_commit_callbacks(execute=True):
        publish_naming("3", "Another text, and the same label.")
    assert open_tasks() == [(3, 4, "grave")]
    with django_capture_on_commit_callbacks(execute=True):
        publish_naming("4")
    assert (open_tasks(), outcomes()) == ([], ["edition"])


def test_a_withdrawn_page_has_nothing_to_answer(django_capture_on_commit_callbacks: Any) -> None:
    edition = publish_naming("3")
    store(3)
    store(4, GRAVE)
    refresh_label_tasks()
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(edition)
    assert outcomes() == ["not_followed"]
    publish_naming("3", "It is back.")
    refresh_label_tasks()
    assert open_tasks() == [(3, 4, "grave")], "the change is as grave as it was"


def test_a_label_that_is_followed_again_is_looked_at_again() -> None:
    publish(monograph("testumab").model_copy(update={"key": KEY}))
    store(3)
    store(4, GRAVE)
    followed = FollowedLabel.objects.create(key=KEY, set_id=ONE)
    refresh_label_tasks()
    followed.delete()
    refresh_label_tasks()
    assert (open_tasks(), outcomes()) == ([], ["not_followed"])
    FollowedLabel.objects.create(key=KEY, set_id=ONE)
    refresh_label_tasks()
    assert open_tasks() == [(3, 4, "grave")]


def test_a_step_that_asked_for_nothing_is_looked_at_once_for_each_edition() -> None:
    publish_naming("3")
    store(3)
    store(4, SAME)
    refresh_label_tasks()
    publish_naming("3", "Another text.")
    assert len(refresh_label_tasks()) == 1, "its statements may rest on other sentences"
    assert (refresh_label_tasks(), open_tasks()) == ([], [])


def test_a_version_that_is_not_stored_asks_for_the_whole_label() -> None:
    publish_naming("2")
    store(4)
    (task,) = refresh_label_tasks()
    assert open_tasks() == [(2, 4, "substance")]
    assert task.reasons[0]["why"] == NOT_STORED
    assert refresh_label_tasks() == []


@pytest.mark.parametrize("version", ["", "twelve", "3.1", "99999999999"])
def test_a_page_that_names_no_version_rests_on_the_first_one_stored(version: str) -> None:
    publish_naming(version)
    store(3)
    assert refresh_label_tasks() == []
    store(4, GRAVE)
    refresh_label_tasks()
    assert open_tasks() == [(3, 4, "grave")]
