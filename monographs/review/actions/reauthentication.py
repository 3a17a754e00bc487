"""Who signs says so again: being signed in is not enough."""

from typing import Any

from django.http import HttpRequest

from monographs.accounts import identity
from monographs.accounts.identity import IdentityNotConfirmed
from monographs.editions.ledger import Event, append_entry
from monographs.editions.models import Signature
from monographs.editions.person import Person
from monographs.review.refusals import ReviewRefused, Rule


class ReauthCredentials:
    """What ``user`` gave to show who they are, and by which request it came."""

    def __init__(self, user: Any, password: str, code: str = "", request: HttpRequest | None = None) -> None:
        self.user = user
        self.password = password
        self.code = code
        self.request = request
        self.confirmed = False

    def confirm(self) -> str:
        """The method by which the person showed who they are. Raises ``ReviewRefused``."""
        try:
            method = identity.confirm(self.user, password=self.password, code=self.code, request=self.request)
        except IdentityNotConfirmed as error:
            raise ReviewRefused(Rule(error.kind.value), error.message) from error
        self.confirmed = True
        return method

    def on_refused(self, refusal: ReviewRefused) -> None:
        """Count a guess, and use up a code that was right: the transaction that did so was not kept."""
        match refusal.rule:
            case Rule.WRONG_PASSWORD:
                identity.count_failure(self.user, self.request)
            case Rule.WRONG_CODE:
                identity.count_failure(self.user, self.request, code=self.code)
            case _ if self.confirmed and identity.has_second_factor(self.user):
                identity.consume_code(self.user, self.code)


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
    append_entry(Event.SIGNED, person, signature.as_record(), subject=signature.key)
    return signature
