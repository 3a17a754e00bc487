"""Medicines that patients read with an older name of a class, a condition or another medicine.

A document has the names of other pages by value. Signing another name of a class touches none of its
medicines: each says the older name until it is signed with the newer one. No draft is read to find them.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from monographs.document.canonical import canonical_json, sha256_hex

#: A page that a medicine names, with its name there, by the page's kind.
_NAMED = {
    "drug_class": "Its class “{}”",
    "condition": "Its condition “{}”",
    "monograph": "The medicine “{}”, which it names,",
}


@dataclass(frozen=True, slots=True)
class NameChange:
    """A page (``key``, and its kind) that is called ``new`` now, and ``old`` in a text that names it."""

    key: UUID
    kind: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{_NAMED[self.kind].format(self.old)} is called “{self.new}” now"


@dataclass(frozen=True, slots=True)
class OlderName:
    """A public medicine, by key and title, and a name in it that has changed."""

    medicine: UUID
    title: str
    change: NameChange


#: Pages whose newest signed name is another than an earlier one, if drafts take it from the page's row.
_RENAMED = """
SELECT e.key, e.kind, e.title, array_agg(DISTINCT before.title)
FROM editions_publication p
    JOIN editions_edition e ON e.id = p.edition_id
    JOIN editions_edition before
        ON before.key = e.key AND before.number < e.number AND before.title <> e.title
WHERE p.state <> 'moved' AND e.kind = ANY(%(kinds)s) AND {condition}
    AND EXISTS (SELECT FROM wagtailcore_page w
        WHERE w.translation_key = e.key AND w.alias_of_id IS NULL AND w.title = e.title)
GROUP BY e.id
"""
_ALL = _RENAMED.format(condition="true")
_ONE = _RENAMED.format(condition="p.key = %(key)s")
_NAMED_BY = _RENAMED.format(
    condition="""p.key IN (SELECT unnest(m.linked_keys)
        FROM editions_publication q JOIN editions_edition m ON m.id = q.edition_id
        WHERE q.state = 'current' AND q.key = ANY(%(medicines)s))"""
)

#: Public medicines whose signed text has one of the names, in one of the forms in which a canonical text has
#: it. A quotation mark within a text is escaped there, so no running text is taken for one.
_OLDER = """
SELECT m.key, m.title, r.number
FROM unnest(%(numbers)s::int[], %(keys)s::uuid[], %(references)s::text[], %(parts)s::text[],
        %(companions)s::text[]) AS r(number, key, reference, part, companion)
    JOIN editions_edition m ON m.linked_keys @> ARRAY[r.key]
    JOIN editions_publication q ON q.edition_id = m.id AND q.state = 'current'
WHERE m.kind = 'monograph' AND (%(medicines)s::uuid[] IS NULL OR q.key = ANY(%(medicines)s::uuid[]))
    AND (strpos(m.canonical, r.reference) > 0 OR strpos(m.canonical, r.part) > 0
        OR strpos(m.canonical, r.companion) > 0)
ORDER BY lower(m.title), m.key, r.number
"""


def all_older_names() -> list[OlderName]:
    """Return every older name in a public medicine, by the medicine's title. One query, two if any."""
    return _older(_renamed(_ALL))


def older_names_of(key: UUID) -> list[OlderName]:
    """Return the public medicines that call the page ``key`` by an older name. One query, two if renamed."""
    return _older(_renamed(_ONE, key=key))


def older_names_in(medicines: Collection[UUID]) -> dict[UUID, tuple[NameChange, ...]]:
    """Return the older names in what patients read of ``medicines``. One query, two if any was renamed."""
    keys = list(medicines)
    found: dict[UUID, tuple[NameChange, ...]] = {}
    for each in _older(_renamed(_NAMED_BY, medicines=keys), keys) if keys else ():
        found[each.medicine] = (*found.get(each.medicine, ()), each.change)
    return found


def _renamed(statement: str, **parameters: Any) -> list[NameChange]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"kinds": list(_NAMED), **parameters})
        return [NameChange(key, kind, old, new) for key, kind, new, olds in cursor.fetchall() for old in olds]


def _older(changes: list[NameChange], medicines: list[UUID] | None = None) -> list[OlderName]:
    if not changes:
        return []
    names = [(str(change.key), canonical_json(change.old).decode()) for change in changes]
    parameters: dict[str, Any] = {
        "numbers": list(range(len(changes))),
        "keys": [change.key for change in changes],
        "references": [f'"key":"{key}","name":{name}' for key, name in names],
        "parts": [f'"condition":"{key}","condition_name":{name}' for key, name in names],
        "companions": [f'"name":{name},"page":"{key}"' for key, name in names],
        "medicines": medicines,
    }
    with connection.cursor() as cursor:
        cursor.execute(_OLDER, parameters)
        return [OlderName(key, title, changes[number]) for key, title, number in cursor.fetchall()]


def names_stamp(changes: Iterable[NameChange]) -> str:
    """Return a stamp of older names: which names a screen showed that a medicine takes over."""
    return sha256_hex(canonical_json(sorted([str(each.key), each.old, each.new] for each in changes)))[:16]


def older_names_message(changes: Iterable[NameChange]) -> str:
    """Return the message for a medicine with older names of other pages: what to do; empty without any."""
    told = list(changes)
    if not told:
        return ""
    said = " ".join(f"{change}." for change in told)
    older, newer = ("name", "one") if len(told) == 1 else ("names", "ones")
    return (
        f"{said} Patients still read the older {older} here, so have the newer {newer} signed first: on the "
        f"history of “{told[0].new}”, an editor lets all medicines that name it take it over."
    )
