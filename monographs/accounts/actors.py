"""Accounts as people of the append-only tables, and the recipients of emails about accounts."""

from dataclasses import replace

from django.contrib.auth.models import User
from django.db.models import QuerySet
from wagtail.log_actions import get_active_log_context

from monographs.core.users import AnyUser
from monographs.editions.person import SYSTEM, Person

#: The group that is emailed when accounts, rights or review steps change.
EDITORS = "Editors"
#: The permission to enter Wagtail's admin, shown there as “Can access Wagtail admin”.
ADMIN_ACCESS_APP, ADMIN_ACCESS = "wagtailadmin", "access_admin"
#: The authentication backend that knows permissions; the other one counts failed attempts.
PERMISSION_BACKEND = "django.contrib.auth.backends.ModelBackend"
#: Length of the columns for names; Django's first and last name with a space can be one longer.
NAME_LENGTH = 300


def person_of(user: AnyUser | None) -> Person:
    """A user by value, as they are now; ``SYSTEM`` for nobody or an anonymous user."""
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


def contributor_of(user: User) -> Person:
    """Return a user as contributions store them: without credentials, which belong to reviewers."""
    return replace(person_of(user), credentials="", field="")


def current_actor() -> Person:
    """The user signed in to the admin; ``SYSTEM`` in a command or at start-up."""
    return person_of(getattr(get_active_log_context(), "user", None))


def users_with_admin_access() -> QuerySet[User]:
    """Active accounts that may enter the admin."""
    return User.objects.with_perm(
        f"{ADMIN_ACCESS_APP}.{ADMIN_ACCESS}",
        is_active=True,
        include_superusers=True,
        backend=PERMISSION_BACKEND,
    )


def editor_email_addresses() -> list[str]:
    """Addresses of the active editors."""
    return email_addresses_of(User.objects.filter(groups__name=EDITORS))


def email_addresses_of(users: QuerySet[User]) -> list[str]:
    """Addresses of the active accounts among ``users`` that have one."""
    with_address = users.filter(is_active=True).exclude(email="")
    return list(with_address.order_by("pk").values_list("email", flat=True))
