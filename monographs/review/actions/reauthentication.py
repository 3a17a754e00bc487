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
        self._method = ""

    def confirm(self) -> None:
        """Confirm the user's identity, or count the failure and raise ``PolicyError``.

        Called before any lock and outside the attempt's transaction: hashing a password takes long, and a
        code that was accepted stays used, a wrong one counted, however the attempt ends.
        """
        try:
            self._method = identity.confirm(
                self.user, password=self.password, code=self.code, request=self.request
            )
        except IdentityNotConfirmed as error:
            if error.counts:
                identity.count_failure(self.user, self.request)
            raise PolicyError(Rule(error.kind.value), error.message) from error

    @property
    def method(self) -> str:
        """The method by which the user's identity was confirmed. Raises ``PolicyError`` if it was not."""
        if not self._method:
            raise PolicyError(Rule.WRONG_PASSWORD, "Your identity was not confirmed. Nothing was changed.")
        return self._method

    def check_account(self, user: User) -> None:
        """Raise ``PolicyError`` if the password was changed since ``user``'s identity was confirmed."""
        if user.password != self.user.password:
            raise PolicyError(
                Rule.WRONG_PASSWORD, "Your password was changed meanwhile. Nothing was changed; try again."
            )


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
    append_entry(Event.SIGNED, person, signature.as_record(), subject=signature.key)
    return signature
