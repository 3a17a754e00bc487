"""A step is for groups to which the desk is open: who cannot enter it cannot sign."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from monographs.review import policy
from monographs.review.models import MedicalReviewTask
from monographs.review.queue import queue
from tests.factories import make_group, make_monograph, make_user, submit

pytestmark = pytest.mark.django_db


def offered(client: Client, task: MedicalReviewTask) -> str:
    return client.get(reverse("wagtailadmin_workflows:edit_task", args=[task.pk])).content.decode()


def choose(client: Client, task: MedicalReviewTask, group: Group) -> Any:
    form = {"name": task.name, "groups": [group.pk], "signatures": 1}
    return client.post(reverse("wagtailadmin_workflows:edit_task", args=[task.pk]), form)


@pytest.fixture
def at_desk(client: Client, superuser: Any) -> Client:
    client.force_login(superuser)
    return client


def test_only_groups_to_which_the_desk_is_open_are_offered(at_desk: Client, site: Any) -> None:
    task, closed = MedicalReviewTask.objects.get(), Group.objects.create(name="Nobodies")
    assert "Nobodies" not in offered(at_desk, task)
    assert "tick “Can access Wagtail admin”" in offered(at_desk, task)
    refused = choose(at_desk, task, closed)
    assert "not one of the available choices" in refused.content.decode()
    assert [group.name for group in task.groups.all()] == ["Medical reviewers"]

    closed.permissions.add(Permission.objects.get(codename="access_admin"))

    assert "Nobodies" in offered(at_desk, task)
    assert choose(at_desk, task, closed).status_code == 302
    assert [group.name for group in task.groups.all()] == ["Nobodies"]


def test_whoever_cannot_enter_is_not_told_of_as_a_signer(writer: Any, reviewer: Any) -> None:
    """The group lost the permission after it had been chosen."""
    group = make_group("Pharmacists")
    MedicalReviewTask.objects.get().groups.set([group])
    pharmacist = make_user("pharmacist", "Pharmacists", credentials="PharmD")
    submission = submit(make_monograph(by=writer), writer)
    assert "Who may sign it: Pharmacist Tester." in policy.user_can_sign(reviewer, submission).message
    assert [row.holders for row in queue(reviewer)] == [["Pharmacist Tester"]]

    group.permissions.clear()

    submission, pharmacist = (each._meta.model.objects.get(pk=each.pk) for each in (submission, pharmacist))
    assert "Nobody can sign it now" in policy.user_can_sign(reviewer, submission).message
    assert not policy.user_can_sign(pharmacist, submission).allowed
    assert [row.holders for row in queue(reviewer)] == [[]]
