"""Signatures that wait after a change of sign-in facts, until somebody confirms it or a day has passed.

A session is not a person: whoever takes over an account by its mailbox, or by a password that was set for it,
must not sign in its owner's name. Time is the database's. A hold stops signing only. A withdrawal, which only
ever removes text, stays possible, with password and second factor.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import IntegerField, Q, QuerySet
from django.db.models.functions import Now
from django.urls import reverse

from monographs.accounts.actors import EDITORS, person_of, users_with_admin_access
from monographs.accounts.models import HoldReason, SigningHold
from monographs.core.compiled_query import CompiledQuery, Parameter
from monographs.core.users import AnyUser
from monographs.editions.ledger import Event, append_entry
from monographs.editions.person import Person

#: How long signing waits where nobody confirms: the owner has time to read what the old address was sent.
WAIT = timedelta(days=1)

#: Who may confirm, for messages.
CONFIRMERS = "an editor or another reviewer"


def _is_open() -> Q:
    return Q(confirmed_at=None) & (Q(until=None) | Q(until__gt=Now()))


def open_holds(user: AnyUser) -> QuerySet[SigningHold]:
    """The holds that keep ``user`` from signing now."""
    return SigningHold.objects.filter(_is_open(), user__in=[user.pk])


_OPEN_HOLD = CompiledQuery(
    lambda: SigningHold.objects.filter(_is_open(), user=Parameter("user", IntegerField())), exists=True
)


def is_on_hold(user: AnyUser) -> bool:
    """Whether a hold keeps ``user`` from signing now."""
    return user.pk is not None and _OPEN_HOLD.any(user=user.pk)


def unconfirmed_holds(user: AnyUser) -> QuerySet[SigningHold]:
    """The changes that nobody confirmed, also those whose time has passed."""
    return SigningHold.objects.filter(user__in=[user.pk], confirmed_at=None)


def held_users(users: Iterable[User]) -> set[int]:
    """Primary keys of those of ``users`` that must not sign now."""
    return set(ends_of_holds(users))


def ends_of_holds(users: Iterable[User]) -> dict[int, datetime | None]:
    """When each of ``users`` that must not sign now can sign at the latest; None if somebody must confirm."""
    holds = SigningHold.objects.filter(_is_open(), user__in=[user.pk for user in users])
    ends: dict[int, list[datetime | None]] = {}
    for user, until in holds.values_list("user_id", "until"):
        ends.setdefault(user, []).append(until)
    known = {user: [until for until in found if until] for user, found in ends.items()}
    return {
        user: max(known[user]) if len(known[user]) == len(found) else None for user, found in ends.items()
    }


def accounts_on_hold() -> QuerySet[User]:
    """The accounts that must not sign now, by name."""
    on_hold = SigningHold.objects.filter(_is_open()).values("user")
    return User.objects.filter(pk__in=on_hold, is_active=True).order_by("last_name", "first_name", "pk")


def start_hold(user: User, reason: HoldReason, actor: Person, *, ends: bool = True) -> SigningHold:
    """Let ``user`` wait before signing; with ``ends`` for ``WAIT`` at most, otherwise until confirmed."""
    hold = SigningHold.objects.create(
        user=user,
        reason=reason,
        until=Now() + WAIT if ends else None,
        actor_id=actor.id,
        actor_name=actor.name,
    )
    hold.refresh_from_db()
    if settings.RECORD_ACCOUNT_CHANGES:
        _record(hold, actor, until=hold.until.isoformat() if hold.until else None)
    return hold


def password_chosen_by_link(user: User, actor: Person) -> None:
    """Start the hold of a password that was chosen by a link sent by email.

    Where somebody else entered the address to which the link went, and nobody confirmed it since, the
    password may be theirs: then only a confirmation ends the hold.
    """
    unconfirmed = unconfirmed_holds(user)
    foreign_address = unconfirmed.filter(reason=HoldReason.EMAIL).exclude(actor_id=user.pk).exists()
    unconfirmed.filter(reason=HoldReason.PASSWORD, replaced_at=None).update(replaced_at=Now())
    start_hold(user, HoldReason.LINK, actor, ends=not foreign_address)


def refusal_message(user: AnyUser) -> str:
    """Why ``user`` must not sign now and what they can do; empty if no hold is open."""
    holds = list(open_holds(user))
    if not holds:
        return ""
    changes = " ".join(
        f"{hold.get_reason_display()} ({hold.since:%B} {hold.since.day}, {hold.since:%H:%M} UTC)"
        for hold in holds
    )
    if any(hold.needs_own_password for hold in holds):
        return (
            f"Your account cannot sign yet. {changes} Choose your own password first, by a link sent to your "
            f"email address: {reverse('wagtailadmin_password_reset')}. Then ask {CONFIRMERS} to confirm it "
            f"at {reverse('sign_in_changes:index')}."
        )
    ends = [hold.until for hold in holds if hold.until]
    if len(ends) == len(holds):
        last = max(ends)
        when = (
            f"It can sign again on {last:%B} {last.day} at {last:%H:%M} UTC, "
            f"or as soon as {CONFIRMERS} confirms"
        )
    else:
        when = f"It can sign as soon as {CONFIRMERS} confirms"
    return f"Your account cannot sign yet. {changes} {when} the change at {reverse('sign_in_changes:index')}."


def can_confirm(user: AnyUser) -> bool:
    """Whether ``user`` is one of those who confirm changes of others: an editor or a reviewer."""
    if not users_with_admin_access().filter(pk__in=[user.pk]).exists():
        return False
    steps = apps.get_model("review", "MedicalReviewTask")._default_manager.filter(active=True)
    reviewing = Q(pk__in=steps.values("groups"))
    return user.groups.filter(Q(name=EDITORS) | reviewing).exists()


def can_see_changes(user: AnyUser) -> bool:
    """Whether ``user`` sees the changed sign-in facts of others: those who confirm them, and superusers."""
    return bool(user.is_superuser) or can_confirm(user)


def confirmation_refusal(confirmer: User, owner: User, holds: Collection[SigningHold]) -> str:
    """Why ``confirmer`` may not confirm ``holds`` of ``owner``; empty if they may."""
    if not can_confirm(confirmer):
        return "Only editors and reviewers confirm changed sign-in facts. Ask one of them."
    if confirmer.pk == owner.pk:
        return f"Nobody confirms their own account. Ask {CONFIRMERS}."
    if confirmer.pk in {hold.actor_id for hold in holds}:
        return "You made this change, so somebody else must confirm it: an editor or a reviewer."
    if obstacle := _new_or_on_hold(confirmer, holds):
        return obstacle
    if any(hold.needs_own_password for hold in holds):
        return (
            "The password was set by somebody else. The owner must first replace it by a link sent to their "
            "email address; then it can be confirmed."
        )
    return ""


def _new_or_on_hold(confirmer: User, holds: Collection[SigningHold]) -> str:
    """Why the account of ``confirmer`` may be in the hands of who made the changes; else empty."""
    if any(confirmer.date_joined >= hold.since for hold in holds):
        return "Your account is newer than this change. Somebody who was here before must confirm it."
    if is_on_hold(confirmer):
        return (
            "Your own sign-in facts changed lately, so you cannot confirm those of others yet. "
            "Ask another editor or reviewer."
        )
    return ""


def confirm_holds(confirmer: User, owner: User, seen: Collection[int]) -> str:
    """Confirm the holds of ``owner`` that ``confirmer`` has ``seen``; return why not, or an empty text."""
    with transaction.atomic():
        holds = list(unconfirmed_holds(owner).select_for_update())
        if {hold.pk for hold in holds} != set(seen):
            return "The account has changed since you opened this page. Reload it and look again."
        refusal = confirmation_refusal(confirmer, owner, holds)
        if refusal:
            return refusal
        actor = person_of(confirmer)
        for hold in holds:
            SigningHold.objects.filter(pk=hold.pk).update(
                confirmed_at=Now(), confirmer_id=actor.id, confirmer_name=actor.name
            )
            _record(hold, actor, confirmed=True)
    return ""


def _record(hold: SigningHold, actor: Person, **facts: Any) -> None:
    owner = hold.user
    append_entry(
        Event.SIGNING_HOLD,
        actor,
        {"about": "account", "id": owner.pk, "name": owner.get_username(), "reason": hold.reason, **facts},
        subject=f"account:{owner.pk}",
    )
