"""Conflicts of interest: declared, ended and read here."""

import uuid
from collections.abc import Iterable
from datetime import date

from django.db.models import DateField, Q, QuerySet, UUIDField

from monographs.core.compiled_query import CompiledQuery, Parameter, among
from monographs.core.db_clock import database_today
from monographs.core.sign_in_names import sign_in_keys
from monographs.editions.ledger import Event, append_entry
from monographs.editions.models import ConflictEnd, ConflictOfInterest
from monographs.editions.person import Person
from monographs.editions.signatures import ExcludedUsers


def _in_force(day: object) -> QuerySet[ConflictOfInterest]:
    lasting = Q(ends_on=None) | Q(ends_on__gte=day)
    return ConflictOfInterest.objects.filter(lasting, starts_on__lte=day, end=None).order_by("pk")


_OF_PAGE: CompiledQuery[ConflictOfInterest] = CompiledQuery(
    lambda: _in_force(Parameter("day", DateField())).filter(key=Parameter("key", UUIDField()))
)


def conflicts_now(key: uuid.UUID | str) -> list[ConflictOfInterest]:
    """The conflicts with the page ``key`` that count today, oldest first."""
    return _OF_PAGE.rows(key=uuid.UUID(str(key)), day=database_today())


def people_in_conflict(conflicts: Iterable[ConflictOfInterest]) -> ExcludedUsers:
    """The accounts that may not sign because of ``conflicts``."""
    return ExcludedUsers.from_contributors(conflict.person for conflict in conflicts)


_OF_PAGES: CompiledQuery[ConflictOfInterest] = CompiledQuery(
    lambda: _in_force(Parameter("day", DateField())).filter(among("key", Parameter("keys", UUIDField())))
)


def conflicts_by_page(keys: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[ConflictOfInterest]]:
    """The conflicts with the pages ``keys`` that count today, oldest first. One query."""
    found: dict[uuid.UUID, list[ConflictOfInterest]] = {}
    for conflict in _OF_PAGES.rows(keys=list(keys), day=database_today()):
        found.setdefault(conflict.key, []).append(conflict)
    return found


def declare_conflict(
    key: uuid.UUID, person: Person, reason: str, *, starts_on: date, ends_on: date | None, actor: Person
) -> ConflictOfInterest:
    """Record that ``person`` has an interest in the page's subject. The page's record must be locked."""
    row = ConflictOfInterest.objects.create(
        key=key, user_id=account_of(person), username=person.username, name=person.name, reason=reason,
        starts_on=starts_on, ends_on=ends_on,
        by_id=account_of(actor), by_username=actor.username, by_name=actor.name,
    )  # fmt: skip
    append_entry(Event.CONFLICT_DECLARED, actor, row.as_record(), subject=key)
    return row


def end_conflict(conflict: ConflictOfInterest, reason: str, actor: Person) -> ConflictEnd:
    """Record that ``conflict`` is over. The database refuses it by the person who has it."""
    row = ConflictEnd.objects.create(
        conflict=conflict, key=conflict.key, reason=reason,
        by_id=account_of(actor), by_username=actor.username, by_name=actor.name,
        by_sign_in_keys=sorted(sign_in_keys(actor.username)),
    )  # fmt: skip
    append_entry(Event.CONFLICT_ENDED, actor, row.as_record(), subject=conflict.key)
    return row


def account_of(person: Person) -> int:
    """The account of ``person``. Raises ``ValueError`` for a script: conflicts are between people."""
    if person.id is None:
        raise ValueError("a conflict of interest is declared and ended by somebody with an account")
    return person.id
