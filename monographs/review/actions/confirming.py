"""Who signs says so again: being signed in is not enough."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from monographs.editions.ledger import Event, record
from monographs.editions.models import Signature
from monographs.editions.people import Person
from monographs.review.refusals import Refused, Rule


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody gave to show who they are, and by which request it came."""

    password: str
    code: str = ""
    request: HttpRequest | None = None


def confirm(user: Any, proof: Proof) -> str:
    """The method by which ``user`` showed who they are. Raises ``Refused``."""
    if not user.check_password(proof.password):
        raise Refused(Rule.WRONG_PASSWORD, "That password is not right. Nothing was signed; try again.")
    return "password"


def sign_by(user: Any, person: Person, method: str, **what: Any) -> Signature:
    """Store a signature of ``person`` and tell the ledger.

    ``what``: submission, key, sha256, step, meaning.
    """
    signature = Signature.objects.create(
        user_id=user.pk,
        username=person.username,
        name=person.name,
        credentials=person.credentials,
        field=person.field,
        method=method,
        **what,
    )
    signature.refresh_from_db()
    record(Event.SIGNED, person, signature.as_record(), subject=signature.key)
    return signature
