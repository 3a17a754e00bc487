"""The list of sources by state, the record of a source's changes, and what the newest drafts have."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monographs.core.db_clock import database_today
from monographs.label_watch.models import LabelCheck
from monographs.models import MonographPage
from monographs.review.sources.source_changes import described_changes
from monographs.source_library.models import DraftSource
from tests.conftest import as_user
from tests.factories import make_monograph, make_user, publish
from tests.source_library.library import add_source, change_source, use_source
from tests.source_library.test_tasks import ADDRESS, LABEL, SET_ID, link

pytestmark = pytest.mark.django_db
LIST = "source_library:list"


@pytest.fixture
def editor(site: Any) -> Any:
    return make_user("editor", "Editors")


def titles(user: Any, **query: str) -> set[str]:
    shown = as_user(user).get(reverse(LIST), query)
    return {source.title for source in shown.context["object_list"]}


def test_the_list_is_filtered_by_what_is_wrong(writer: Any) -> None:
    newer = add_source("Right", by=writer)
    add_source("Dead", address=ADDRESS, by=writer)
    link()
    add_source("Replaced", superseded_by=newer, by=writer)
    add_source("Label, version 3", **LABEL, version="3", by=writer)
    LabelCheck.objects.create(set_id=SET_ID, newest_version=4)
    long_ago = database_today() - timedelta(days=365 * 5 + 2)
    add_source("Aged", published_on=long_ago, by=writer)
    add_source("Retracted", gone_since=database_today(), by=writer)
    wrong = {
        "dead_link": "Dead",
        "superseded": "Replaced",
        "newer_label": "Label, version 3",
        "old": "Aged",
        "gone": "Retracted",
    }
    for state, title in wrong.items():
        assert titles(writer, state=state) == {title}
    assert titles(writer, state="moved") == set()
    assert titles(writer, state="any") == set(wrong.values())
    assert titles(writer) == {"Right", *wrong.values()}


@pytest.mark.parametrize("query", [{}, {"ordering": "-public"}, {"ordering": "drafts"}, {"used": "public"}])
def test_uses_are_counted_alike_however_the_list_is_sorted(
    query: dict[str, str], writer: Any, reviewer: Any
) -> None:
    source, other = add_source(by=writer), add_source("Another", by=writer)
    for name in ("anumab", "bnumab"):
        publish(use_source(make_monograph(name, by=writer), source, writer), writer, reviewer)
    change_source(source, writer, title="Said in other words since")
    use_source(make_monograph("cnumab", by=writer), source, writer)
    rows = as_user(writer).get(reverse(LIST), query).context["object_list"]
    counted = {row.pk: (row.drafts, row.public) for row in rows}
    assert counted == {source.pk: (3, 2)} | ({} if "used" in query else {other.pk: (0, 0)})


def test_a_list_that_is_not_sorted_by_use_counts_those_of_its_rows_only(writer: Any) -> None:
    add_source(by=writer)
    client = as_user(writer)
    client.get(reverse(LIST))
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse(LIST))
    listed = [each["sql"] for each in captured if 'FROM "source_library_librarysource"' in each["sql"]]
    assert not any("source_library_shownsource" in sql for sql in listed)


def test_the_record_says_which_fields_changed(editor: Any, writer: Any) -> None:
    newer = add_source("The guideline of 2026", by=writer)
    source = add_source(address=ADDRESS, by=writer)
    change_source(source, editor, published_on="2025-05-03", superseded_by=newer)
    change_source(source, editor, kind="paper", gone_since="2026-01-31", publisher="")
    latest, second, first = described_changes(source)
    assert (first.is_first, first.person.username) == (True, "writer")
    assert [(each.label, each.before, each.after) for each in first.fields][:2] == [
        ("kind", "", "Guideline"),
        ("title", "", "The guideline"),
    ]
    assert [(each.label, each.before, each.after) for each in second.fields] == [
        ("date", "–", "May 3, 2025"),
        ("superseded by", "–", "The guideline of 2026 (NCCN)"),
    ]
    assert [(each.label, each.before, each.after) for each in latest.fields] == [
        ("kind", "Guideline", "Paper"),
        ("publisher", "NCCN", "–"),
        ("gone since", "–", "January 31, 2026"),
    ]
    shown = as_user(editor).get(reverse("source_library:inspect", args=[source.pk])).content.decode()
    assert "May 3, 2025" in shown


def test_a_draft_that_is_stored_again_writes_no_rows_of_its_sources(writer: Any) -> None:
    source, other = add_source(by=writer), add_source("Another", by=writer)
    page = use_source(make_monograph(by=writer), source, writer)
    (row,) = DraftSource.objects.all()
    draft = MonographPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    draft.summary = "Other words."
    with CaptureQueriesContext(connection) as captured:
        draft.save_revision(user=writer)
    written = [each["sql"] for each in captured if "source_library_draftsource" in each["sql"]]
    assert [sql.split()[0] for sql in written] == ["SELECT"]
    assert DraftSource.objects.get() == row
    use_source(page, other, writer)
    assert [row.source_id for row in DraftSource.objects.all()] == [other.pk]
