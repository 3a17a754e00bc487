"""Values that patients read, each proposed by one person and usable once another person confirmed it."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models, transaction

from monographs.accounts.actors import current_actor
from monographs.core.db_clock import database_now
from monographs.core.sign_in_names import same_person
from monographs.editions.person import Person

#: Who proposed and who confirmed one value, as stored.
Confirmation = dict[str, Any]


class NeedsSecondPerson(models.Model):
    """A row whose ``proposal()`` is used only after a second person confirmed each value of it.

    ``confirmations`` holds by name of the value: the ``value``, its ``proposer``, the time ``at`` which it
    was proposed by the database's clock (older rows have none), and its ``confirmer`` (a
    person, or null). A value counts as confirmed only while it is the one that was confirmed, or allows less
    than that (``is_restriction``), whatever route changed it.
    """

    #: Names of values that may be empty; patients read nothing of an empty value.
    optional: ClassVar[frozenset[str]] = frozenset()

    confirmations = models.JSONField(default=dict, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row. Whoever is signed in proposes the values that changed; they become unconfirmed."""
        with transaction.atomic():
            rows = type(self)._default_manager.select_for_update()
            stored = rows.filter(pk=self.pk).values_list("confirmations", flat=True).first()
            self.confirmations = self._proposed(stored or {})
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "confirmations"}
            super().save(*args, **kwargs)

    def proposal(self) -> dict[str, str]:
        """The values that need a second person, by name."""
        raise NotImplementedError

    def shown_values(self) -> dict[str, str]:
        """The values of ``proposal()`` in the words that people read."""
        return self.proposal()

    def problem(self) -> str:
        """Why the proposal cannot be confirmed as it is, and how to fix it; empty if it can."""
        raise NotImplementedError

    @property
    def is_outdated(self) -> bool:
        """Whether a value differs from the one that was proposed, because another row changed."""
        values = self.proposal().items()
        return any(self.confirmations.get(name, {}).get("value") != value for name, value in values)

    def _proposed(self, stored: dict[str, Confirmation]) -> dict[str, Confirmation]:
        proposer, now = _identity(current_actor()), database_now().isoformat()
        new = {"proposer": proposer, "confirmer": None, "at": now}
        return {
            name: (
                {**stored[name], "value": value}
                if name in stored and self._is_covered(name, value, stored[name])
                else {"value": value, **new}
            )
            for name, value in self.proposal().items()
        }

    def is_restriction(self, name: str, value: str, confirmed: str) -> bool:
        """Whether ``value`` only restricts ``confirmed``, so that no second person is needed."""
        return False

    def _is_covered(self, name: str, value: str, stored: Confirmation) -> bool:
        """Whether ``value`` is the ``stored`` one, or one that is confirmed with it."""
        if stored.get("value") == value:
            return True
        return stored.get("confirmer") is not None and self.is_restriction(name, value, stored["value"])

    @property
    def is_confirmed(self) -> bool:
        """Whether every value is as a second person confirmed it."""
        return all(self._confirmed(name, value) for name, value in self.proposal().items())

    def _confirmed(self, name: str, value: str) -> bool:
        if not value:
            return name in self.optional
        stored = self.confirmations.get(name, {})
        return stored.get("confirmer") is not None and self._is_covered(name, value, stored)

    def unconfirmed(self) -> dict[str, str]:
        """The values that still need a second person, by name."""
        return {name: value for name, value in self.proposal().items() if not self._confirmed(name, value)}

    def proposer_of(self, name: str) -> Person:
        """Who proposed a value; somebody unknown for one that was changed without being recorded."""
        person = self.confirmations.get(name, {}).get("proposer") or _identity(Person(None, "", ""))
        return Person(**person)

    def proposed_at(self, name: str) -> datetime | None:
        """When a value was proposed; None if that was not stored."""
        at = self.confirmations.get(name, {}).get("at")
        return datetime.fromisoformat(at) if at else None

    def confirmable_by(self, person: Person) -> list[str]:
        """The names of the unconfirmed values that somebody else than ``person`` proposed."""
        return [name for name in self.unconfirmed() if not is_same(person, self.proposer_of(name))]

    def confirm(self, person: Person) -> None:
        """Store that ``person`` confirms every value somebody else proposed. Call it on a locked row."""
        for name in self.confirmable_by(person):
            self.confirmations[name] = {
                **self.confirmations.get(name, {}),
                "value": self.proposal()[name],
                "proposer": _identity(self.proposer_of(name)),
                "confirmer": _identity(person),
            }
        super().save(update_fields=["confirmations"])


def is_same(one: Person, other: Person) -> bool:
    """Whether two accounts are one person's, by id or by sign-in name."""
    return (one.id is not None and one.id == other.id) or same_person(one.username, other.username)


def _identity(person: Person) -> dict[str, Any]:
    return {"id": person.id, "username": person.username, "name": person.name}
