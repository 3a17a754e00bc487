"""Base class of actions that are signed by a text of their own: withdrawals, answers, prepared sentences."""

import uuid
from abc import abstractmethod
from typing import ClassVar, Generic, Required, TypedDict, TypeVar, Unpack

from django.contrib.auth.models import User
from django.http import HttpRequest

from monographs.document.canonical import sha256_hex
from monographs.editions.models import Signature
from monographs.review.actions.base import Action
from monographs.review.actions.reauthentication import ReauthCredentials, create_signature
from monographs.review.policies.kept_rights import refuse_if_rights_end
from monographs.review.record_locks import lock_rows
from monographs.review.signer_identity import check_signer_seen, locked_signer

Checked = TypeVar("Checked")
Result = TypeVar("Result")


class Signing(TypedDict, total=False):
    """The form fields that a signer sends with any of these actions.

    ``seen_signer`` is the hash of name, credentials, step and meaning as shown (``signer_hash``), ``code`` is
    of the second factor.
    """

    password: Required[str]
    seen_signer: str
    code: str
    request: HttpRequest | None


class SignedAction(Action[Result], Generic[Checked, Result]):
    """An attempt on a page that its user signs, after authenticating again.

    ``step`` and ``meaning`` are those of the signature.
    """

    step: ClassVar[str]
    meaning: ClassVar[str]

    def __init__(self, user: User, **signing: Unpack[Signing]) -> None:
        super().__init__(user)
        self.seen_signer = signing.get("seen_signer", "")
        self.credentials = ReauthCredentials(
            user, signing["password"], signing.get("code", ""), signing.get("request")
        )

    @abstractmethod
    def subject(self) -> uuid.UUID:
        """Return the key of the page."""

    @abstractmethod
    def check(self) -> Checked:
        """Return the object to sign. Raises ``PolicyError`` unless the user may sign it as it is now."""

    @abstractmethod
    def act(self, checked: Checked) -> Result:
        """Perform the signed act, with the page's record locked."""

    def prepare(self) -> None:
        self._checked()
        self.credentials.confirm()

    def perform(self) -> Result:
        lock_rows(self.subject())
        self.user = locked_signer(self.user)
        checked = self._checked()
        self.credentials.check_account(self.user)
        return self.act(checked)

    def _checked(self) -> Checked:
        checked = self.check()
        check_signer_seen(self.user, self.seen_signer, step=self.step, meaning=self.meaning)
        return checked

    def sign(self, act: uuid.UUID, text: str) -> Signature:
        """Store the user's signature of ``text``, the canonical text of the act with this UUID."""
        refuse_if_rights_end(self.user)
        return create_signature(
            self.user,
            self.actor,
            self.credentials.method,
            submission=act,
            key=self.subject(),
            sha256=sha256_hex(text.encode()),
            step=self.step,
            meaning=self.meaning,
        )
