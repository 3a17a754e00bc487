"""Why a link for an outside expert shows nothing any more, and lets nobody sign."""

from enum import StrEnum

from monographs.core.db_clock import database_now
from monographs.review.models import OutsideLink, VisitKind


class LinkEnd(StrEnum):
    """Why a link shows nothing; the value is shown to its holder, ``visit`` to editors."""

    UNKNOWN = "This link is not known. Ask whoever sent it for another one."
    EXPIRED = "This link has expired. Ask whoever sent it for another one."
    REVOKED = "This link was ended by those who sent it."
    MAKER_LEFT = "Whoever sent this link has left, so it has ended. Ask the editors for another one."
    CLOSED = "The review of this text is over, so the link has ended. Thank you for your help."
    TOO_MANY = "This link was used too often in a short time. Wait a minute, then reload the page."

    @property
    def visit(self) -> VisitKind:
        """The kind under which a refused access is stored. Raises ``KeyError`` for ``UNKNOWN``: it is not."""
        return VisitKind[self.name]

    @property
    def heading(self) -> str:
        """The heading of the page with this reason."""
        match self:
            case LinkEnd.UNKNOWN:
                return "No such link"
            case LinkEnd.TOO_MANY:
                return "Please wait a minute"
            case _:
                return "This link has ended"


def end_of(link: OutsideLink) -> LinkEnd | None:
    """Return why ``link`` has ended; None while it can be used."""
    if link.revoked_at:
        return LinkEnd.REVOKED
    if link.made_by is None or not link.made_by.is_active:
        return LinkEnd.MAKER_LEFT
    if not link.submission.is_open:
        return LinkEnd.CLOSED
    return LinkEnd.EXPIRED if link.expires_at <= database_now() else None
