"""Weaker or other review workflows: proposed by one person, confirmed by a second."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.utils import timezone
from wagtail.models import Page, Task, Workflow, WorkflowPage, WorkflowTask

from monographs.editions.models import LedgerEntry
from monographs.review.models import MedicalReviewTask, WorkflowChange
from monographs.review.workflow_changes.arrangement import current_arrangement
from tests.conftest import as_user
from tests.factories import make_monograph, make_user

pytestmark = pytest.mark.django_db
CHANGES = "/admin/review/workflow-changes/"


@pytest.fixture
def strict(site: Any) -> Workflow:
    """The workflow an administrator has built: two readings, the second with two signatures."""
    workflow = Workflow.objects.get()
    task = MedicalReviewTask.objects.create(name="Pharmacy", signatures=2)
    task.groups.set(Group.objects.filter(name="Medical reviewers"))
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    return workflow


@pytest.fixture
def second(site: Any) -> Any:
    return make_user("second", superuser=True)


def task_form(task: MedicalReviewTask, **changed: Any) -> tuple[str, dict[str, Any]]:
    form = {
        "name": task.name,
        "signatures": task.signatures,
        "groups": list(task.groups.values_list("pk", flat=True)),
    }
    return f"/admin/workflows/tasks/edit/{task.pk}/", {**form, **changed}


def workflow_form(workflow: Workflow, rows: list[Any], pages: list[Any], name: str = "") -> dict[str, Any]:
    """The form of a workflow with the steps in ``rows``, in this order, and ``pages``."""
    old = list(workflow.workflow_tasks.order_by("sort_order")) if workflow.pk else []
    form: dict[str, Any] = {
        "name": name or workflow.name,
        "workflow_tasks-INITIAL_FORMS": len(old),
        "workflow_tasks-MIN_NUM_FORMS": 0,
        "workflow_tasks-MAX_NUM_FORMS": 1000,
        "pages-TOTAL_FORMS": len(pages),
        "pages-INITIAL_FORMS": 0,
        "pages-MIN_NUM_FORMS": 0,
        "pages-MAX_NUM_FORMS": 1000,
    }
    places = {task.pk: place for place, task in enumerate(rows, 1)}
    for at, row in enumerate(old):
        form |= {
            f"workflow_tasks-{at}-id": row.pk,
            f"workflow_tasks-{at}-task": row.task_id,
            f"workflow_tasks-{at}-ORDER": places.get(row.task_id, 9),
            f"workflow_tasks-{at}-DELETE": "" if row.task_id in places else "on",
        }
    new = [task for task in rows if task.pk not in {row.task_id for row in old}]
    for at, task in enumerate(new, len(old)):
        form |= {
            f"workflow_tasks-{at}-id": "",
            f"workflow_tasks-{at}-task": task.pk,
            f"workflow_tasks-{at}-ORDER": places[task.pk],
        }
    form["workflow_tasks-TOTAL_FORMS"] = len(old) + len(new)
    for at, page in enumerate(pages):
        form |= {f"pages-{at}-page": page.pk, f"pages-{at}-id": "", f"pages-{at}-workflow": workflow.pk or ""}
    return form


def weakenings(workflow: Workflow) -> dict[str, tuple[str, dict[str, Any]]]:
    """Each way in Wagtail's admin to weaken or replace the review: address and form."""
    first, pharmacy = MedicalReviewTask.objects.order_by("pk")
    home = WorkflowPage.objects.get().page
    child = Page.objects.child_of(home).first()
    writers = Group.objects.get(name="Medical writers")
    edit = f"/admin/workflows/edit/{workflow.pk}/"
    easy = MedicalReviewTask.objects.create(name="Easy")
    easy.groups.set(first.groups.all())
    weak = Workflow.objects.create(name="Quick")
    WorkflowTask.objects.create(workflow=weak, task=first)
    return {
        "fewer signatures": task_form(pharmacy, signatures=1),
        "two at once": task_form(pharmacy, signatures=1, groups=[writers.pk]),
        "no signatures": task_form(pharmacy, signatures=0),
        "another group": task_form(pharmacy, groups=[writers.pk]),
        "one more group": task_form(first, groups=[*first.groups.values_list("pk", flat=True), writers.pk]),
        "step disabled": (f"/admin/workflows/tasks/disable/{pharmacy.pk}/", {}),
        "workflow disabled": (f"/admin/workflows/disable/{workflow.pk}/", {}),
        "step removed": (edit, workflow_form(workflow, [first], [])),
        "steps in another order": (edit, workflow_form(workflow, [pharmacy, first], [])),
        "step replaced": (edit, workflow_form(workflow, [first, easy], [])),
        "workflow taken from the page": (f"/admin/workflows/remove/{home.pk}/", {}),
        "workflow taken, by its own address": (f"/admin/workflows/remove/{home.pk}/{workflow.pk}/", {}),
        "another workflow for a page below": (
            f"/admin/workflows/edit/{weak.pk}/", workflow_form(weak, [first], [child])),
        "a new workflow for a page below": (
            "/admin/workflows/add/", workflow_form(Workflow(name="New"), [first], [child])),
        "group of a step deleted": (
            f"/admin/groups/delete/{Group.objects.get(name='Medical reviewers').pk}/", {}),
    }  # fmt: skip


