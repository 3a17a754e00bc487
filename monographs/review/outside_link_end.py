"""Why a link for an outside expert shows nothing any more, and lets nobody sign."""

from enum import StrEnum

from monographs.core.db_clock import database_now
from monographs.review.models import OutsideLink


class LinkEnd(StrEnum):
    """Why a link shows nothing any more; the value is said to whoever has it."""

    UNKNOWN = "This link is not known. Ask whoever sent it for another one."
    EXPIRED = "This link has expired. Ask whoever sent it for another one."
    REVOKED = "This link was ended by those who sent it."
    MAKER_LEFT = "Whoever sent this link has left, so it has ended. Ask the editors for another one."
    CLOSED = "The review of this text is over, so the link has ended. Thank you for your help."
    TOO_MANY = "This link was used too often in a short time. Wait a minute, then reload the page."


def end_of(link: OutsideLink) -> LinkEnd | None:
    """Return why ``link`` has ended; None while it can be used."""
    if link.revoked_at:
        return LinkEnd.REVOKED
    if link.made_by is None or not link.made_by.is_active:
        return LinkEnd.MAKER_LEFT
    if not link.submission.is_open:
        return LinkEnd.CLOSED
    return LinkEnd.EXPIRED if link.expires_at <= database_now() else None
