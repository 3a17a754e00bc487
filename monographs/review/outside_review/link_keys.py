"""The keys of links for outside experts: made, shown, stored as a hash, looked up, counted, revoked.

A key is 256 bits and a signature by the site's secret key, so that a guess is refused without a query. The
bits are random, or a keyed hash of the form that asks for the link: sent again, it asks for the same link.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Now

from monographs.core.db_clock import database_now
from monographs.core.secret_keys import keyed_digests
from monographs.document.canonical import canonical_json
from monographs.editions.person import Person
from monographs.review.models import OutsideLink, OutsideVisit, Submission, VisitKind
from monographs.review.outside_link_end import LinkEnd, end_of

_SALT = "monographs.review.outside_review"
KEY_BYTES = 32
#: Days for which a link can be made, and what is offered.
LONGEST_DAYS, USUAL_DAYS = 30, 7
#: Requests by one link: a person who reads, with a script that loads figures.
MOST_READS, READS_WITHIN = 60, timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """A link, and why it shows nothing if it does not."""

    link: OutsideLink | None
    end: LinkEnd | None


def key_of_form(*form: Any) -> str:
    """Return the key that follows from what a form sent, its random identifier first; random without that."""
    if not form[0]:
        return secrets.token_urlsafe(KEY_BYTES)
    digest, *_ = keyed_digests(_SALT, canonical_json(form).decode())
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def link_of_key(key: str) -> OutsideLink | None:
    """Return the link with a key, if it was made."""
    return links_with_all().filter(key_sha256=_hash(key)).first()


def signed(key: str) -> str:
    """Return a key as its link's address has it."""
    return Signer(sep=".", salt=_SALT).sign(key)


def make_link(
    submission: Submission, expert: str, days: int, maker: Person, key: str = "", **invitation: Any
) -> tuple[OutsideLink, str]:
    """Store a link for ``expert``; return it and its signed key, which is stored nowhere.

    ``invitation`` has ``signer``, ``step`` and ``vouchers`` for one who may sign.
    """
    key = key or secrets.token_urlsafe(KEY_BYTES)
    link = OutsideLink.objects.create(
        submission=submission,
        expert=expert,
        key_sha256=_hash(key),
        made_by_id=maker.id,
        maker=maker.as_record(),
        expires_at=database_now() + timedelta(days=days),
        **invitation,
    )
    return link, signed(key)


def opened_link(signed_key: str) -> OpenedLink:
    """Return the link that has ``signed_key``, and count the access.

    A refusal is logged once for each reason, and one for too many requests once in each minute: repeating
    them stores nothing.
    """
    try:
        key = Signer(sep=".", salt=_SALT).unsign(signed_key)
    except BadSignature:
        return OpenedLink(None, LinkEnd.UNKNOWN)
    link = link_of_key(key)
    if link is None:
        return OpenedLink(None, LinkEnd.UNKNOWN)
    end = end_of(link)
    if end is None:
        return OpenedLink(link, LinkEnd.TOO_MANY if _is_too_many(link) else None)
    if not link.visits.filter(what=end.visit).exists():
        log_visit(link, end.visit)
    return OpenedLink(link, end)


def links_with_all() -> QuerySet[OutsideLink]:
    """Return links with what the page of one reads."""
    return OutsideLink.objects.select_related(
        "submission__workflow_state__current_task_state__task__medicalreviewtask",
        "submission__page",
        "made_by",
        "signer__reviewer_profile",
    )


def log_visit(link: OutsideLink, what: VisitKind) -> None:
    """Store one access; no address of whoever it was."""
    OutsideVisit.objects.create(link=link, what=what)


def _is_too_many(link: OutsideLink) -> bool:
    """Count a request; return whether it is one too many. Of these only the first in its time is stored."""
    is_over = Q(counted_from__lt=Now() - READS_WITHIN)
    over, window = When(is_over, then=Value(1)), When(is_over, then=Now())
    counted = OutsideLink.objects.filter(is_over | Q(reads__lte=MOST_READS), pk=link.pk).update(
        reads=Case(over, default=F("reads") + 1), counted_from=Case(window, default=F("counted_from"))
    )
    if not counted:
        return True
    too_many = OutsideLink.objects.filter(pk=link.pk, reads__gt=MOST_READS).exists()
    if too_many:
        log_visit(link, LinkEnd.TOO_MANY.visit)
    return too_many


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
