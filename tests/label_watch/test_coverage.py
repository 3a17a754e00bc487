"""The report on label coverage: rows, states, figures, and the file."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from monographs.core.db_clock import database_now
from monographs.document.parts import DoDont, Effects, Table
from monographs.document.sections import SectionType
from monographs.label_watch.coverage import CoverageState, answer_times, coverage_rows
from monographs.label_watch.models import FollowedLabel, UpdateTask
from monographs.label_watch.update_tasks import refresh_tasks
from tests.conftest import as_user
from tests.label_watch.label_service import SET_IDS
from tests.label_watch.test_task_views import text_of
from tests.label_watch.test_update_tasks import GRAVE, publish_naming, store
from tests.public.published import effect, key, monograph, publish, section, text, withdraw

pytestmark = pytest.mark.django_db


def test_states_of_monographs_those_behind_first() -> None:
    behind = publish_naming("3")
    store(3)
    store(4, GRAVE)
    none = publish(monograph("aumab"))
    withdraw(publish(monograph("bumab")))
    FollowedLabel.objects.create(key=behind.key, set_id=SET_IDS[1])
    FollowedLabel.objects.create(key=behind.key, set_id="not a set id")
    FollowedLabel.objects.create(key=behind.key, set_id=SET_IDS[0])
    assert CoverageState.CURRENT in {row.state for row in coverage_rows()}, "no task is open yet"
    refresh_tasks()
    rows = coverage_rows()
    assert [(row.title, row.state, row.set_id) for row in rows] == [
        ("testumab", CoverageState.BEHIND, SET_IDS[0]),
        ("aumab", CoverageState.NONE, None),
        ("testumab", CoverageState.UNKNOWN, SET_IDS[1]),
    ]
    assert (rows[0].rests_on, rows[0].newest_version, rows[0].change_class) == (3, 4, "grave")
    assert rows[0].behind_since is not None
    assert (rows[1].key, rows[1].rests_on) == (none.key, None)


@pytest.mark.parametrize(
    ("version", "number"), [("", None), ("twelve", None), ("99999999999", None), ("7", 7)]
)
def test_a_version_that_is_no_number_is_none(version: str, number: int | None) -> None:
    publish_naming(version)
    assert [row.rests_on for row in coverage_rows()] == [number]


def test_statements_are_those_that_can_cite() -> None:
    plain = monograph("aumab").model_copy(update={"sections": ()})
    parts = [
        text("<p>One &lt;p&gt; two.</p><ul><li>Three.</li><li>Four.</li></ul>"),
        Table(rows=(("a", "b"), ("c", "d"))),
        DoDont(do=("Rest.", "Drink."), dont=("Drive.",)),
    ]
    effects = Effects(group="common", items=(effect("Fever"), effect("Chills")))
    sections = (section(SectionType.HOW_IT_WORKS, *parts), section(SectionType.COMMON_SIDE_EFFECTS, effects))
    publish(plain.model_copy(update={"key": key()}))
    publish(monograph("bumab").model_copy(update={"sections": sections}))
    assert {row.title: row.statements for row in coverage_rows()} == {"aumab": 0, "bumab": 3 + 2 + 3 + 2}


def test_how_long_answers_took() -> None:
    assert answer_times() == []
    now = database_now()
    days = {"edition": (1, 2, 3, 4), "answered": (5,), "quiet": (90,), "not_followed": (90,)}
    number = 0
    for outcome, spans in days.items():
        for span in spans:
            number += 1
            UpdateTask.objects.create(
                key=f"bbbbbbbb-2222-4333-8444-{number:012d}", title="m", set_id=SET_IDS[0], edition=1,
                from_version=1, to_version=2, change_class="grave" if outcome == "answered" else "wording",
                opened_at=now - timedelta(days=span), closed_at=now, outcome=outcome,
            )  # fmt: skip
    every, grave, wording = answer_times()
    assert (every.change_class, every.answered) == ("", 5)
    assert (every.median, every.percentile_90) == (timedelta(days=3), timedelta(days=4.6))
    assert (grave.change_class, grave.answered, grave.median) == ("grave", 1, timedelta(days=5))
    assert (wording.answered, wording.median) == (4, timedelta(days=2.5))


def test_the_screen_and_its_file(writer: Any) -> None:
    publish_naming("3")
    store(3)
    store(4, GRAVE)
    publish(monograph("aumab"))
    (task,) = refresh_tasks()
    task.closed_at, task.outcome = database_now() + timedelta(days=2), "edition"
    client = as_user(writer)
    shown = text_of(client.get(reverse("labels:coverage")))
    assert "Patients read 2 monographs. Label changes that wait: 1 grave." in shown
    assert "No label change has been answered yet." in shown
    assert "testumab" not in text_of(client.get(reverse("labels:coverage"), {"state": "none"}))
    task.save()
    assert "All12.02.0" in text_of(client.get(reverse("labels:coverage"), {"state": "behind", "p": "9"}))
    lines = b"".join(client.get(reverse("labels:coverage_export"), {"state": "none"})).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(lines))
    assert (row["Medicine"], row["State"], row["Label set id"]) == ("aumab", "Follows no label", "")
    assert len(b"".join(client.get(reverse("labels:coverage_export"))).decode().splitlines()) == 3
