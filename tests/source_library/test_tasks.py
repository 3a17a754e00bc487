"""A source that changed or is no longer available opens one task for each page that shows it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from monographs.core.db_clock import database_now, database_today
from monographs.editions.models import LedgerEntry
from monographs.label_watch.models import LabelCheck
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError
from monographs.review.actions import submit as submit_action
from monographs.review.actions.answer_source import AnswerSource
from monographs.review.models import Notice
from monographs.review.sources_of_pages.source_tasks import faults_hash, library_labels, refresh_source_tasks
from monographs.rules.models import LinkCheck
from monographs.source_library.models import LibrarySource, ShownSource, SourceTask
from monographs.source_library.shown_sources import editions_without_rows, show_missing_editions
from tests.factories import complete_sections, edit, make_monograph, make_user, publish, stream
from tests.source_library.library import add_source, change_source, use_source

pytestmark = pytest.mark.django_db

ADDRESS = "https://nccn.example.org/myeloma"
SET_ID = "0a1b2c3d-1111-4222-8333-444455556666"
LABEL = {
    "kind": "label",
    "publisher": "Novartis",
    "scheme": "set_id",
    "identifier": SET_ID,
    "address": f"https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid={SET_ID}",
}


@pytest.fixture
def source(writer: Any) -> LibrarySource:
    return add_source(address=ADDRESS, by=writer)


@pytest.fixture
def page(source: LibrarySource, writer: Any, reviewer: Any) -> MonographPage:
    """A page that patients read with the source."""
    page = use_source(make_monograph(by=writer), source, writer)
    publish(page, writer, reviewer)
    return page


def link(address: str = ADDRESS, **values: Any) -> LinkCheck:
    """Store what the last check of a link found; by default that it has been dead for two days."""
    now = database_now()
    dead = {"outcome": "gone", "status": 404, "first_failed_at": now - timedelta(days=2), "checked_at": now}
    return LinkCheck.objects.update_or_create(address=address, defaults=dead | values)[0]


def kinds(task: SourceTask) -> list[str]:
    return [fault["kind"] for fault in task.faults]


def answer(task: SourceTask, user: Any, reason: str = "I read it on paper.") -> SourceTask:
    return AnswerSource(user, task, reason=reason, seen_faults=faults_hash(task)).execute()


def test_a_source_that_is_right_opens_nothing(page: MonographPage) -> None:
    link(outcome="answers", status=200, first_failed_at=None)
    assert refresh_source_tasks() == []


def test_a_dead_link_opens_one_task_for_each_page(
    page: MonographPage, source: LibrarySource, writer: Any, reviewer: Any
) -> None:
    other = use_source(make_monograph("otherumab", by=writer), source, writer)
    publish(other, writer, reviewer)
    link()
    tasks = refresh_source_tasks()
    assert {task.key for task in tasks} == {page.translation_key, other.translation_key}
    assert [kinds(task) for task in tasks] == [["dead_link"]] * 2
    assert "how_it_works" in tasks[0].sections
    assert tasks[0].due_on == database_today() + timedelta(days=60)
    assert refresh_source_tasks() == []
    assert SourceTask.objects.count() == 2


def test_a_link_that_failed_once_is_not_dead(page: MonographPage) -> None:
    link(first_failed_at=database_now())
    assert refresh_source_tasks() == []


def test_an_address_that_moved_for_good_opens_a_task_unless_it_is_the_same_place(page: MonographPage) -> None:
    right = {"outcome": "answers", "status": 200, "first_failed_at": None}
    link(**right, moved_to="https://www.nccn.example.org/myeloma/")
    assert refresh_source_tasks() == []
    link(**right, moved_to="https://nccn.example.org/guidelines/myeloma")
    (task,) = refresh_source_tasks()
    assert kinds(task) == ["moved"]


def test_a_newer_version_of_a_label_opens_a_task(writer: Any, reviewer: Any) -> None:
    label = add_source("Label, version 3", **LABEL, version="3", by=writer)
    page = use_source(make_monograph(by=writer), label, writer)
    assert library_labels() == [(page.translation_key, SET_ID)]
    publish(page, writer, reviewer)
    assert library_labels() == [(page.translation_key, SET_ID)]
    LabelCheck.objects.create(set_id=SET_ID, newest_version=3)
    assert refresh_source_tasks() == []
    LabelCheck.objects.update(newest_version=4)
    (task,) = refresh_source_tasks()
    assert kinds(task) == ["newer_label"]
    assert "version 4, this is 3" in task.words


def test_an_edition_with_the_new_version_closes_the_task_about_the_old_one(
    writer: Any, reviewer: Any, django_capture_on_commit_callbacks: Any
) -> None:
    old = add_source("Label, version 3", **LABEL, version="3", by=writer)
    page = use_source(make_monograph(by=writer), old, writer)
    publish(page, writer, reviewer)
    LabelCheck.objects.create(set_id=SET_ID, newest_version=4)
    refresh_source_tasks()
    new = add_source("Label, version 4", **LABEL, version="4", by=writer)
    with django_capture_on_commit_callbacks(execute=True):
        publish(use_source(page, new, writer, "The new label."), writer, reviewer)
    assert [task.outcome for task in SourceTask.objects.all()] == ["edition"]


def test_what_an_editor_says_of_a_source_opens_a_task_at_once(
    page: MonographPage, source: LibrarySource, writer: Any, django_capture_on_commit_callbacks: Any
) -> None:
    editor = make_user("editor", "Editors")
    newer = add_source("The guideline of 2026", by=writer)
    with django_capture_on_commit_callbacks(execute=True):
        change_source(source, editor, superseded_by=newer, gone_since=database_today())
    task = SourceTask.objects.get()
    assert kinds(task) == ["gone", "superseded"]


def test_an_old_guideline_opens_a_task_and_an_old_paper_does_not(
    page: MonographPage, source: LibrarySource, writer: Any
) -> None:
    change_source(source, writer, published_on=database_today() - timedelta(days=365 * 5 + 2))
    (task,) = refresh_source_tasks()
    assert kinds(task) == ["old"]
    change_source(source, writer, kind="paper")
    (task,) = refresh_source_tasks()
    assert task.outcome == "right_again"


def test_a_new_date_of_a_source_is_a_task_until_its_page_has_seen_it(
    source: LibrarySource, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    """An agency renews its page at the same address; the old task does not close unread."""
    today = database_today()
    page = use_source(make_monograph(by=writer), source, writer, seen=str(today - timedelta(days=9)))
    publish(page, writer, reviewer)
    change_source(source, writer, published_on=today - timedelta(days=365 * 5 + 2))
    (task,) = refresh_source_tasks()
    assert kinds(task) == ["old"]
    change_source(source, writer, published_on=today - timedelta(days=9))
    (closed,) = refresh_source_tasks()
    assert closed.outcome == "right_again"
    change_source(source, writer, published_on=today - timedelta(days=2))
    (task,) = refresh_source_tasks()
    assert kinds(task) == ["renewed"]
    publish(edit(page, writer, how_it_works="Other."), writer, reviewer2)
    refresh_source_tasks()
    task.refresh_from_db()
    assert (task.edition, task.closed_at) == (2, None)
    again = use_source(page, source, writer, "Read again.", seen=str(today))
    publish(again, writer, reviewer2)
    (task,) = refresh_source_tasks()
    assert task.outcome == "edition"


def test_a_date_that_is_taken_back_was_right_again_and_no_edition(
    source: LibrarySource, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    today = database_today()
    page = use_source(make_monograph(by=writer), source, writer, seen=str(today - timedelta(days=9)))
    publish(page, writer, reviewer)
    change_source(source, writer, published_on=today)
    refresh_source_tasks()
    publish(edit(page, writer, how_it_works="Other."), writer, reviewer2)
    refresh_source_tasks()
    change_source(source, writer, published_on=today - timedelta(days=9))
    (task,) = refresh_source_tasks()
    assert task.outcome == "right_again"


def test_a_link_that_answers_again_is_not_settled_by_the_edition_that_came_with_it(
    page: MonographPage, writer: Any, reviewer2: Any
) -> None:
    link()
    refresh_source_tasks()
    link(outcome="answers", status=200, first_failed_at=None)
    publish(edit(page, writer, how_it_works="Other."), writer, reviewer2)
    (task,) = refresh_source_tasks()
    assert task.outcome == "right_again"


def test_days_are_written_as_in_the_admin(page: MonographPage, source: LibrarySource, writer: Any) -> None:
    change_source(source, writer, gone_since="2026-03-01")
    with override("de"):
        (task,) = refresh_source_tasks()
    assert task.faults[0]["words"] == "it is withdrawn or retracted since March 1, 2026"
    assert task.faults[0]["detail"] == "2026-03-01", "an answer is about this day, however it is written"


def test_a_page_that_does_not_say_when_it_saw_a_source_goes_by_its_review(
    page: MonographPage, source: LibrarySource, writer: Any
) -> None:
    change_source(source, writer, published_on=database_today())
    assert refresh_source_tasks() == []
    change_source(source, writer, published_on=database_today() + timedelta(days=1))
    (task,) = refresh_source_tasks()
    assert kinds(task) == ["renewed"]


def test_an_edition_without_sources_has_no_rows_to_miss(
    page: MonographPage, writer: Any, reviewer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Editions from before the rule by which each section has a source
    monkeypatch.setattr(submit_action, "submit_errors_of", lambda *args, **kwargs: [])
    other = make_monograph("otherumab", by=writer)
    draft = other.get_latest_revision_as_object()
    draft.sources = "[]"
    draft.sections = stream({name: value | {"sources": ""} for name, value in complete_sections().items()})
    draft.save_revision(user=writer)
    publish(draft, writer, reviewer)
    assert not ShownSource.objects.filter(key=other.translation_key).exists()
    assert list(editions_without_rows()) == []
    ShownSource.objects.all().delete()
    assert [each.key for each in editions_without_rows()] == [page.translation_key]
    show_missing_editions()
    assert ShownSource.objects.get().key == page.translation_key


def test_patients_who_follow_an_address_that_was_corrected_are_a_task(
    page: MonographPage, source: LibrarySource, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    change_source(source, writer, address="https://nccn.example.org/new")
    (task,) = refresh_source_tasks()
    assert kinds(task) == ["other_address"]
    publish(edit(page, writer, how_it_works="Other."), writer, reviewer2)
    (task,) = refresh_source_tasks()
    assert task.outcome == "edition"


def test_an_edition_without_the_source_closes_the_task(
    page: MonographPage, writer: Any, reviewer: Any, django_capture_on_commit_callbacks: Any
) -> None:
    link()
    refresh_source_tasks()
    other = add_source("Another", by=writer)
    with django_capture_on_commit_callbacks(execute=True):
        publish(use_source(page, other, writer, "Another source."), writer, reviewer)
    assert SourceTask.objects.get().outcome == "edition"


def test_an_answer_closes_it_is_recorded_and_holds_until_something_else_happens(
    page: MonographPage, source: LibrarySource, writer: Any
) -> None:
    link()
    (task,) = refresh_source_tasks()
    answer(task, writer)
    entry = LedgerEntry.objects.get(event="source_answered")
    assert entry.subject == str(page.translation_key)
    assert "I read it on paper." in entry.body
    assert refresh_source_tasks() == []
    change_source(source, writer, gone_since=database_today())
    (again,) = refresh_source_tasks()
    assert again.pk != task.pk
    assert set(kinds(again)) == {"gone", "dead_link"}


def test_an_answer_about_a_dead_link_does_not_hold_for_its_next_death(
    page: MonographPage, writer: Any
) -> None:
    long_ago = database_now() - timedelta(days=700)
    link(first_failed_at=long_ago)
    (task,) = refresh_source_tasks()
    answer(task, writer)
    link(first_failed_at=long_ago)
    assert refresh_source_tasks() == []
    link(outcome="answers", status=200, first_failed_at=None)
    assert refresh_source_tasks() == []
    link()
    (again,) = refresh_source_tasks()
    assert again.pk != task.pk


def test_an_answer_holds_while_other_faults_come_and_go(
    page: MonographPage, source: LibrarySource, writer: Any
) -> None:
    change_source(source, writer, gone_since=database_today())
    (task,) = refresh_source_tasks()
    answer(task, writer)
    link()
    (other,) = refresh_source_tasks()
    assert set(kinds(other)) == {"gone", "dead_link"}
    link(outcome="answers", status=200, first_failed_at=None)
    (closed,) = refresh_source_tasks()
    assert (closed.pk, closed.outcome) == (other.pk, "right_again")
    assert refresh_source_tasks() == [], "nobody is asked again about what was answered"
    change_source(source, writer, gone_since=database_today() - timedelta(days=1))
    (again,) = refresh_source_tasks()
    assert kinds(again) == ["gone"]


def test_answers_one_after_the_other_hold_together(
    page: MonographPage, source: LibrarySource, writer: Any
) -> None:
    """Each fault was answered, in two tasks."""
    right = {"outcome": "answers", "status": 200, "first_failed_at": None}
    link(**right, moved_to="https://elsewhere.example.org/myeloma")
    (task,) = refresh_source_tasks()
    answer(task, writer)
    link(**right, moved_to="")
    change_source(source, writer, gone_since=database_today())
    (task,) = refresh_source_tasks()
    assert kinds(task) == ["gone"]
    answer(task, writer)
    link(**right, moved_to="https://elsewhere.example.org/myeloma")
    assert refresh_source_tasks() == []


def test_an_answer_needs_a_reason_and_what_is_on_the_screen(
    page: MonographPage, source: LibrarySource, writer: Any
) -> None:
    link()
    (task,) = refresh_source_tasks()
    with pytest.raises(PolicyError, match="Say why"):
        answer(task, writer, " ")
    seen = faults_hash(task)
    change_source(source, writer, gone_since=database_today())
    refresh_source_tasks()
    with pytest.raises(PolicyError, match="Something else happened"):
        AnswerSource(writer, task, reason="Right.", seen_faults=seen).execute()
    outsider = make_user("outsider")
    with pytest.raises(PolicyError, match="Only who writes"):
        answer(SourceTask.objects.get(), outsider)
    answer(SourceTask.objects.get(), writer)
    with pytest.raises(PolicyError, match="Nothing is left"):
        answer(task, writer)


def test_people_behind_the_page_are_told_once(page: MonographPage, writer: Any, reviewer: Any) -> None:
    link()
    refresh_source_tasks()
    refresh_source_tasks()
    told = Notice.objects.filter(event="source_changed")
    assert {notice.user.username for notice in told} == {"writer", "reviewer"}
    assert "has not answered since" in told[0].text


def test_the_number_of_queries_does_not_depend_on_the_number_of_pages(
    page: MonographPage, source: LibrarySource, writer: Any, reviewer: Any
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            refresh_source_tasks()
        return len(captured)

    link(outcome="answers", status=200, first_failed_at=None)
    few = queries()
    for number in range(2):
        more = add_source(f"More {number}", address=f"https://more.example.org/{number}", by=writer)
        publish(use_source(make_monograph(f"otherumab-{number}", by=writer), more, writer), writer, reviewer)
    assert queries() == few
