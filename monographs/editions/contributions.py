"""Who contributed to a text: recorded, retracted and read here."""

import uuid
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import IntegerField, QuerySet, Subquery, UUIDField
from django.db.models.functions import Coalesce

from monographs.core.compiled_query import CompiledQuery, Parameter
from monographs.core.locks import lock_page_keys
from monographs.editions.ledger import Event, append_entry
from monographs.editions.models import Contribution, Edition, IncludedText, PageKey, Retraction
from monographs.editions.person import Person


@transaction.atomic
def record_contribution(key: PageKey, person: Person, sha256: str) -> Contribution:
    """Record that ``person`` contributed to the text of page ``key``, whose hash is now ``sha256``.

    ``sha256`` may be empty. The ledger entry is what shows later that a row was deleted. An edition that is
    being made meanwhile comes first, so that the contribution counts for the next one.
    """
    lock_page_keys(key)
    row = Contribution.objects.create(
        key=key, user_id=person.id, username=person.username, name=person.name, sha256=sha256
    )
    append_entry(Event.CONTRIBUTED, person, row.as_record(), subject=key)
    return row


def retract_contribution(contribution: Contribution, actor: Person) -> Retraction:
    """Record that nothing of ``contribution`` is left in the text that ``actor`` submits.

    Its person may sign then. The database refuses it for a contribution to an earlier edition.
    """
    row = Retraction.objects.create(contribution=contribution, key=contribution.key)
    append_entry(Event.RETRACTED, actor, row.as_record(), subject=contribution.key)
    return row


def contributors_of(edition: Edition) -> list[Person]:
    """Who changed the text of ``edition`` since the one before."""
    return [Person(each["id"], each["username"], each["name"]) for each in edition.contributors]


def contributors_since(key: PageKey, edition: Edition | None) -> list[Person]:
    """Who changed the text since ``edition``, each once, in the order of their first change.

    Without those of whom nothing is left.
    """
    after = edition.number if edition else 0
    return _people(_SINCE.rows(key=uuid.UUID(str(key)), after_edition=after))


def contributors_now(key: PageKey) -> list[Person]:
    """As ``contributors_since`` the newest edition. One query."""
    return _people(_SINCE_NEWEST.rows(key=uuid.UUID(str(key))))


class EditionAuthors(NamedTuple):
    """Who contributed to any edition of a page, and the number of its newest one; 0 without any."""

    newest: int = 0
    people: tuple[Person, ...] = ()


def authors_of_editions(editions: QuerySet[Edition]) -> dict[uuid.UUID, EditionAuthors]:
    """Who contributed to ``editions``, by page, the last ones first. One query.

    An edition names who changed something since the one before: most of its text may be older.
    """
    found: dict[uuid.UUID, EditionAuthors] = {}
    rows = editions.order_by("key", "-number").values_list("key", "number", "contributors")
    for key, number, contributors in rows:
        before = found.get(key, EditionAuthors(number))
        people = (Person(each["id"], each["username"], each["name"]) for each in contributors)
        found[key] = EditionAuthors(before.newest, tuple(dict.fromkeys((*before.people, *people))))
    return found


def authors_of_included_texts(editions: Iterable[Edition]) -> dict[uuid.UUID, tuple[Person, ...]]:
    """Who contributed to the standard texts whose words ``editions`` have, by page. One query, two if any.

    Up to the version that is included, since most of its text may be older. Pages without any are left out.
    """
    uses = IncludedText.objects.filter(edition__in=[edition.pk for edition in editions])
    included = list(uses.order_by("pk").values_list("edition__key", "key", "number"))
    if not included:
        return {}
    versions = Edition.objects.filter(key__in={text for _, text, _ in included}).order_by("key", "number")
    writers: dict[uuid.UUID, list[tuple[int, Person]]] = {}
    for text, number, contributors in versions.values_list("key", "number", "contributors"):
        people = (Person(each["id"], each["username"], each["name"]) for each in contributors)
        writers.setdefault(text, []).extend((number, person) for person in people)
    found: dict[uuid.UUID, dict[Person, None]] = {}
    for page, text, until in included:
        wrote = (person for number, person in writers.get(text, ()) if number <= until)
        found.setdefault(page, {}).update(dict.fromkeys(wrote))
    return {page: tuple(people) for page, people in found.items()}


def _since(after_edition: Any) -> Any:
    rows = Contribution.objects.standing().filter(key=_KEY, after_edition=after_edition)
    return rows.order_by("pk")


_KEY = Parameter("key", UUIDField())
_SINCE: CompiledQuery[Contribution] = CompiledQuery(
    lambda: _since(Parameter("after_edition", IntegerField()))
)
_SINCE_NEWEST: CompiledQuery[Contribution] = CompiledQuery(
    lambda: _since(Coalesce(Subquery(Edition.objects.of(_KEY).values("number")[:1]), 0))
)


def _people(contributions: list[Contribution]) -> list[Person]:
    return list(dict.fromkeys(row.person for row in contributions))
