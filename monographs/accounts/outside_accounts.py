"""Accounts of outside experts: a name and an address in the record, by which nobody signs in.

Such an account says whose signature one is, and nothing else. It has no password, no group and no
permission, and it gets none by any route: code is refused here, with the reason, and any SQL by triggers of
Django's tables (``accounts/migrations/0004``). It stays an outside expert's for good, since its sign-in name
is stored with each signature.
"""

import secrets
import unicodedata
from typing import Any

from django.contrib.auth.hashers import is_password_usable
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied
from django.db.models.signals import m2m_changed, pre_save

from monographs.core.users import AnyUser
from monographs.editions.record.expert_rules import OUTSIDE

#: Random characters of a sign-in name, which nobody types.
_NAME_BYTES = 6
NO_SIGN_IN = (
    "This is the account of an outside expert, who signs by an invitation and a code. It gets no password, "
    "no group and no permission, and keeps its sign-in name. For work in the admin, make another account."
)


def is_outside(user: AnyUser) -> bool:
    """Whether ``user`` is the account of an outside expert."""
    return user.get_username().startswith(OUTSIDE)


def mailbox_of(address: str) -> str:
    """Return ``address`` as mailboxes are compared: without case, width, and what follows a plus."""
    name, at, host = unicodedata.normalize("NFKC", address.strip()).casefold().rpartition("@")
    return f"{name.partition('+')[0]}{at}{host}"


def new_outside_account(first_name: str, last_name: str, email: str) -> User:
    """Store and return an account for an outside expert."""
    user = User(
        username=f"{OUTSIDE}{secrets.token_hex(_NAME_BYTES)}",
        first_name=first_name,
        last_name=last_name,
        email=email,
    )
    user.set_unusable_password()
    user.save()
    return user


def connect() -> None:
    """Refuse what would let an outside expert sign in, in whatever code."""
    pre_save.connect(_refuse_sign_in, sender=User, dispatch_uid="outside_account_without_sign_in")
    for through in (User.groups.through, User.user_permissions.through):
        name = f"outside_account_without_{through._meta.model_name}"
        m2m_changed.connect(_refuse_rights, sender=through, dispatch_uid=name)


def _refuse_sign_in(instance: User, raw: bool = False, **kwargs: Any) -> None:
    gains = instance.is_superuser or instance.is_staff or is_password_usable(instance.password)
    if not raw and is_outside(instance) and gains:
        raise PermissionDenied(NO_SIGN_IN)


def _refuse_rights(
    instance: User | Group | Permission, action: str, reverse: bool, pk_set: set[int] | None, **kwargs: Any
) -> None:
    if action != "pre_add" or not pk_set:
        return
    accounts = User.objects.filter(pk__in=pk_set if reverse else [instance.pk], username__startswith=OUTSIDE)
    if accounts.exists():
        raise PermissionDenied(NO_SIGN_IN)
