"""Which signatures a text has, and whether they are enough for the steps of its review."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

from django.db.models import CharField, UUIDField

from monographs.core.compiled_query import CompiledQuery, Parameter
from monographs.core.sign_in_names import sign_in_keys
from monographs.core.visible_text import is_blank
from monographs.editions.models import Signature
from monographs.editions.person import SYSTEM, Person
from monographs.editions.record.expert_rules import OUTSIDE


class MissingSignatures(Exception):
    """A text does not have the signatures an edition needs; the message names the step."""


@dataclass(frozen=True, slots=True)
class ReviewStep:
    """A step of the workflow and how many signatures it requires."""

    step: str
    signatures: int = 1

    @property
    def needed(self) -> int:
        """How many signatures it takes, at least one."""
        return max(self.signatures, 1)

    def as_record(self) -> dict[str, Any]:
        """Plain data, as ``Edition.steps`` stores it and the database trigger reads it."""
        return {"step": self.step, "signatures": self.signatures}


@dataclass(frozen=True, slots=True)
class ExcludedUsers:
    """Accounts that may not sign a text because they contributed to it.

    Compared by sign-in name as well as by id: an account recreated under an old name is the same person, and
    so is one whose name only looks like it (``core.sign_in_names``). Words of somebody ``from_outside``
    without an account exclude every outside expert: nobody can tell whether they are one person.
    """

    ids: frozenset[int]
    usernames: frozenset[str]
    from_outside: bool = False

    @classmethod
    def from_contributors(cls, contributors: Iterable[Person]) -> "ExcludedUsers":
        """The accounts of ``contributors``."""
        people = list(contributors)
        return cls(
            frozenset(person.id for person in people if person.id),
            frozenset(person.username for person in people if person.username),
            any(not (person.id or person.username or person.name == SYSTEM.name) for person in people),
        )

    def contains(self, user_id: int, username: str) -> bool:
        """Whether the account with this id or sign-in name is excluded."""
        if self.from_outside and username.startswith(OUTSIDE):
            return True
        keys = sign_in_keys(username)
        return user_id in self.ids or any(not keys.isdisjoint(sign_in_keys(name)) for name in self.usernames)


def is_among(excluded: ExcludedUsers, person: Person) -> bool:
    """Return whether ``person``, who may have no account, is one of ``excluded``."""
    return excluded.contains(person.id or 0, person.username)


_SIGNATURES_FOR = CompiledQuery(
    lambda: Signature.objects.filter(
        submission=Parameter("submission", UUIDField()), sha256=Parameter("sha256", CharField())
    ).order_by("signed_at", "pk")
)


def signatures_for(submission: uuid.UUID, sha256: str) -> list[Signature]:
    """Signatures given to exactly this hash in this submission, in order."""
    return _SIGNATURES_FOR.rows(submission=submission, sha256=sha256)


def is_named(signature: Signature) -> bool:
    """Whether a signature shows who gave it, and with which credentials."""
    return not is_blank(signature.name) and not is_blank(signature.credentials)


def check_signed(
    signatures: Sequence[Signature], steps: Sequence[ReviewStep], excluded: ExcludedUsers
) -> None:
    """Check that each step has enough signatures, by distinct people of whom none is ``excluded``.

    A signature without a name or credentials that can be seen does not count. Raises ``MissingSignatures``.
    """
    if not steps:
        raise MissingSignatures("The workflow has no steps, so nobody can have signed.")
    valid = [s for s in signatures if is_named(s) and not excluded.contains(s.user_id, s.username)]
    for step in steps:
        signed = len({s.user_id for s in valid if s.step == step.step})
        if signed < step.needed:
            raise MissingSignatures(f"Step “{step.step}” has {signed} of {step.needed} signatures.")
    if len({s.user_id for s in valid}) < sum(step.needed for step in steps):
        raise MissingSignatures("One person cannot sign for two steps.")


def signed_on(signatures: Iterable[Signature]) -> date:
    """The day of the last signature, in UTC: when a text was reviewed, however much later it is published."""
    return max(signature.signed_at for signature in signatures).astimezone(UTC).date()


def reviewers_of(signatures: Iterable[Signature]) -> list[dict[str, str]]:
    """The reviewers as patients read them."""
    return [{"name": s.name, "credentials": s.credentials, "step": s.step} for s in signatures]
