"""Whoever gains or loses a right: the ledger tells it, and editors read it."""

import json
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from wagtail.log_actions import LogContext
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from home.models import HomePage
from monographs.accounts import people, second_factor
from monographs.accounts.audit import differences
from monographs.accounts.models import GroupSecondFactor
from monographs.accounts.notices import quiet, together
from monographs.accounts.state import ACCOUNT, Subject
from monographs.accounts.telling import told
from monographs.editions.ledger import Event
from monographs.editions.models import LedgerEntry
from monographs.editions.verify import verify
from monographs.review import groups
from monographs.review.models import MedicalReviewTask, ReviewerProfile
from tests.accounts.conftest import Phone
from tests.factories import make_monograph, make_user, publish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def changes_of_accounts_are_told(settings: Any) -> None:
    """As on the real desk."""
    settings.TELL_ACCOUNT_CHANGES = True


class Telling:
    """What the ledger was told since the last look."""

    def __init__(self) -> None:
        self.seq = 0
        self.since()

    def since(self) -> list[dict[str, Any]]:
        entries = list(LedgerEntry.objects.filter(seq__gt=self.seq).order_by("seq"))
        self.seq = entries[-1].seq if entries else self.seq
        return [{"event": e.event, "subject": e.subject, **json.loads(e.body)} for e in entries]

    def one(self) -> dict[str, Any]:
        (entry,) = self.since()
        return entry


@pytest.fixture
def telling(site: HomePage) -> Telling:
    return Telling()


def test_the_editors_who_are_told_are_the_reviews_editors() -> None:
    assert people.EDITORS == groups.EDITORS


def test_a_site_and_its_demonstration_are_told_whole_and_mail_nobody(db: None) -> None:
    call_command("load_demo", stdout=StringIO())
    assert not list(differences())
    assert not [m for m in mail.outbox if "accounts or rights" in m.subject]
    assert verify()["entries"] == LedgerEntry.objects.count()
    before = LedgerEntry.objects.count()
    call_command("setup_site", stdout=StringIO())
    assert LedgerEntry.objects.count() == before


def test_a_new_account_and_its_groups_are_told_with_who_did_it(telling: Telling, superuser: Any) -> None:
    telling.since()
    with LogContext(user=superuser):
        user = make_user("newcomer", "Medical reviewers", credentials="MD")
    entries = telling.since()
    assert [e["event"] for e in entries] == ["account", "membership", "credentials"]
    assert {e["actor"]["username"] for e in entries} == {"admin"}
    assert {e["subject"] for e in entries} == {f"account:{user.pk}"}
    made, joined, credentials = (e["data"] for e in entries)
    assert (made["before"], made["after"]["username"], made["after"]["active"]) == ({}, "newcomer", True)
    assert (joined["before"], joined["after"]) == ({}, {"groups": ["Medical reviewers"]})
    assert credentials["after"]["credentials"] == "MD"


def test_neither_password_nor_address_is_in_the_ledger(telling: Telling) -> None:
    user = make_user("newcomer")
    kept = " ".join(LedgerEntry.objects.values_list("body", flat=True))
    assert user.password not in kept
    assert user.email not in kept


Change = Any


def _task() -> MedicalReviewTask:
    return MedicalReviewTask.objects.get()


def _permission(name: str) -> Permission:
    return Permission.objects.get(codename=name)


def _group(name: str) -> Group:
    return Group.objects.get(name=name)


