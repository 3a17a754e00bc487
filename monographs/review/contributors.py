"""Accounts as the record of a text keeps them."""

from dataclasses import replace
from typing import Any

from monographs.accounts.actors import person_of
from monographs.editions.person import Person

__all__ = ["contributor_of", "person_of"]


def contributor_of(user: Any) -> Person:
    """A user as the list of contributors keeps them: credentials are a reviewer's matter."""
    return replace(person_of(user), credentials="", field="")
