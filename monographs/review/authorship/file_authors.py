"""Whose words a Word file from outside has: people who have no account, and accounts of the names in it."""

import re

from django.contrib.auth.models import User

from monographs.accounts.actors import contributor_of
from monographs.accounts.outside_accounts import is_outside
from monographs.editions.person import SYSTEM, Person


def people_of_file(named: str) -> list[Person]:
    """Return who may have written what a Word file says is by ``named``; nobody for an empty text.

    Somebody without an account, since a file proves nobody: so no outside expert signs these words. And each
    account whose name or sign-in name is in ``named``. One query, or none.
    """
    words = _plain(named)
    if not words:
        return []
    # The record calls the service itself so
    outsider = f"{named} (outside)" if words == SYSTEM.name else named
    accounts = (user for user in User.objects.order_by("pk") if not is_outside(user))
    people = (contributor_of(user) for user in accounts if _is_named(user, words))
    return [Person(None, "", outsider), *people]


def _is_named(user: User, words: str) -> bool:
    names = filter(None, map(_plain, (user.get_full_name(), user.get_username())))
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words) for name in names)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
