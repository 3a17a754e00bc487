"""Accounts as the record keeps them."""

from dataclasses import replace
from typing import Any

from monographs.editions.people import SYSTEM, Person

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
    """A user as the list of contributors keeps them: credentials are a reviewer's matter."""
    return replace(person_of(user), credentials="", field="")