WEAKENINGS = (
    "fewer signatures|two at once|no signatures|another group|one more group|step disabled|"
    "workflow disabled|step removed|steps in another order|step replaced|workflow taken from the page|"
    "workflow taken, by its own address|another workflow for a page below|a new workflow for a page below|"
    "group of a step deleted"
).split("|")


@pytest.mark.parametrize("name", WEAKENINGS)
def test_one_person_alone_does_not_weaken_the_review(
    strict: Workflow, superuser: Any, editor: Any, name: str
) -> None:
    known = weakenings(strict)
    assert list(known) == WEAKENINGS
    address, form = known[name]
    before = current_arrangement()
    response = as_user(superuser).post(address, form, follow=True)
    assert current_arrangement() == before
    assert "Nothing has changed yet" in response.content.decode()
    change = WorkflowChange.objects.get()
    assert LedgerEntry.objects.filter(event="workflow_proposed").count() == 1

    client = as_user(superuser)
    client.post(f"{CHANGES}{change.pk}/", {"decision": "confirm"})
    assert current_arrangement() == before, "nobody confirms their own proposal"

    as_user(editor).post(f"{CHANGES}{change.pk}/", {"decision": "confirm"})
    change.refresh_from_db()
    assert change.status == "confirmed"
    after = current_arrangement()
    assert after != before
    assert LedgerEntry.objects.get(event="workflow_confirmed").body.count(editor.username)
    if "new workflow" not in name:  # its primary key is new
        assert after.as_record() == {**change.after, "titles": after.titles}
    else:
        assert Workflow.objects.get(name="New").workflow_pages.count() == 1


def test_stronger_and_unused_is_decided_by_one(strict: Workflow, superuser: Any) -> None:
    client = as_user(superuser)
    first, pharmacy = MedicalReviewTask.objects.order_by("pk")
    client.post(*task_form(pharmacy, signatures=3))
    pharmacy.refresh_from_db()
    assert pharmacy.signatures == 3
    third = MedicalReviewTask.objects.create(name="Third")
    third.groups.set(first.groups.all())
    client.post(f"/admin/workflows/edit/{strict.pk}/", workflow_form(strict, [first, pharmacy, third], []))
    assert strict.workflow_tasks.count() == 3
    unused = MedicalReviewTask.objects.create(name="Unused", signatures=4)
    unused.groups.set(first.groups.all())
    client.post(*task_form(unused, signatures=1))
    unused.refresh_from_db()
    assert unused.signatures == 1
    assert not WorkflowChange.objects.exists()


