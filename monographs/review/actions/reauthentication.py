"""Confirming a signer's identity again, and storing their signature."""

import uuid

from django.contrib.auth.models import User
from django.http import HttpRequest

from monographs.accounts import identity
from monographs.accounts.identity import IdentityNotConfirmed
from monographs.editions.ledger import Event, append_entry
from monographs.editions.models import Signature
from monographs.editions.person import Person
from monographs.pages.refusals import PolicyError, Rule


class ReauthCredentials:
    """The password and second-factor code ``user`` entered to confirm their identity, and the request."""

    def __init__(self, user: User, password: str, code: str = "", request: HttpRequest | None = None) -> None:
        self.user = user
        self.password = password
        self.code = code
        self.request = request
        self.confirmed = False

    def confirm(self) -> str:
        """Return the method by which the user's identity was confirmed. Raises ``PolicyError``."""
        try:
            method = identity.confirm(self.user, password=self.password, code=self.code, request=self.request)
        except IdentityNotConfirmed as error:
            raise PolicyError(Rule(error.kind.value), error.message) from error
        self.confirmed = True
        return method

    def on_refused(self, refusal: PolicyError) -> None:
        """Count a failed attempt, and use up a correct code: the transaction that did so was rolled back."""
        match refusal.rule:
            case Rule.WRONG_PASSWORD:
                identity.count_failure(self.user, self.request)
            case Rule.WRONG_CODE:
                identity.count_failure(self.user, self.request, code=self.code)
            case _ if self.confirmed and identity.has_second_factor(self.user):
                identity.consume_code(self.user, self.code)


def create_signature(
    user: User,
    person: Person,
    method: str,
    *,
    submission: uuid.UUID,
    key: uuid.UUID,
    sha256: str,
    step: str,
    meaning: str,
) -> Signature:
    """Store a signature of ``user`` (``person`` by value) and record it in the ledger."""
    signature = Signature.objects.create(
        user_id=user.pk,
        username=person.username,
        name=person.name,
        credentials=person.credentials,
        field=person.field,
        method=method,
        submission=submission,
        key=key,
        sha256=sha256,
        step=step,
        meaning=meaning,
    )
    signature.refresh_from_db()
    append_entry(Event.SIGNED, person, signature.as_record(), subject=signature.key)
    return signature
