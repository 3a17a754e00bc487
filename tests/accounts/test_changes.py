"""Every change of accounts and rights is recorded in the ledger and emailed to editors."""

import json
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from wagtail.log_actions import LogContext
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from home.models import HomePage
from monographs.accounts import actors, second_factor
from monographs.accounts.audit_check import audit_differences
from monographs.accounts.audit_log import recorded_state
from monographs.accounts.audit_snapshot import ACCOUNT, AuditSubject
from monographs.accounts.models import GroupSecondFactor
from monographs.editions.ledger import Event
from monographs.editions.models import LedgerEntry
from monographs.editions.verify import verify
from monographs.review import groups
from monographs.review.models import MedicalReviewTask, ReviewerProfile
from tests.accounts.conftest import NewEntries, Phone
from tests.concurrency import meanwhile
from tests.factories import make_monograph, make_user, publish
from tests.races.connections import SECONDS, elsewhere, waits

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def account_changes_are_recorded(settings: Any) -> None:
    """As in production."""
    settings.RECORD_ACCOUNT_CHANGES = True


def test_the_editors_group_is_that_of_review() -> None:
    assert actors.EDITORS == groups.EDITORS


@pytest.mark.extended
def test_a_site_and_its_demonstration_are_recorded_without_emails(demonstration: list[EmailMessage]) -> None:
    assert not audit_differences()
    assert not [m for m in demonstration if "accounts or rights" in m.subject]
    assert verify()["entries"] == LedgerEntry.objects.count()
    before = LedgerEntry.objects.count()
    call_command("setup_site", stdout=StringIO())
    assert LedgerEntry.objects.count() == before


def test_a_new_account_and_its_groups_are_recorded_with_the_actor(ledger: NewEntries, superuser: Any) -> None:
    ledger.read()
    with LogContext(user=superuser):
        user = make_user("newcomer", "Medical reviewers", credentials="MD")
    entries = ledger.read()
    assert [e["event"] for e in entries] == ["account", "membership", "credentials"]
    assert {e["actor"]["username"] for e in entries} == {"admin"}
    assert {e["subject"] for e in entries} == {f"account:{user.pk}"}
    made, joined, credentials = (e["data"] for e in entries)
    assert (made["before"], made["after"]["username"], made["after"]["active"]) == ({}, "newcomer", True)
    assert (joined["before"], joined["after"]) == ({}, {"groups": ["Medical reviewers"]})
    assert credentials["after"]["credentials"] == "MD"


def test_neither_password_nor_address_is_in_the_ledger(ledger: NewEntries) -> None:
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