def _save(row: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


#: Each change, by the door it comes through: event, what it is about, what is now said of it.
DOORS: dict[str, tuple[Change, str, str, str]] = {
    "added to a group": (
        lambda u: u.groups.add(_group("Editors")), "membership", "account", "Editors"),
    "added from the group's end": (
        lambda user: _group("Editors").user_set.add(user),  # noqa: PLW0108  # the group is made later
        "membership", "account", "Editors"),
    "removed from a group": (
        lambda u: u.groups.remove(_group("Medical writers")), "membership", "account", "[]"),
    "all groups cleared": (lambda user: user.groups.clear(), "membership", "account", "[]"),
    "cleared from the group's end": (
        lambda u: _group("Medical writers").user_set.clear(), "membership", "account", "[]"),
    "groups set": (
        lambda u: u.groups.set([_group("Editors"), _group("Medical writers")]),
        "membership", "account", "Editors"),
    "made superuser": (lambda u: _save(u, is_superuser=True), "permission", "account", "superuser"),
    "deactivated": (lambda u: _save(u, is_active=False), "account", "account", "username"),
    "renamed": (lambda u: _save(u, username="another"), "account", "account", "another"),
    "password changed": (lambda u: (u.set_password("x"), u.save()), "account", "account", "password"),
    "address changed": (lambda u: _save(u, email="e@example.net"), "account", "account", "email"),
    "a permission of one's own": (
        lambda u: u.user_permissions.add(_permission("add_user")), "permission", "account", "auth.add_user"),
    "a permission from its own end": (
        lambda user: _permission("add_user").user_set.add(user),  # noqa: PLW0108  # as above
        "permission", "account", "auth.add_user"),
    "a permission of a group": (
        lambda u: _group("Editors").permissions.add(_permission("add_user")),
        "permission", "group", "auth.add_user"),
    "a page permission": (
        lambda u: GroupPagePermission.objects.create(
            group=_group("Editors"), page=HomePage.objects.get(), permission=_permission("publish_page")),
        "permission", "group", "publish_page on page"),
    "a page permission taken away": (
        lambda u: GroupPagePermission.objects.filter(
            group__name="Editors", permission__codename="add_page").delete(),
        "permission", "group", "change_page on page"),
    "a collection permission": (
        lambda u: GroupCollectionPermission.objects.create(
            group=_group("Editors"), collection=Collection.get_first_root_node(),
            permission=_permission("delete_image")),
        "permission", "group", "delete_image on collection"),
    "a second factor required": (
        lambda u: GroupSecondFactor.objects.create(group=_group("Editors"), required=True),
        "permission", "group", "second_factor_required"),
    "credentials": (
        lambda u: ReviewerProfile.objects.create(user=u, credentials="MD"), "credentials", "account", "MD"),
    "a step's groups": (
        lambda u: _task().groups.add(_group("Medical writers")), "permission", "step", "Medical writers"),
    "how many must sign": (lambda u: _save(_task(), signatures=2), "permission", "step", "2"),
    "a step switched off": (lambda u: _task().deactivate(), "permission", "step", "signatures"),
    "a workflow switched off": (
        lambda u: _save(Workflow.objects.get(), active=False), "permission", "workflow", "steps"),
    "a workflow's step": (
        lambda u: WorkflowTask.objects.all().delete(), "permission", "workflow", "pages"),
    "a workflow's page": (
        lambda u: WorkflowPage.objects.all().delete(), "permission", "workflow", "steps"),
}  # fmt: skip


@pytest.mark.parametrize("door", DOORS)
def test_no_door_leads_around_the_ledger(telling: Telling, door: str) -> None:
    change, event, about, said = DOORS[door]
    user = make_user("somebody", "Medical writers")
    telling.since()
    change(get_user_model().objects.get(pk=user.pk))
    entries = telling.since()
    assert (entries[-1]["event"], entries[-1]["data"]["about"]) == (event, about)
    assert entries[-1]["data"]["before"] != entries[-1]["data"]["after"]
    assert said in json.dumps(entries[-1]["data"]["after"]) or said == "[]"
    assert not list(differences())


def test_a_second_factor_set_up_and_removed_is_told(telling: Telling, reviewer: Any) -> None:
    telling.since()
    Phone(reviewer)
    assert told(Subject(ACCOUNT, reviewer.pk))[Event.ACCOUNT]["second_factor"] is True
    second_factor.remove(reviewer)
    assert "second_factor" not in told(Subject(ACCOUNT, reviewer.pk))[Event.ACCOUNT]
    assert not list(differences())


def test_signing_in_and_saving_unchanged_tells_nothing(telling: Telling, client: Client) -> None:
    user = make_user("somebody", "Medical writers")
    telling.since()
    client.force_login(user)
    user.save()
    user.groups.add(_group("Medical writers"))
    assert not telling.since()


def test_deleting_a_group_is_told_of_its_members_and_steps(telling: Telling) -> None:
    member = make_user("somebody", "Medical reviewers")
    telling.since()
    _group("Medical reviewers").delete()
    assert not told(Subject(ACCOUNT, member.pk))[Event.MEMBERSHIP]
    assert "Medical reviewers" not in json.dumps(told(Subject("step", _task().pk)))
    assert not list(differences())


def test_renaming_a_group_is_told_of_its_members(telling: Telling) -> None:
    member = make_user("somebody", "Medical reviewers")
    _save(_group("Medical reviewers"), name="Reviewing physicians")
    assert told(Subject(ACCOUNT, member.pk))[Event.MEMBERSHIP] == {"groups": ["Reviewing physicians"]}
    assert not list(differences())


def test_credentials_given_to_somebody_else_are_told_of_both(telling: Telling) -> None:
    first, second = make_user("first", credentials="MD"), make_user("second")
    _save(ReviewerProfile.objects.get(), user=second)
    assert not told(Subject(ACCOUNT, first.pk))[Event.CREDENTIALS]
    assert told(Subject(ACCOUNT, second.pk))[Event.CREDENTIALS] == {"credentials": "MD"}


def test_a_deleted_account_is_told(telling: Telling) -> None:
    user = make_user("somebody", "Medical writers")
    telling.since()
    user.delete()
    gone = {e["event"]: e["data"] for e in telling.since()}
    assert gone["account"]["after"] == {}
    assert gone["membership"]["before"] == {"groups": ["Medical writers"]}
    assert not list(differences())


def test_a_change_that_is_rolled_back_is_not_told(telling: Telling) -> None:
    user = make_user("somebody")
    telling.since()
    with transaction.atomic():
        user.groups.add(_group("Editors"))
        transaction.set_rollback(True)
    assert not telling.since()


def test_what_signals_cannot_see_is_found_and_can_be_told(telling: Telling, editor: Any) -> None:
    user = make_user("somebody")
    mail.outbox.clear()
    get_user_model().objects.filter(pk=user.pk).update(is_superuser=True)
    user.groups.through.objects.bulk_create(
        [user.groups.through(user=user, group=_group("Medical reviewers"))]
    )
    out = StringIO()
    with pytest.raises(CommandError, match="2 differences"):
        call_command("audit_accounts", stdout=out)
    assert f"account:{user.pk} (permission) superuser: told None, found True" in out.getvalue()
    assert f"account:{user.pk} (membership) groups: told None, found ['Medical reviewers']" in out.getvalue()
    assert not mail.outbox

    call_command("audit_accounts", record=True, stdout=StringIO())

    out = StringIO()
    call_command("audit_accounts", stdout=out)
    assert out.getvalue().startswith("OK")
    assert len(mail.outbox) == 1


# Mail


@pytest.mark.usefixtures("editor")
def test_changes_of_one_request_make_one_mail_to_each_editor(telling: Telling, superuser: Any) -> None:
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
        },
    )
    assert answer.status_code == 302
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
def test_a_change_by_a_command_is_mailed_when_it_is_committed(editor: Any) -> None:
    mail.outbox.clear()
    make_user("somebody", superuser=True)
    assert any("superuser: no → yes" in m.body for m in mail.outbox)
    assert "by system" in mail.outbox[0].body
    mail.outbox.clear()
    with quiet():
        make_user("another", superuser=True)
    assert not mail.outbox


