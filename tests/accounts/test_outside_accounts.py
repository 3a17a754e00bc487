"""Nobody signs in by the account of an outside expert, and no route gives it a password or a right."""

from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group, Permission, User
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client

from monographs.accounts import password_links
from monographs.accounts.account_erasure import erase_account
from monographs.accounts.actors import users_with_admin_access
from monographs.accounts.outside_accounts import NO_SIGN_IN, is_outside, new_outside_account
from tests.conftest import as_user
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
EMAIL = "olga@clinic.example"


@pytest.fixture
def expert(site: Any) -> User:
    return new_outside_account("Olga", "Outside", EMAIL)


def test_it_has_neither_password_nor_access(expert: User) -> None:
    assert is_outside(expert)
    assert not expert.has_usable_password()
    assert not users_with_admin_access().filter(pk=expert.pk).exists()
    assert authenticate(username=expert.username, password="") is None


@pytest.mark.parametrize("column", ["is_superuser", "is_staff", "password"])
def test_code_gives_it_nothing(expert: User, column: str) -> None:
    if column == "password":
        expert.set_password(PASSWORD)
    else:
        setattr(expert, column, True)
    with pytest.raises(PermissionDenied, match="outside expert"):
        expert.save()
    value: Any = "pbkdf2_sha256$1$x$y" if column == "password" else True
    with pytest.raises(DatabaseError, match="an outside expert has no password"), transaction.atomic():
        User.objects.filter(pk=expert.pk).update(**{column: value})
    assert authenticate(username=expert.username, password=PASSWORD) is None


def test_code_gives_it_no_group_and_no_permission(expert: User) -> None:
    group, permission = Group.objects.get(name="Editors"), Permission.objects.get(codename="access_admin")
    attempts = (
        lambda: expert.groups.add(group),
        lambda: group.user_set.add(expert),
        lambda: expert.user_permissions.add(permission),
    )
    for attempt in attempts:
        with pytest.raises(PermissionDenied, match="outside expert"), transaction.atomic():
            attempt()
    rows = (
        User.groups.through(user_id=expert.pk, group_id=group.pk),
        User.user_permissions.through(user_id=expert.pk, permission_id=permission.pk),
    )
    for row in rows:
        with pytest.raises(DatabaseError, match="an outside expert has no password"), transaction.atomic():
            row.save()
    assert not expert.groups.exists()


def test_it_stays_one_and_no_other_account_becomes_one(expert: User, writer: Any) -> None:
    for account, name in ((expert, "olga"), (writer, "outside:0123")):
        with pytest.raises(DatabaseError, match="keeps the sign-in name"), transaction.atomic():
            User.objects.filter(pk=account.pk).update(username=name)


def test_no_link_to_choose_a_password(expert: User, superuser: Any) -> None:
    password_links.send_links(EMAIL)
    assert password_links.send_link(expert) == NO_SIGN_IN
    as_user(superuser).post(f"/admin/users/send-link/{expert.pk}/")
    assert not mail.outbox
    client = Client()
    choose = client.get(password_links.link_of(expert), follow=True)
    assert 'name="new_password1"' not in choose.content.decode()
    assert not User.objects.get(pk=expert.pk).has_usable_password()


def test_the_screens_of_users_change_nothing_of_it(expert: User, superuser: Any) -> None:
    client = as_user(superuser)
    group = Group.objects.get(name="Editors")
    shown = client.get(f"/admin/users/edit/{expert.pk}/", follow=True)
    assert "account of an outside expert" in shown.content.decode()
    form = {
        "username": expert.username, "email": EMAIL, "first_name": "Olga", "last_name": "Outside",
        "is_active": "on", "is_superuser": "on", "groups": [group.pk], "your_password": PASSWORD,
    }  # fmt: skip
    client.post(f"/admin/users/edit/{expert.pk}/", form)
    client.post(f"/admin/bulk/auth/user/assign_role/?id={expert.pk}&next=/admin/users/", {"role": group.pk})
    stored = User.objects.get(pk=expert.pk)
    assert not stored.is_superuser
    assert not stored.groups.exists()


def test_an_erasure_leaves_it_an_outside_experts(expert: User) -> None:
    erase_account(expert)
    stored = User.objects.get(pk=expert.pk)
    assert (stored.username, stored.email, stored.is_active) == (f"outside:erased-{stored.pk}", "", False)
