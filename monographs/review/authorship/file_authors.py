"""Whose words a Word file from outside has: people who have no account, and accounts of the names in it."""

import re
from functools import cached_property

from django.contrib.auth.models import User

from monographs.accounts.actors import contributor_of
from monographs.accounts.outside_accounts import is_outside
from monographs.editions.person import SYSTEM, Person

#: Letters from which on a name is looked for inside others; “an” is a word of other people's names as well.
_SHORTEST_WITHIN = 4
#: What is around the names that ``review.outside_remarks`` takes from a file.
_APART = re.compile(r"[;()]|last saved by")


class FileAuthors:
    """The people whom Word files name as authors. One query, when the first name is looked up."""

    @cached_property
    def _accounts(self) -> list[User]:
        return [user for user in User.objects.order_by("pk") if not is_outside(user)]

    def of(self, named: str) -> list[Person]:
        """Return who may have written what a Word file says is by ``named``; nobody for an empty text.

        Somebody without an account, since a file proves nobody: so no outside expert signs these words. And
        each account whose name or sign-in name is in ``named``; a very short one must be a whole name there.
        """
        words = _plain(named)
        if not words:
            return []
        # The record calls the service itself so
        outsider = f"{named} (outside)" if words == SYSTEM.name else named
        people = (contributor_of(user) for user in self._accounts if _is_named(user, words))
        return [Person(None, "", outsider), *people]


def _is_named(user: User, words: str) -> bool:
    whole = {part.strip() for part in _APART.split(words)}
    names = filter(None, map(_plain, (user.get_full_name(), user.get_username())))
    return any(
        name in whole
        or (len(name) >= _SHORTEST_WITHIN and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words))
        for name in names
        if name in words  # most are not, and an expression of each name takes long to make
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