def test_a_name_cannot_bring_markup_into_the_mail(telling: Telling, editor: Any) -> None:
    mail.outbox.clear()
    with together():
        make_user("<img src=x>")
    assert "<img" not in str(mail.outbox[0].alternatives[0][0])


# Wagtail's own screens that write in bulk


def test_wagtails_bulk_activation_is_told(telling: Telling, superuser: Any) -> None:
    user = make_user("somebody")
    client = Client()
    client.force_login(superuser)
    client.post(f"/admin/bulk/auth/user/set_active_state/?id={user.pk}", {"mark_as_active": "False"})
    user.refresh_from_db()
    assert not user.is_active
    assert "active" not in told(Subject(ACCOUNT, user.pk))[Event.ACCOUNT]
    assert not list(differences())


def test_wagtails_bulk_assignment_is_told(telling: Telling, superuser: Any) -> None:
    user = make_user("somebody")
    client = Client()
    client.force_login(superuser)
    client.post(f"/admin/bulk/auth/user/assign_role/?id={user.pk}", {"role": _group("Editors").pk})
    assert told(Subject(ACCOUNT, user.pk))[Event.MEMBERSHIP] == {"groups": ["Editors"]}


def test_page_permissions_given_on_the_groups_screen_are_told(telling: Telling, superuser: Any) -> None:
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
    telling.since()
    names = {key.split("-")[0] for key in form if key.endswith("TOTAL_FORMS")}
    assert client.post(f"/admin/groups/edit/{group.pk}/", form).status_code == 302, names
    last = telling.since()[-1]
    assert last["actor"]["username"] == "admin"
    assert last["data"]["after"]["pages"] == [f"change_page on page {Page.get_first_root_node().pk}"]
    assert not list(differences())


def test_a_whole_life_of_a_text_leaves_a_chain_that_verifies(
    telling: Telling, writer: Any, reviewer: Any
) -> None:
    publish(make_monograph(by=writer), writer, reviewer)
    assert verify()["editions"] == 1
    assert not list(differences())
