"""The report on label coverage: rows, states, figures, and the file."""

import csv
import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monographs.accounts.actors import contributor_of
from monographs.core.db_clock import database_now
from monographs.document.page_statements import statements
from monographs.document.parts import DoDont, Effects, Table
from monographs.document.sections import SectionType
from monographs.editions.models import Edition
from monographs.editions.queries import current_edition
from monographs.label_watch.citations import cite, passages_by_key, remove_citations, standing_citations
from monographs.label_watch.coverage import (
    CoverageState,
    answer_times,
    coverage_rows,
    version_count,
    version_rows,
)
from monographs.label_watch.label_knowledge import begin_round
from monographs.label_watch.label_tasks import refresh_label_tasks
from monographs.label_watch.models import (
    FollowedLabel,
    LabelNotice,
    LabelVersion,
    UpdateTask,
    WatchedEdition,
)
from monographs.label_watch.watched_editions import watch_missing_editions
from tests.conftest import as_user
from tests.factories import edit
from tests.factories import publish as publish_page
from tests.label_watch.label_service import SET_IDS
from tests.label_watch.test_label_tasks import GRAVE, publish_naming, store
from tests.label_watch.test_task_views import text_of
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
    refresh_label_tasks()
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


def test_the_time_of_signed_answers_is_reported() -> None:
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
    assert (every.dated, every.label_median, every.label_percentile_90) == (0, None, None), "none is stored"
    assert (grave.change_class, grave.answered, grave.median) == ("grave", 1, timedelta(days=5))
    assert (wording.answered, wording.median) == (4, timedelta(days=2.5))


def test_answers_are_also_timed_from_the_date_of_the_label() -> None:
    store(2)  # in effect since 2024-01-31
    now = database_now()
    effective = LabelVersion.objects.get().effective
    assert effective
    for number, opened in enumerate((now - timedelta(days=1), now - timedelta(days=9_999))):
        UpdateTask.objects.create(
            key=f"bbbbbbbb-2222-4333-8444-{number:012d}", title="m", set_id=SET_IDS[0], edition=1,
            from_version=1, to_version=2, change_class="grave", opened_at=opened, closed_at=now,
            outcome="edition",
        )  # fmt: skip
    every, _grave = answer_times()
    assert (every.answered, every.dated) == (2, 1), "a label dated after it was noticed tells nothing"
    assert every.label_median
    assert (now - every.label_median).date() == effective


def test_statements_that_cite_are_counted_by_version(
    published_medicine: Any, writer: Any, reviewer: Any
) -> None:
    page = published_medicine.get_latest_revision_as_object()
    edit(
        page,
        writer,
        label_set_id=SET_IDS[0],
        label_version="3",
        how_it_works="One. Two.",
        boxed_warning="A fever can kill.",
    )
    publish_page(page, writer, reviewer)
    key, person = page.translation_key, contributor_of(writer)
    store(3)
    store(4, GRAVE)
    versions = {each.version: each for each in LabelVersion.objects.defer("data")}
    passages = {number: next(iter(passages_by_key(each).values())) for number, each in versions.items()}
    edition = current_edition(key)
    assert edition
    first, second, *_ = stated = statements(edition.document)
    with CaptureQueriesContext(connection) as queries:
        cite(key, first, versions[3], passages[3], person)
    assert not [query for query in queries if "canonical" in query["sql"]], "no text is read"
    cite(key, first, versions[4], passages[4], person)
    cite(key, second, versions[4], passages[4], person)
    cite(key, replace(first, words="Words of a draft."), versions[4], passages[4], person)
    (row,) = coverage_rows()
    assert (row.statements, row.citing, row.cited_versions) == (len(stated), 2, [3, 4])
    newest, older = version_rows()
    assert (newest.version, newest.statements, newest.monographs, newest.citing_monographs) == (4, 2, 0, 1)
    assert (older.version, older.statements, older.monographs, older.is_newest) == (3, 1, 1, False)
    remove_citations(standing_citations(key), person)
    assert coverage_rows()[0].citing == 2, "the text that patients read rests on them until the next edition"
    edit(page, writer, how_it_works="Other words.")
    publish_page(page, writer, reviewer)
    assert (coverage_rows()[0].citing, [each.version for each in version_rows()]) == (0, [3])


def test_rows_that_are_missing_are_said_to_be_and_stored_by_the_next_check() -> None:
    publish_naming("3")
    publish(monograph("aumab"))
    withdraw(publish(monograph("bumab")))
    assert WatchedEdition.objects.count() == 2, "the withdrawn page has none"
    WatchedEdition.objects.filter(set_id="").delete()
    WatchedEdition.objects.create(
        key=key(), edition_id=Edition.objects.get(title="bumab").pk, statement_keys=[], statements=0
    )
    row = next(row for row in coverage_rows() if row.title == "aumab")
    assert (row.state, row.statements) == (CoverageState.UNKNOWN, None)
    begin_round()
    row = next(row for row in coverage_rows() if row.title == "aumab")
    assert (row.state, row.statements) == (CoverageState.NONE, 10)
    assert WatchedEdition.objects.count() == 2
    assert watch_missing_editions() == 0


