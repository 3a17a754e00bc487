"""Set-up that runs twice at once, or while somebody decides; and groups and pages that changed places."""

from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction
from wagtail.models import (
    GroupPagePermission,
    Page,
    Site,
    Task,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from home.models import HomePage, SetUpItem
from home.site_setup import set_up_site
from monographs.models import MonographIndexPage
from monographs.review.models import ChecklistStatement, MedicalReviewTask
from tests.setup.test_nothing_undone import rows, run_setup


def in_threads(*attempts: Callable[[], Any]) -> list[BaseException]:
    """Run the attempts at once; return what they raised."""
    raised: list[BaseException] = []

    def run(attempt: Callable[[], Any]) -> None:
        try:
            attempt()
        except BaseException as error:  # reported by the caller
            raised.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(attempt,)) for attempt in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.django_db(transaction=True)
def test_runs_at_once_make_everything_once(site: HomePage) -> None:
    """As after the release that made nothing yet: three servers start at the same time."""
    WorkflowPage.objects.all().delete()
    Workflow.objects.all().delete()
    Task.objects.all().delete()
    Group.objects.all().delete()
    ChecklistStatement.objects.all().delete()
    SetUpItem.objects.all().delete()
    assert in_threads(set_up_site, set_up_site, set_up_site) == []
    assert Group.objects.count() == 3
    assert (Workflow.objects.count(), WorkflowTask.objects.count(), WorkflowPage.objects.count()) == (1, 1, 1)
    assert MedicalReviewTask.objects.count() == 1
    assert HomePage.objects.count() == 1
    texts = list(ChecklistStatement.objects.values_list("text", flat=True))
    assert texts
    assert len(texts) == len(set(texts))
    before = rows()
    set_up_site()
    assert rows() == before


@pytest.mark.django_db(transaction=True)
def test_a_decision_that_is_not_saved_yet_is_not_undone(site: HomePage) -> None:
    """Set-up runs while somebody's stricter steps, and a renamed group, are in an open transaction."""

    def decide() -> None:
        MedicalReviewTask.objects.update(signatures=2, name="Two readers")
        Workflow.objects.update(name="Stricter review")
        Group.objects.filter(name="Medical reviewers").update(name="Pharmacists")
        GroupPagePermission.objects.filter(permission__codename="lock_page").delete()

    with transaction.atomic():
        decide()
        assert in_threads(set_up_site, set_up_site) == []
    before = rows()
    set_up_site()
    assert rows() == before
    assert MedicalReviewTask.objects.get().signatures == 2
    assert not Group.objects.filter(name="Medical reviewers").exists()


@pytest.mark.django_db
def test_groups_that_swapped_names_and_pages_that_moved_stay(site: HomePage) -> None:
    """A group is known by what set-up made, not by its name; so is a page."""
    writers, editors = Group.objects.get(name="Medical writers"), Group.objects.get(name="Editors")
    Group.objects.filter(pk=writers.pk).update(name="Between")
    Group.objects.filter(pk=editors.pk).update(name="Medical writers")
    Group.objects.filter(pk=writers.pk).update(name="Editors")
    MedicalReviewTask.objects.update(active=False)
    medicines = MonographIndexPage.objects.get(collection="medicines")
    classes = MonographIndexPage.objects.get(collection="classes")
    Page.objects.get(pk=classes.pk).move(Page.objects.get(pk=medicines.pk), pos="last-child")
    Site.objects.update(root_page=medicines, is_default_site=False)
    GroupPagePermission.objects.filter(group=editors).update(page=medicines)
    WorkflowPage.objects.update(page=medicines)
    before = rows()
    for _ in range(2):
        report = run_setup()
        for label, now in rows().items():
            assert now == before[label], label
    assert "the group “Editors” is now “Medical writers”" in report
    assert "the group “Medical writers” is now “Editors”" in report
    assert "no workflow applies to" in report
    SetUpItem.objects.get(name="Editors: feedback.view_feedback").delete()  # as if a release brought it
    editors.permissions.clear()
    set_up_site()
    assert editors.permissions.filter(codename="view_feedback").exists(), "for those who were editors"
    assert not writers.permissions.filter(codename="view_feedback").exists()
