"""Mail about reviews. The mail backend sends it once the transaction has been kept."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse

from monographs.accounts.people import addresses_of, editors_addresses
from monographs.editions.models import Edition, Signature
from monographs.editions.people import Person
from monographs.review.models import Submission


def signature_void(signature: Signature, submission: Submission, by: Person, reason: str) -> None:
    """Tell somebody that what they signed was taken back."""
    context = {"signature": signature, "submission": submission, "by": by, "reason": reason}
    addresses = addresses_of(get_user_model().objects.filter(pk=signature.user_id))
    _tell(addresses, "signature_void", context | {"address": _address("review:review", submission.pk)})


def withdrawn(edition: Edition, by: Person, note: str) -> None:
    """Tell editors that patients no longer have a page."""
    context = {"edition": edition, "by": by, "note": note}
    _tell(editors_addresses(), "withdrawn", context | {"address": _address("review:record", edition.key)})


def not_published(submission: Submission, why: str) -> None:
    """Tell editors that a signed text could not be published on its day."""
    context = {"submission": submission, "why": why}
    _tell(
        editors_addresses(), "not_published", context | {"address": _address("review:review", submission.pk)}
    )


def _address(name: str, argument: Any) -> str:
    return f"{settings.WAGTAILADMIN_BASE_URL}{reverse(name, args=[argument])}"


def _tell(addresses: list[str], name: str, context: dict[str, Any]) -> None:
    """One mail to each address. The template's first line is the subject."""
    subject, _, body = render_to_string(f"emails/{name}.txt", context).strip().partition("\n")
    mails = [EmailMessage(subject, body.strip() + "\n", to=[address]) for address in addresses]
    if mails:
        get_connection().send_messages(mails)