#: Changes by every route: function, event, kind of subject, text in the new state.
CHANGES: dict[str, tuple[Change, str, str, str]] = {
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


def test_every_route_of_a_change_is_recorded(ledger: NewEntries) -> None:
    user = make_user("somebody", "Medical writers")
    for route, (change, event, about, text) in CHANGES.items():
        with transaction.atomic():
            ledger.read()
            seq = ledger.seq
            change(get_user_model().objects.get(pk=user.pk))
            last = ledger.read()[-1]
            assert (last["event"], last["data"]["about"]) == (event, about), route
            assert last["data"]["before"] != last["data"]["after"], route
            assert text in json.dumps(last["data"]["after"]) or text == "[]", route
            assert not audit_differences(), route
            transaction.set_rollback(True)
        ledger.seq = seq


def test_a_second_factor_set_up_and_removed_is_recorded(ledger: NewEntries, reviewer: Any) -> None:
    ledger.read()
    Phone(reviewer)
    assert recorded_state(AuditSubject(ACCOUNT, reviewer.pk))[Event.ACCOUNT]["second_factor"] is True
    second_factor.remove_second_factor(reviewer)
    assert "second_factor" not in recorded_state(AuditSubject(ACCOUNT, reviewer.pk))[Event.ACCOUNT]
    assert not audit_differences()


def test_signing_in_and_saving_unchanged_records_nothing(ledger: NewEntries, client: Client) -> None:
    user = make_user("somebody", "Medical writers")
    ledger.read()
    client.force_login(user)
    user.save()
    user.groups.add(_group("Medical writers"))
    assert not ledger.read()


def test_deleting_a_group_is_recorded_for_its_members_and_steps(ledger: NewEntries) -> None:
    member = make_user("somebody", "Medical reviewers")
    ledger.read()
    _group("Medical reviewers").delete()
    assert not recorded_state(AuditSubject(ACCOUNT, member.pk))[Event.MEMBERSHIP]
    assert "Medical reviewers" not in json.dumps(recorded_state(AuditSubject("step", _task().pk)))
    assert not audit_differences()


def test_renaming_a_group_is_recorded_for_its_members(ledger: NewEntries) -> None:
    member = make_user("somebody", "Medical reviewers")
    _save(_group("Medical reviewers"), name="Reviewing physicians")
    assert recorded_state(AuditSubject(ACCOUNT, member.pk))[Event.MEMBERSHIP] == {
        "groups": ["Reviewing physicians"]
    }
    assert not audit_differences()


def test_credentials_moved_to_another_account_are_recorded_for_both(ledger: NewEntries) -> None:
    first, second = make_user("first", credentials="MD"), make_user("second")
    _save(ReviewerProfile.objects.get(), user=second)
    assert not recorded_state(AuditSubject(ACCOUNT, first.pk))[Event.CREDENTIALS]
    assert recorded_state(AuditSubject(ACCOUNT, second.pk))[Event.CREDENTIALS] == {"credentials": "MD"}


def test_a_deleted_account_is_recorded(ledger: NewEntries) -> None:
    user = make_user("somebody", "Medical writers")
    ledger.read()
    user.delete()
    gone = {e["event"]: e["data"] for e in ledger.read()}
    assert gone["account"]["after"] == {}
    assert gone["membership"]["before"] == {"groups": ["Medical writers"]}
    assert not audit_differences()


def test_a_change_that_is_rolled_back_is_not_recorded(ledger: NewEntries) -> None:
    user = make_user("somebody")
    ledger.read()
    with transaction.atomic():
        user.groups.add(_group("Editors"))
        transaction.set_rollback(True)
    assert not ledger.read()


def test_changes_without_signals_are_found_and_can_be_recorded(ledger: NewEntries, editor: Any) -> None:
    user = make_user("somebody")
    mail.outbox.clear()
    get_user_model().objects.filter(pk=user.pk).update(is_superuser=True)
    user.groups.through.objects.bulk_create(
        [user.groups.through(user=user, group=_group("Medical reviewers"))]
    )
    out = StringIO()
    with pytest.raises(CommandError, match="2 differences"):
        call_command("audit_accounts", stdout=out)
    assert f"account:{user.pk} (permission) superuser: recorded None, found True" in out.getvalue()
    assert (
        f"account:{user.pk} (membership) groups: recorded None, found ['Medical reviewers']" in out.getvalue()
    )
    assert not mail.outbox

    call_command("audit_accounts", record=True, stdout=StringIO())

    out = StringIO()
    call_command("audit_accounts", stdout=out)
    assert out.getvalue().startswith("OK")
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_change_during_the_comparison_is_no_difference(site: HomePage) -> None:
    user = make_user("somebody")
    with meanwhile("auth_user_groups", lambda: user.groups.add(_group("Editors"))):
        assert not audit_differences()
    assert not audit_differences()


@pytest.mark.django_db(transaction=True)
def test_two_concurrent_changes_are_both_recorded(site: HomePage) -> None:
    user = make_user("somebody")

    def other_editor() -> None:
        get_user_model().objects.get(pk=user.pk).groups.add(_group("Editors"))

    with elsewhere() as run:
        with transaction.atomic():
            user.groups.add(_group("Medical writers"))
            other = run(other_editor)
            assert waits(other), "the second waits for the first"
        other.result(SECONDS)
    assert recorded_state(AuditSubject(ACCOUNT, user.pk))[Event.MEMBERSHIP] == {
        "groups": ["Editors", "Medical writers"]
    }
    assert not audit_differences()


def test_a_whole_life_of_a_text_leaves_a_chain_that_verifies(
    ledger: NewEntries, writer: Any, reviewer: Any
) -> None:
    publish(make_monograph(by=writer), writer, reviewer)
    assert verify()["editions"] == 1
    assert not audit_differences()
