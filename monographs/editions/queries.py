"""Look-ups of the editions of one page."""

from monographs.editions.models import Edition, PageKey, Publication, PublicationState


def current_edition(key: PageKey) -> Edition | None:
    """The newest edition of a page, public or withdrawn."""
    return Edition.objects.of(key).first()


def public_edition(key: PageKey) -> Edition | None:
    """The edition of a page that patients read now; None if it was never public or is withdrawn."""
    publication = (
        Publication.objects.filter(key=key, state=PublicationState.CURRENT).select_related("edition").first()
    )
    return publication.edition if publication else None
