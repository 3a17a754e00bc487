"""Changes of an account's sign-in facts, by whatever route: an email to its old address, and a signing hold.

The hold starts where the change may not be the owner's.

A change is the owner's only inside ``owners_change``, which views enter after ``identity.confirm``. Every
other change, by another user, a command or code, counts as somebody else's.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.auth.hashers import identify_hasher, is_password_usable
from django.contrib.auth.models import User
from django.db.models.signals import post_save, pre_save

from monographs.accounts import account_emails, signing_holds
from monographs.accounts.actors import current_actor, person_of
from monographs.accounts.calendar_keys import revoke_key
from monographs.accounts.models import HoldReason
from monographs.editions.person import Person

#: Columns of an account that are sign-in facts, with their names for people.
FACTS = {
    "username": "the sign-in name",
    "email": "the email address",
    "password": "the password",
    "first_name": "the first name",
    "last_name": "the last name",
}
_BEFORE = "_sign_in_facts_before"

_owner: ContextVar[int | None] = ContextVar("owner", default=None)
_by_link: ContextVar[int | None] = ContextVar("by_link", default=None)


@contextmanager
def owners_change(owner: User) -> Iterator[None]:
    """Attribute changes of ``owner``'s account in the block to the owner, who authenticated again."""
    token = _owner.set(owner.pk)
    try:
        yield
    finally:
        _owner.reset(token)


@contextmanager
def change_by_link(owner: User) -> Iterator[None]:
    """Treat a new password in the block as chosen by a link that was sent to the account's address."""
    token = _by_link.set(owner.pk)
    try:
        yield
    finally:
        _by_link.reset(token)


def connect() -> None:
    """Connect to the accounts; before the audit log, whose entry follows that of the hold."""
    pre_save.connect(_before_save, sender=User, dispatch_uid="sign_in_facts_before")
    post_save.connect(_after_save, sender=User, dispatch_uid="sign_in_facts_after")


def second_factor_changed(owner: User, what: str, *, removed: bool = False) -> None:
    """Email the owner ``what`` changed, and start a hold if somebody else removed the second factor."""
    if removed and _owner.get() != owner.pk:
        signing_holds.start_hold(owner, HoldReason.SECOND_FACTOR, current_actor())
    account_emails.send_fact_email(owner, owner.email, [what], _actor_of(owner).name)


def password_set_by_command(owner: User) -> None:
    """Let signing wait for a new account whose password was set by a management command."""
    signing_holds.start_hold(owner, HoldReason.PASSWORD, current_actor(), ends=False)


def _before_save(
    instance: User, raw: bool = False, update_fields: frozenset[str] | None = None, **kwargs: Any
) -> None:
    """Start holds before the change is stored, so that no crash leaves the change without them."""
    setattr(instance, _BEFORE, {})
    names = [name for name in FACTS if update_fields is None or name in update_fields]
    if raw or not instance.pk or not names:
        return
    before = User.objects.filter(pk=instance.pk).values("email", *(n for n in names if n != "email")).first()
    changed = [name for name in names if before and before[name] != getattr(instance, name)]
    if not before or not changed or _is_renewed_hash(instance, before, changed, update_fields):
        return
    setattr(instance, _BEFORE, {"address": before["email"], "changed": changed})
    _start_holds(instance, changed)


def _start_holds(owner: User, changed: list[str]) -> None:
    actor = _actor_of(owner)
    if "email" in changed:
        signing_holds.start_hold(owner, HoldReason.EMAIL, actor)
    if "password" in changed:
        revoke_key(owner)
        if _by_link.get() == owner.pk:
            signing_holds.password_chosen_by_link(owner, actor)
        elif _owner.get() != owner.pk:
            signing_holds.start_hold(owner, HoldReason.PASSWORD, actor, ends=False)


def _after_save(instance: User, **kwargs: Any) -> None:
    found = getattr(instance, _BEFORE, {})
    if found:
        names = [FACTS[name] for name in found["changed"]]
        account_emails.send_fact_email(instance, found["address"], names, _actor_of(instance).name)
        setattr(instance, _BEFORE, {})


def _actor_of(owner: User) -> Person:
    """Who makes the change: the owner where they authenticated again or used a link, otherwise the actor."""
    return person_of(owner) if owner.pk in (_owner.get(), _by_link.get()) else current_actor()


def _is_renewed_hash(
    instance: User, before: dict[str, Any], changed: list[str], update_fields: frozenset[str] | None
) -> bool:
    """Whether Django only hashes the same password anew, which it does at a sign-in after an upgrade.

    Then it saves this field alone, and the raw password is not set as in ``set_password``.
    """
    if changed != ["password"] or update_fields != frozenset({"password"}) or instance._password is not None:  # type: ignore[attr-defined]
        return False
    old = before["password"]
    if not is_password_usable(old) or not is_password_usable(instance.password):
        return False
    try:
        hasher, preferred = identify_hasher(old), identify_hasher(instance.password)
    except ValueError:  # no hash: nobody signed in with it
        return False
    return hasher.algorithm != preferred.algorithm or hasher.must_update(old)
