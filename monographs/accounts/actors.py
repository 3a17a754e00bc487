"""Accounts as the record keeps them, and who hears of what happens to accounts."""

from dataclasses import replace
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from wagtail.log_actions import get_active_log_context

from monographs.editions.person import SYSTEM, Person

#: The group that is told when accounts, rights or steps of review change.
EDITORS = "Editors"
#: What opens the desk to somebody: a permission of their groups, shown as “Can access Wagtail admin”.
ENTRY_APP, ENTRY = "wagtailadmin", "access_admin"
#: The backend that knows permissions; the other one counts wrong passwords.
PERMISSIONS = "django.contrib.auth.backends.ModelBackend"
#: As long as the record's columns; Django's two names and a space can be one longer.
NAME_LENGTH = 300


def person_of(user: Any) -> Person:
    """A user by value: id, sign-in name, full name, credentials and field as they are now."""
    if user is None or not user.pk:
        return SYSTEM
    profile = getattr(user, "reviewer_profile", None)
    return Person(
        id=user.pk,
        username=user.get_username(),
        name=(user.get_full_name() or user.get_username())[:NAME_LENGTH],
        credentials=profile.credentials if profile else "",
        field=profile.field if profile else "",
    )


def contributor_of(user: Any) -> Person:
    """A user as the list of contributors keeps them: without credentials, which belong to reviewers."""
    return replace(person_of(user), credentials="", field="")


def current_actor() -> Person:
    """Who acts now: the person signed in to the desk; a command or a start-up is the system."""
    return person_of(getattr(get_active_log_context(), "user", None))


def users_with_admin_access() -> QuerySet[Any]:
    """Active accounts to which the desk is open."""
    return get_user_model()._default_manager.with_perm(
        f"{ENTRY_APP}.{ENTRY}", is_active=True, include_superusers=True, backend=PERMISSIONS
    )


def editor_email_addresses() -> list[str]:
    """Where notices for editors go."""
    return email_addresses_of(get_user_model().objects.filter(groups__name=EDITORS))


def email_addresses_of(users: Any) -> list[str]:
    """Where notices for these accounts go: the active ones that have an address."""
    reached = users.filter(is_active=True).exclude(email="")
    return list(reached.order_by("pk").values_list("email", flat=True))
