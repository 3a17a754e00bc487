"""Which labels are followed, and by which pages."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from typing import TypeGuard

from django.db import connection

from monographs.label_watch.models import FollowedLabel
from monographs.labels.spl import SET_ID

#: Functions of other packages that return pages' keys, and set ids that these name before patients read them.
further_labels: list[Callable[[], Iterable[tuple[uuid.UUID, str]]]] = []

#: Digits that a version number can have in the database.
_MOST_DIGITS = 9

#: The label and its version that each current edition names.
_NAMED_SQL = """
    SELECT p.key, e.title, e.number, lower(e.canonical::jsonb #>> '{identifiers,label_set_id}'),
        e.canonical::jsonb #>> '{identifiers,label_version}'
    FROM editions_publication p JOIN editions_edition e ON e.id = p.edition_id
    WHERE p.state = 'current' AND e.kind = 'monograph' AND (%(keys)s::uuid[] IS NULL OR p.key = ANY(%(keys)s))
"""


@dataclass(frozen=True, slots=True)
class Following:
    """A page that patients read, and a label that it follows. ``version`` is None if the page names none.

    ``is_named`` tells the label that the edition names from those in ``FollowedLabel``.
    """

    key: uuid.UUID
    title: str
    edition: int
    set_id: str
    version: int | None
    is_named: bool = False


def followings(keys: Iterable[uuid.UUID] | None = None) -> list[Following]:
    """Return which current edition follows which label, of all pages or of those with ``keys``; two queries.

    A page follows the label that its current edition names, and those in ``FollowedLabel``. What an edition
    names that is no set id is left out: the house rules report it to writers.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NAMED_SQL, {"keys": None if keys is None else list(keys)})
        pages = {key: (title, number, set_id, version) for key, title, number, set_id, version in cursor}
    found = [
        Following(key, title, number, set_id, int(version) if is_number(version) else None, is_named=True)
        for key, (title, number, set_id, version) in pages.items()
        if set_id and SET_ID.fullmatch(set_id)
    ]
    named = {(each.key, each.set_id) for each in found}
    for key, set_id in FollowedLabel.objects.filter(key__in=pages).values_list("key", "set_id"):
        if SET_ID.fullmatch(set_id) and (key, set_id) not in named:
            title, number, *_ = pages[key]
            found.append(Following(key, title, number, set_id, None))
    return found


def followed_labels() -> dict[str, set[uuid.UUID]]:
    """Return the set ids that pages follow, with their keys: also of pages that patients do not read yet.

    Drafts count, so that a writer has the text of a label before the first edition.
    """
    followed: defaultdict[str, set[uuid.UUID]] = defaultdict(set)
    pairs = [(each.key, each.set_id) for each in followings()]
    drafts = chain.from_iterable(named() for named in further_labels)
    for key, set_id in [*pairs, *FollowedLabel.objects.values_list("key", "set_id"), *drafts]:
        if SET_ID.fullmatch(set_id):
            followed[set_id].add(key)
    return dict(followed)


def is_number(text: str | None) -> TypeGuard[str]:
    """Whether a text is a version number as labels have them."""
    return text is not None and text.isascii() and text.isdigit() and 0 < len(text) < _MOST_DIGITS
