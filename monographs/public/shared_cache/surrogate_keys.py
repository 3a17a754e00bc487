"""Surrogate keys: names of what a public response shows, by which shared caches find it after a change.

A response carries the keys of everything on it, in the header ``Surrogate-Key``, which the outermost cache
removes. A publication purges the keys of what it changes. A response of which nothing is known carries
``LISTS`` and is purged by every publication, so that a new view is stale nowhere.
"""

import uuid

from django.http import HttpResponseBase

from monographs.editions.models import Edition, Publication
from monographs.public.queries import BUILT_IN_PATHS, PageResult

HEADER = "Surrogate-Key"
#: Carried by every response: the home page's texts and the information pages' names frame all of them.
SITE = "site"
#: Carried by lists, search, feeds, the API, redirects, and paths where nothing is.
LISTS = "lists"
#: The keys of a response of which nothing else is known.
DEFAULT = f"{SITE} {LISTS}"
#: Hexadecimal digits of a page's key: two pages that share them are purged together, which is harmless.
_DIGITS = 12
#: Kinds of page that every page names.
_FRAME_KINDS = ("home", "information")


def page_key(key: uuid.UUID | str) -> str:
    """Return the surrogate key of a page: its text, its path, and whether it is public."""
    return f"page-{str(key).replace('-', '')[:_DIGITS]}"


def members_key(key: uuid.UUID | str) -> str:
    """Return the surrogate key of the pages that name a page: members of a class, medicines used with one."""
    return f"members-{str(key).replace('-', '')[:_DIGITS]}"


def keys_of(found: PageResult) -> str:
    """Return the header of a page: its own key, those of the pages it links to, and of those that name it."""
    if found.key is None:
        return DEFAULT
    keys = [SITE, page_key(found.key), members_key(found.key), *map(page_key, found.linked_keys)]
    return " ".join([*keys, LISTS] if found.path in BUILT_IN_PATHS else keys)


def add_lists(response: HttpResponseBase) -> None:
    """Let every publication purge a response that shows more than the keys of its page say."""
    response.headers[HEADER] = f"{response.headers.get(HEADER, SITE)} {LISTS}"


def keys_of_page(key: uuid.UUID) -> list[str]:
    """Return the keys to purge when what stands beside the text of a page changed, and no other page."""
    return [page_key(key), LISTS]


def keys_changed_by(publication: Publication) -> list[str]:
    """Return the keys to purge when ``publication`` was set: of all that shows the page, or showed it before.

    A page names others in all its editions, which can be read beside the current one. One query.
    """
    editions = Edition.objects.filter(key=publication.key).values_list("kind", "linked_keys")
    if any(kind in _FRAME_KINDS for kind, _ in editions):
        return [SITE]
    named = {key for _, linked_keys in editions for key in linked_keys}
    return [page_key(publication.key), LISTS, *sorted(map(members_key, named))]
