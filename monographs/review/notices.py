"""Mail about reviews. The mail backend sends it once the transaction has been kept."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse

from monographs.editions.models import Edition, Signature
from monographs.editions.people import Person
from monographs.review.groups import EDITORS
from monographs.review.models import Submission


def signature_void(signature: Signature, submission: Submission, by: Person, reason: str) -> None:
    """Tell somebody that what they signed was taken back."""
    people = get_user_model().objects.filter(pk=signature.user_id)
    context = {"signature": signature, "submission": submission, "by": by, "reason": reason}
    _tell(people, "signature_void", context | {"address": _address("review:review", submission.pk)})


def withdrawn(edition: Edition, by: Person, note: str) -> None:
    """Tell editors that patients no longer have a page."""
    context = {"edition": edition, "by": by, "note": note}
    _tell(_editors(), "withdrawn", context | {"address": _address("review:record", edition.key)})


def not_published(submission: Submission, why: str) -> None:
    """Tell editors that a signed text could not be published on its day."""
    context = {"submission": submission, "why": why}
    _tell(_editors(), "not_published", context | {"address": _address("review:review", submission.pk)})


def _editors() -> Iterable[Any]:
    return get_user_model().objects.filter(groups__name=EDITORS)


def _address(name: str, argument: Any) -> str:
    return f"{settings.WAGTAILADMIN_BASE_URL}{reverse(name, args=[argument])}"


def _tell(people: Iterable[Any], name: str, context: dict[str, Any]) -> None:
    """One mail to each active person who has an address. The template's first line is the subject."""
    subject, _, body = render_to_string(f"emails/{name}.txt", context).strip().partition("\n")
    mails = [
        EmailMessage(subject, body.strip() + "\n", to=[person.email])
        for person in people
        if person.is_active and person.email
    ]
    if mails:
        get_connection().send_messages(mails)
