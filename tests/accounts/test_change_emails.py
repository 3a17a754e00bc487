"""Emails about changes of accounts: one per request, also for Wagtail's views that write in bulk."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.test import Client
from wagtail.models import GroupPagePermission, Page, Workflow

from monographs.accounts.account_emails import batch_emails, suppress_emails
from monographs.accounts.audit_check import audit_differences
from monographs.accounts.audit_log import recorded_state
from monographs.accounts.audit_snapshot import ACCOUNT, AuditSubject
from monographs.editions.ledger import Event
from tests.accounts.conftest import NewEntries
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def account_changes_are_recorded(settings: Any) -> None:
    """As in production."""
    settings.RECORD_ACCOUNT_CHANGES = True


def _group(name: str) -> Group:
    return Group.objects.get(name=name)


@pytest.mark.usefixtures("editor")
def test_changes_of_one_request_make_one_email_to_each_editor(ledger: NewEntries, superuser: Any) -> None:
    second = make_user("editor2", "Editors")
    make_user("left", "Editors").delete()
    user = make_user("somebody", "Medical writers")
    mail.outbox.clear()
    client = Client()
    client.force_login(superuser)
    answer = client.post(
        f"/admin/users/edit/{user.pk}/",
        {
            "username": "somebody",
            "email": "new@example.org",
            "first_name": "Some",
            "last_name": "Body",
            "is_active": "on",
            "is_superuser": "on",
            "groups": [_group("Medical reviewers").pk],
            "your_password": PASSWORD,
        },
    )
    assert answer.status_code == 302
    to_owner = [m for m in mail.outbox if m.to == ["somebody@example.org"]]
    assert "the email address" in to_owner[0].body, "the old address is told"
    mail.outbox = [m for m in mail.outbox if m not in to_owner]
    assert sorted(m.to for m in mail.outbox) == [["editor2@example.org"], ["editor@example.org"]]
    assert second.is_active
    body = mail.outbox[0].body
    assert "account “somebody”, by Admin Tester" in body
    assert "groups: removed Medical writers" in body
    assert "groups: added Medical reviewers" in body
    assert "superuser: no → yes" in body
    assert "email: changed" in body
    assert "new@example.org" not in body
    html = str(mail.outbox[0].alternatives[0][0])
    assert "<li>superuser: no → yes</li>" in html


@pytest.mark.django_db(transaction=True)
def test_a_change_by_a_command_is_emailed_when_it_is_committed(editor: Any) -> None:
    mail.outbox.clear()
    make_user("somebody", superuser=True)
    assert any("superuser: no → yes" in m.body for m in mail.outbox)
    assert "by system" in mail.outbox[0].body
    mail.outbox.clear()
    with suppress_emails():
        make_user("another", superuser=True)
    assert not mail.outbox


def test_a_name_cannot_bring_markup_into_the_email(ledger: NewEntries, editor: Any) -> None:
    mail.outbox.clear()
    with batch_emails():
        make_user("<img src=x>")
    assert "<img" not in str(mail.outbox[0].alternatives[0][0])


def test_wagtails_bulk_activation_is_recorded(ledger: NewEntries, superuser: Any) -> None:
    user = make_user("somebody")
    client = Client()
    client.force_login(superuser)
    client.post(f"/admin/bulk/auth/user/set_active_state/?id={user.pk}", {"mark_as_active": "False"})
    user.refresh_from_db()
    assert not user.is_active
    assert "active" not in recorded_state(AuditSubject(ACCOUNT, user.pk))[Event.ACCOUNT]
    assert not audit_differences()


def test_wagtails_bulk_assignment_is_recorded(ledger: NewEntries, superuser: Any) -> None:
    user = make_user("somebody")
    client = Client()
    client.force_login(superuser)
    client.post(f"/admin/bulk/auth/user/assign_role/?id={user.pk}", {"role": _group("Editors").pk})
    assert recorded_state(AuditSubject(ACCOUNT, user.pk))[Event.MEMBERSHIP] == {"groups": ["Editors"]}


def test_page_permissions_set_in_the_group_form_are_recorded(ledger: NewEntries, superuser: Any) -> None:
    client = Client()
    client.force_login(superuser)
    group = _group("Editors")
    form = {"name": group.name}
    for prefix in ("page_permissions", "image_permissions", "document_permissions", "collection_permissions"):
        form |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0", f"{prefix}-MAX_NUM_FORMS": "1"}
    form |= {
        "page_permissions-TOTAL_FORMS": "1",
        "page_permissions-0-page": str(Page.get_first_root_node().pk),
        "page_permissions-0-permissions": "change_page",
    }
    ledger.read()
    names = {key.split("-")[0] for key in form if key.endswith("TOTAL_FORMS")}
    assert client.post(f"/admin/groups/edit/{group.pk}/", form).status_code == 302, names
    last = ledger.read()[-1]
    assert last["actor"]["username"] == "admin"
    assert last["data"]["after"]["pages"] == [f"change_page on page {Page.get_first_root_node().pk}"]
    assert not audit_differences()


def test_the_email_names_what_the_ledger_numbers(ledger: NewEntries, editor: Any, medicines: Page) -> None:
    mail.outbox.clear()
    group, workflow = _group("Editors"), Workflow.objects.get()
    step = workflow.workflow_tasks.get()
    with batch_emails():
        delete_page = Permission.objects.get(codename="delete_page")
        GroupPagePermission.objects.create(group=group, page=medicines, permission=delete_page)
        group.permissions.add(Permission.objects.get(codename="add_session"))
        step.delete()
    body = mail.outbox[0].body
    assert "group “Editors”" in body
    assert f"pages: added delete_page on page “{medicines.title}”" in body
    assert "permissions: added “Can add session”" in body
    assert f"workflow “{workflow.name}”" in body
    assert f"steps: removed step “{step.task.name}”" in body
    recorded = [page for entry in ledger.read() for page in entry["data"]["after"].get("pages", [])]
    assert f"delete_page on page {medicines.pk}" in recorded, "the ledger keeps the number"
