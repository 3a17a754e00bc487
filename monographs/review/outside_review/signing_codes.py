"""Codes by which an outside expert proves who they are: sent to the recorded address, entered once.

A code counts for the text that is in review, in the browser session that asked for it. The newest one counts.
Numbers of codes and of tries are limited, so that a guess is right once in 800,000 invitations at most.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now
from django.utils.crypto import constant_time_compare

from monographs.accounts import account_emails
from monographs.accounts.identity import ProofMethod
from monographs.core.db_clock import database_now
from monographs.core.secret_keys import keyed_digests
from monographs.pages.refusals import PolicyError, Rule
from monographs.review import policy
from monographs.review.actions.reauthentication import ReauthCredentials
from monographs.review.models import OutsideLink, SigningCode

DIGITS = 8
VALID = timedelta(minutes=10)
MOST_TRIES = 5
#: Codes for one invitation altogether, and to one address within an hour.
MOST_CODES, PER_ADDRESS, WITHIN = 25, 5, timedelta(hours=1)
_CODE_SALT, _ADDRESS_SALT = "monographs.review.signing_code", "monographs.review.signing_address"

NO_CODE = "Ask for a code first, or for another one: there is none that still counts."
NOT_SENT = (
    "The code could not be sent: no emails go out from here now. Try again in some minutes, or tell whoever "
    "invited you."
)
WRONG = "That code is not right. Nothing was signed; look at the newest email and try again."


def new_session() -> str:
    """Return what a browser keeps to show that it asked for the code."""
    return secrets.token_urlsafe(32)


def send_code(link: OutsideLink, session: str) -> None:
    """Send the signer of ``link`` a code.

    Raises ``PolicyError`` if they may not sign or had too many, or if no email goes out now.
    """
    signer = signer_of(link)
    policy.user_can_sign(signer, link.submission).enforce()
    code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    address = _digest(_ADDRESS_SALT, signer.email.lower())
    with transaction.atomic():
        # Requests for one address come one after another, so that no two see the same count
        User.objects.select_for_update(no_key=True).get(pk=signer.pk)
        recent = SigningCode.objects.filter(address=address, sent_at__gt=Now() - WITHIN)
        if recent.count() >= PER_ADDRESS:
            raise PolicyError(
                Rule.TOO_MANY,
                f"{PER_ADDRESS} codes were sent to you within an hour. Look for the newest one, or wait.",
            )
        if link.codes.count() >= MOST_CODES:
            raise PolicyError(
                Rule.TOO_MANY, "Too many codes were sent for this invitation. Ask for another invitation."
            )
        SigningCode.objects.create(
            link=link,
            digest=_digest(_CODE_SALT, f"{link.pk}:{code}"),
            session_sha256=_sha256(session),
            text_sha256=link.submission.sha256,
            address=address,
            expires_at=database_now() + VALID,
        )
    minutes = int(VALID.total_seconds() // 60)
    if not account_emails.send_code_email(signer, code, link.submission.title, minutes):
        raise PolicyError(Rule.NOT_READY, NOT_SENT)


def signer_of(link: OutsideLink) -> User:
    """Return who is invited to sign by ``link``. Raises ``PolicyError`` for a link that invites nobody."""
    if link.signer is None:
        raise PolicyError(Rule.NOT_INVITED, "This link is for reading and for notes: nobody signs by it.")
    return link.signer


@dataclass(frozen=True, slots=True)
class EnteredCode:
    """A code as it was typed, and what the browser keeps since it asked for one."""

    code: str
    session: str


class CodeCredentials(ReauthCredentials):
    """The code that an outside expert entered, in place of a password."""

    def __init__(self, link: OutsideLink, entered: EnteredCode) -> None:
        super().__init__(signer_of(link), "")
        self.link = link
        self.entered = entered

    def confirm(self) -> None:
        """Use up the code, or count the try and raise ``PolicyError``; before any lock, as for passwords."""
        with transaction.atomic():
            refusal = self._refusal()
        if refusal is not None:
            raise refusal
        self._method = ProofMethod.ADDRESS.value

    def _refusal(self) -> PolicyError | None:
        sent = SigningCode.objects.select_for_update().filter(link=self.link).first()
        if sent is None or sent.used_at or sent.expires_at <= database_now():
            return PolicyError(Rule.CODE_MISSING, NO_CODE)
        if not constant_time_compare(sent.session_sha256, _sha256(self.entered.session)):
            return PolicyError(
                Rule.WRONG_CODE, "The code was asked for in another browser. Ask for one in this one."
            )
        if sent.text_sha256 != self.link.submission.sha256:
            return PolicyError(Rule.STALE, "The code was sent for another text. Ask for another code.")
        address = self.user.email.lower()
        if sent.address not in [digest.hex() for digest in keyed_digests(_ADDRESS_SALT, address)]:
            return PolicyError(Rule.STALE, "Your recorded address has changed. Ask for another code.")
        if sent.tries >= MOST_TRIES:
            return PolicyError(Rule.TOO_MANY, "Too many wrong tries with this code. Ask for another one.")
        sent.tries += 1
        typed = "".join(self.entered.code.split())
        is_right = any(
            constant_time_compare(sent.digest, digest.hex())
            for digest in keyed_digests(_CODE_SALT, f"{self.link.pk}:{typed}")
        )
        sent.used_at = database_now() if is_right else None
        sent.save(update_fields=["tries", "used_at"])
        return None if is_right else PolicyError(Rule.WRONG_CODE, WRONG)

    def check_account(self, user: User) -> None:
        """Raise ``PolicyError`` if another address was recorded since the code was sent."""
        super().check_account(user)
        if user.email != self.user.email:
            raise PolicyError(Rule.WRONG_CODE, "Your recorded address has changed. Ask for another code.")


def _digest(salt: str, value: str) -> str:
    return keyed_digests(salt, value)[0].hex()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