def test_editors_are_told_of_proposal_and_decision(
    strict: Workflow, superuser: Any, editor: Any, second: Any, django_capture_on_commit_callbacks: Any
) -> None:
    pharmacy = MedicalReviewTask.objects.get(name="Pharmacy")
    with django_capture_on_commit_callbacks(execute=True):
        as_user(superuser).post(*task_form(pharmacy, signatures=1))
    [email] = mail.outbox
    assert email.to == [editor.email]
    assert "signatures at “Pharmacy”: 2 → 1" in email.body
    assert "proposed; a second person must confirm it" in email.body
    assert CHANGES in email.body
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        as_user(second).post(f"{CHANGES}{WorkflowChange.objects.get().pk}/", {"decision": "confirm"})
    assert "confirmed by a second person" in mail.outbox[0].body


def test_only_another_person_with_the_right_decides_on_a_change(
    strict: Workflow, superuser: Any, editor: Any, writer: Any, reviewer: Any
) -> None:
    pharmacy = MedicalReviewTask.objects.get(name="Pharmacy")
    as_user(superuser).post(*task_form(pharmacy, signatures=1))
    change = WorkflowChange.objects.get()
    newcomer = make_user("newcomer", superuser=True)
    for user in (writer, reviewer, superuser, newcomer):
        as_user(user).post(f"{CHANGES}{change.pk}/", {"decision": "confirm"})
        change.refresh_from_db()
        assert change.is_open, user
    assert as_user(writer).get(CHANGES).status_code == 302
    shown = as_user(superuser).get(CHANGES).content.decode()
    assert "You proposed this change" in shown
    assert "Confirm and change" not in shown
    as_user(superuser).post(f"{CHANGES}{change.pk}/", {"decision": "decline"})
    as_user(editor).post(f"{CHANGES}{change.pk}/", {"decision": "confirm"})
    change.refresh_from_db()
    assert change.status == "declined"
    pharmacy.refresh_from_db()
    assert pharmacy.signatures == 2


def test_a_proposal_is_not_confirmed_over_a_later_change(
    strict: Workflow, superuser: Any, editor: Any
) -> None:
    pharmacy = MedicalReviewTask.objects.get(name="Pharmacy")
    as_user(superuser).post(*task_form(pharmacy, signatures=1))
    as_user(superuser).post(*task_form(pharmacy, signatures=5))
    response = as_user(editor).post(
        f"{CHANGES}{WorkflowChange.objects.get().pk}/", {"decision": "confirm"}, follow=True
    )
    assert "has been changed since this was proposed" in response.content.decode()
    pharmacy.refresh_from_db()
    assert pharmacy.signatures == 5
    assert WorkflowChange.objects.get().is_open


def test_a_proposal_does_not_wait_in_vain_for_an_old_account(
    strict: Workflow, superuser: Any, second: Any
) -> None:
    pharmacy = MedicalReviewTask.objects.get(name="Pharmacy")
    as_user(superuser).post(*task_form(pharmacy, signatures=1))
    WorkflowChange.objects.update(proposed_at=timezone.now() + timedelta(minutes=1))
    assert "Confirm and change" in as_user(second).get(CHANGES).content.decode()


def test_a_review_in_progress_keeps_its_steps(
    strict: Workflow, superuser: Any, editor: Any, writer: Any
) -> None:
    from tests.factories import submit  # noqa: PLC0415

    submission = submit(make_monograph(by=writer), writer)
    pharmacy = MedicalReviewTask.objects.get(name="Pharmacy")
    as_user(superuser).post(*task_form(pharmacy, signatures=1))
    as_user(editor).post(f"{CHANGES}{WorkflowChange.objects.get().pk}/", {"decision": "confirm"})
    assert Task.objects.get(name="Pharmacy").specific.signatures == 1
    submission.refresh_from_db()
    assert submission.steps[1] == {"step": "Pharmacy", "signatures": 2}
