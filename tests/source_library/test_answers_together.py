"""One answer for all pages on which the same is wrong with a source, each in a transaction of its own."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monographs.core.db_clock import database_today
from monographs.editions.models import LedgerEntry
from monographs.review.sources_of_pages.source_tasks import faults_hash, refresh_source_tasks
from monographs.rules.models import LinkCheck
from monographs.source_library.models import LibrarySource, SourceTask
from tests.conftest import as_user
from tests.factories import make_monograph, make_user, publish
from tests.source_library.library import add_source, change_source, use_source
from tests.source_library.test_tasks import ADDRESS, link

pytestmark = pytest.mark.django_db
NAMES = ("anumab", "bnumab", "cnumab")


@pytest.fixture
def source(writer: Any) -> LibrarySource:
    return add_source(address=ADDRESS, by=writer)


@pytest.fixture
def tasks(source: LibrarySource, writer: Any, reviewer: Any) -> list[SourceTask]:
    """Tasks of three pages about a link that does not work any more."""
    for name in NAMES:
        publish(use_source(make_monograph(name, by=writer), source, writer), writer, reviewer)
    link()
    refresh_source_tasks()
    return list(SourceTask.objects.order_by("title"))


def publish_more(source: LibrarySource, writer: Any, reviewer: Any, seen: str | None = None) -> None:
    """Publish two more pages with the source, while its link answers: a dead one is not submitted."""
    LinkCheck.objects.all().delete()
    for name in ("dnumab", "enumab"):
        publish(use_source(make_monograph(name, by=writer), source, writer, seen=seen), writer, reviewer)
    link()


def inspect(user: Any, source: LibrarySource) -> Any:
    return as_user(user).get(reverse("source_library:inspect", args=[source.pk]))


def answer(user: Any, source: LibrarySource, tasks: list[SourceTask], **more: str) -> Any:
    sent = {"faults": faults_hash(tasks[0]), "reason": "I read it on paper.", "task": [t.pk for t in tasks]}
    return as_user(user).post(reverse("sources:answers", args=[source.pk]), sent | more)


@pytest.mark.parametrize("who", ["writer", "reviewer"])
def test_one_reason_answers_for_all_ticked_pages(
    who: str, source: LibrarySource, tasks: list[SourceTask], request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(who)
    shown = inspect(user, source)
    (group,) = shown.context["answers"]
    assert [task.title for task in group.tasks] == list(NAMES)
    outcome = answer(user, source, tasks[:2])
    assert [each.title for each in outcome.context["done"]] == ["anumab", "bnumab"]
    assert "Answered: 2 pages" in outcome.content.decode()
    assert [task.outcome for task in SourceTask.objects.order_by("title")] == ["answered", "answered", ""]
    entries = LedgerEntry.objects.filter(event="source_answered")
    assert {entry.subject for entry in entries} == {str(task.key) for task in tasks[:2]}
    assert inspect(user, source).context["answers"] == [], "one page is answered for on its task"


def test_a_page_to_which_something_else_happened_is_left_with_the_reason(
    source: LibrarySource, tasks: list[SourceTask], writer: Any
) -> None:
    last = tasks[-1]
    last.faults = [*last.faults, {"kind": "renewed", "detail": "2026-01-01", "words": "it has a newer date"}]
    last.save()
    (group,) = inspect(writer, source).context["answers"]
    assert [task.title for task in group.tasks] == ["anumab", "bnumab"]
    outcome = answer(writer, source, tasks)
    (refused,) = outcome.context["refused"]
    assert (refused.title, refused.text.startswith("Something else happened")) == ("cnumab", True)
    assert len(outcome.context["done"]) == 2


def test_an_answer_needs_a_reason_and_a_page(
    source: LibrarySource, tasks: list[SourceTask], writer: Any
) -> None:
    without = answer(writer, source, tasks[:2], reason="")
    assert (without.status_code, "This field is required" in without.content.decode()) == (400, True)
    (group,) = without.context["answers"]
    assert group.form.errors
    for sent in ("", "x", "0", "99999999"):
        refused = answer(writer, source, tasks, task=sent)
        assert (refused.status_code, "Tick the pages" in refused.content.decode()) == (400, True)
    assert not SourceTask.objects.exclude(closed_at=None).exists()


def test_tasks_of_another_source_and_other_people_are_left_out(
    source: LibrarySource, tasks: list[SourceTask], writer: Any
) -> None:
    other = add_source("Another", by=writer)
    assert answer(writer, other, tasks).status_code == 400
    assert answer(make_user("outsider"), source, tasks).status_code in (302, 403)
    assert not SourceTask.objects.exclude(closed_at=None).exists()


def test_kinds_of_faults_have_forms_of_their_own(
    source: LibrarySource, tasks: list[SourceTask], writer: Any, reviewer: Any
) -> None:
    publish_more(source, writer, reviewer, seen="2020-01-01")
    change_source(source, writer, published_on=database_today())
    refresh_source_tasks()
    shown = inspect(writer, source)
    forms = {tuple(task.title for task in group.tasks): group.form for group in shown.context["answers"]}
    assert set(forms) == {NAMES, ("dnumab", "enumab")}
    ids = {form["reason"].id_for_label for form in forms.values()}
    assert len(ids) == 2


def test_the_number_of_queries_does_not_depend_on_the_number_of_pages(
    source: LibrarySource, tasks: list[SourceTask], writer: Any, reviewer: Any
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            inspect(writer, source)
        return len(captured)

    inspect(writer, source)
    few = queries()
    publish_more(source, writer, reviewer)
    refresh_source_tasks()
    assert queries() == few
