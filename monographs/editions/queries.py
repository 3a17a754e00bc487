"""Look-ups of the editions of one page."""

import uuid

from django.db.models import IntegerField, UUIDField

from monographs.core.compiled_query import CompiledQuery, Parameter
from monographs.editions.models import Edition, PageKey, Publication, PublicationState

_NEWEST = CompiledQuery(lambda: Edition.objects.of(Parameter("key", UUIDField()))[:1])


def current_edition(key: PageKey) -> Edition | None:
    """The newest edition of a page, public or withdrawn."""
    return _NEWEST.first(key=uuid.UUID(str(key)))


_NUMBERED = CompiledQuery(
    lambda: Edition.objects.filter(
        key=Parameter("key", UUIDField()), number=Parameter("number", IntegerField())
    )
)


def edition_before(edition: Edition) -> Edition | None:
    """The edition of the same page before ``edition``; None before the first one."""
    return _NUMBERED.first(key=edition.key, number=edition.number - 1)


def public_edition(key: PageKey) -> Edition | None:
    """The edition of a page that patients read now; None if it was never public or is withdrawn."""
    publication = (
        Publication.objects.filter(key=key, state=PublicationState.CURRENT).select_related("edition").first()
    )
    return publication.edition if publication else None