@pytest.mark.parametrize(
    "name", ["coverage", "coverage_export", "coverage_versions", "coverage_versions_export", "tasks"]
)
def test_screens_read_no_text_and_ask_the_same_for_every_number_of_pages(name: str, writer: Any) -> None:
    client = as_user(writer)
    address = reverse(f"labels:{name}")

    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
            assert response.status_code == 200
            b"".join(response.streaming_content) if response.streaming else response.content
        return [query["sql"] for query in captured]

    asked()
    publish_naming("3")
    store(3)
    store(4, GRAVE)
    refresh_label_tasks()
    few = asked()
    for number in range(6):
        document = monograph(f"medicine{number}")
        named = document.identifiers.model_copy(update={"label_set_id": SET_IDS[0], "label_version": "3"})
        publish(document.model_copy(update={"identifiers": named}))
    refresh_label_tasks()
    many = asked()
    assert not [sql for sql in many if "canonical" in sql or '"data"' in sql]
    assert len(few) == len(many)


def test_what_was_noticed_about_labels_is_shown_with_their_pages(writer: Any) -> None:
    edition = publish_naming("3")
    store(3)
    begin_round()
    now = database_now()
    for set_id, kind, detail in (
        (SET_IDS[0], "same_product", f"{SET_IDS[4]}: EXEMPLAR"),
        (SET_IDS[0], "maker", "Example Makers → Other Makers"),
        (SET_IDS[5], "gone", "nobody follows it"),
    ):
        LabelNotice.objects.create(set_id=set_id, kind=kind, detail=detail, noticed_at=now)
    client = as_user(writer)
    for address in (reverse("labels:coverage"), reverse("labels:page", args=[edition.key])):
        shown = text_of(client.get(address))
        assert "Another maker" in shown
        assert "Example Makers → Other Makers" in shown
        assert "Another label of the same product" in shown
        assert "nobody follows it" not in shown
    assert "testumab: labels" in text_of(client.get(reverse("labels:coverage")))


def test_the_versions_and_their_file(writer: Any) -> None:
    publish_naming("3")
    follower = publish(monograph("aumab"))
    FollowedLabel.objects.create(key=follower.key, set_id=SET_IDS[0])
    FollowedLabel.objects.create(key=follower.key, set_id=SET_IDS[1])
    store(3)
    store(4, GRAVE)
    refresh_label_tasks()
    client = as_user(writer)
    shown = text_of(client.get(reverse("labels:coverage_versions")))
    assert "newest: version 4" in shown
    assert "Label not stored yet" in shown
    lines = b"".join(client.get(reverse("labels:coverage_versions_export"))).decode("utf-8-sig")
    rows = [
        (row["Label set id"], row["Version"], row["Monographs that rest on it"], row["How grave"])
        for row in csv.DictReader(io.StringIO(lines))
    ]
    assert rows == [
        (SET_IDS[0], "3", "1", "grave"),
        (SET_IDS[0], "", "1", "grave"),
        (SET_IDS[1], "", "1", ""),
    ]


def test_the_screen_of_versions_reads_the_page_that_is_asked_for(
    writer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monographs.review.label_tasks.coverage_views.PER_PAGE", 2)
    follower = publish(monograph("aumab"))
    for set_id in SET_IDS[:5]:
        FollowedLabel.objects.create(key=follower.key, set_id=set_id)
    client = as_user(writer)
    shown = [
        [
            set_id
            for set_id in SET_IDS
            if set_id in text_of(client.get(reverse("labels:coverage_versions"), {"p": p}))
        ]
        for p in ("1", "2", "3", "9", "x")
    ]
    assert shown == [SET_IDS[:2], SET_IDS[2:4], SET_IDS[4:5], SET_IDS[4:5], SET_IDS[:2]]
    assert len(version_rows()) == version_count() == 5
    assert [row.set_id for row in version_rows(3, 1)] == SET_IDS[3:4]


def test_the_screen_and_its_file(writer: Any) -> None:
    publish_naming("3")
    store(3)
    store(4, GRAVE)
    publish(monograph("aumab"))
    (task,) = refresh_label_tasks()
    task.closed_at, task.outcome = database_now() + timedelta(days=2), "edition"
    client = as_user(writer)
    shown = text_of(client.get(reverse("labels:coverage")))
    assert "Patients read 2 monographs with 20 statements, 0 of which cite a label." in shown
    assert "Label changes that wait: 1 grave." in shown
    assert "No label change has been answered yet." in shown
    assert "testumab" not in text_of(client.get(reverse("labels:coverage"), {"state": "none"}))
    task.save()
    shown = text_of(client.get(reverse("labels:coverage"), {"state": "behind", "p": "9"}))
    assert "All 1 2.0 2.0 1 " in " ".join(shown.split())
    lines = b"".join(client.get(reverse("labels:coverage_export"), {"state": "none"})).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(lines))
    assert (row["Medicine"], row["State"], row["Label set id"]) == ("aumab", "Follows no label", "")
    assert len(b"".join(client.get(reverse("labels:coverage_export"))).decode().splitlines()) == 3
