"""Only groups with admin access can review at a step."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from monographs.review import policy
from monographs.review.models import MedicalReviewTask, WorkflowChange, WorkflowChangeStatus
from monographs.review.queue.queue_rows import queue_for
from tests.factories import make_group, make_monograph, make_user, submit

pytestmark = pytest.mark.django_db


def edit_form(client: Client, task: MedicalReviewTask) -> str:
    return client.get(reverse("wagtailadmin_workflows:edit_task", args=[task.pk])).content.decode()


def choose(client: Client, task: MedicalReviewTask, group: Group) -> Any:
    form = {"name": task.name, "groups": [group.pk], "signatures": 1}
    return client.post(reverse("wagtailadmin_workflows:edit_task", args=[task.pk]), form)


@pytest.fixture
def superuser_client(client: Client, superuser: Any) -> Client:
    client.force_login(superuser)
    return client


def test_only_groups_with_admin_access_can_be_chosen(superuser_client: Client, site: Any) -> None:
    task, closed = MedicalReviewTask.objects.get(), Group.objects.create(name="Nobodies")
    assert "Nobodies" not in edit_form(superuser_client, task)
    assert "tick “Can access Wagtail admin” for it" in edit_form(superuser_client, task)
    refused = choose(superuser_client, task, closed)
    assert "not one of the available choices" in refused.content.decode()
    assert [group.name for group in task.groups.all()] == ["Medical reviewers"]

    closed.permissions.add(Permission.objects.get(codename="access_admin"))

    assert "Nobodies" in edit_form(superuser_client, task)
    assert choose(superuser_client, task, closed).status_code == 302
    assert WorkflowChange.objects.get().status == WorkflowChangeStatus.PROPOSED, "a second person decides"
    assert [group.name for group in task.groups.all()] == ["Medical reviewers"]


def test_a_member_without_admin_access_is_not_named_as_a_signer(writer: Any, reviewer: Any) -> None:
    """The group lost the permission after it had been chosen for the step."""
    group = make_group("Pharmacists")
    MedicalReviewTask.objects.get().groups.set([group])
    pharmacist = make_user("pharmacist", "Pharmacists", credentials="PharmD")
    submission = submit(make_monograph(by=writer), writer)
    assert "Who may sign it: Pharmacist Tester." in policy.user_can_sign(reviewer, submission).message
    assert [row.eligible for row in queue_for(reviewer)] == [["Pharmacist Tester"]]

    group.permissions.clear()

    submission, pharmacist = (each._meta.model.objects.get(pk=each.pk) for each in (submission, pharmacist))
    assert "Nobody can sign it now" in policy.user_can_sign(reviewer, submission).message
    assert not policy.user_can_sign(pharmacist, submission).allowed
    assert [row.eligible for row in queue_for(reviewer)] == [[]]
