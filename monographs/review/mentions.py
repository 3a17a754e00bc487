"""Mentions in notes: ``@name`` is the sign-in name of somebody who may see the page, who is told of it."""

import re
import uuid
from collections.abc import Iterable, Iterator

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat
from wagtail.models import GroupPagePermission, Page

from monographs.accounts.actors import users_with_admin_access
from monographs.core.users import display_name
from monographs.review.models import MedicalReviewTask

#: An “@” that begins a word, and what may be a sign-in name. An address, “a@b”, is no mention.
_MENTION = re.compile(r"(?<![\w@.+-])@([\w.@+-]{1,150})")
#: What ends a sentence rather than a name.
_TRAILING = ".-+@"
#: Names that are offered while somebody types.
MOST_OFFERED = 8


def names_in(words: str) -> list[str]:
    """Return the sign-in names that ``words`` mention, each once, as they are written."""
    found = (match[1].rstrip(_TRAILING) for match in _MENTION.finditer(words))
    return [name for name in dict.fromkeys(found) if name]


def people_who_see(key: uuid.UUID) -> QuerySet[User]:
    """Return who may see the page ``key`` in the admin: reviewers, administrators, and who may work on it."""
    page = Page.objects.filter(translation_key=key).first()
    paths = _paths_above(page.path) if page else []
    granted = GroupPagePermission.objects.filter(
        page__path__in=paths, permission__codename__in=("change_page", "add_page")
    )
    reviewing = MedicalReviewTask.objects.filter(active=True)
    groups = Q(groups__in=granted.values("group")) | Q(groups__in=reviewing.values("groups"))
    people = users_with_admin_access().filter(groups | Q(is_superuser=True))
    return people.distinct().order_by("last_name", "first_name", "pk")


def _paths_above(path: str) -> list[str]:
    """Return the paths of a page and of all above it in Wagtail's tree."""
    step: int = Page.steplen
    return [path[:end] for end in range(step, len(path) + 1, step)]


def mentioned(key: uuid.UUID, words: str) -> tuple[list[User], list[str]]:
    """Return who is mentioned in ``words`` and may see the page, and the names of nobody who may.

    No query where nobody is mentioned.
    """
    names = names_in(words)
    if not names:
        return [], []
    by_name = {user.get_username().lower(): user for user in people_who_see(key)}
    found = [by_name[name.lower()] for name in names if name.lower() in by_name]
    return found, [name for name in names if name.lower() not in by_name]


def offered(key: uuid.UUID, typed: str) -> Iterator[dict[str, str]]:
    """Yield sign-in and full name of people whose one begins with ``typed``, or has a word that does."""
    people: Iterable[User] = people_who_see(key)
    if typed:
        full = Concat("first_name", Value(" "), "last_name")
        matching = people_who_see(key).annotate(full_name=full)
        people = matching.filter(
            Q(username__istartswith=typed)
            | Q(full_name__istartswith=typed)
            | Q(full_name__icontains=f" {typed}")
        )[:MOST_OFFERED]
    for user in list(people)[:MOST_OFFERED]:
        yield {"name": user.get_username(), "full": display_name(user)}
