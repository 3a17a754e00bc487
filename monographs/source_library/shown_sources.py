"""Rows of the sources that public texts show, kept in step with publications.

Derived from editions, as the rows of ``label_watch.watched_editions``: what a migration or an earlier release
leaves out is added by ``show_missing_editions``.
"""

import logging
from typing import Any

from django.db import transaction
from django.db.models import JSONField, QuerySet
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast

from monographs.document.models import MonographDocument
from monographs.document.versions.stored_document import UnknownVersion
from monographs.editions.models import Edition, Publication, PublicationState
from monographs.source_library.models import LibrarySource, ShownSource, SourceChange, digest_of_source
from monographs.source_library.source_citations import citations_behind, follow_edition, forget_edition

logger = logging.getLogger(__name__)


def follow_shown_sources(sender: Any, instance: Publication, **kwargs: Any) -> None:
    """Receiver of ``post_save`` of a publication: store which sources its edition shows, or remove them."""
    if instance.state == PublicationState.CURRENT:
        show_sources(instance.edition)
    elif instance.state == PublicationState.WITHDRAWN:
        ShownSource.objects.filter(key=instance.key).delete()
        forget_edition(instance.key)


def show_sources(edition: Edition) -> None:
    """Store the sources of an edition that became current, and of its statements, instead of those before."""
    if edition.kind != "monograph":
        return
    document: MonographDocument = edition.document
    rows = [
        ShownSource(
            key=edition.key,
            edition=edition,
            number=source.number,
            digest=digest_of_source(source.title, source.publisher, source.address),
            address=source.address,
            sections=[each.type for each in document.sections if source.number in each.sources],
            seen_on=source.date_seen,
        )
        for source in document.sources
    ]
    with transaction.atomic():
        ShownSource.objects.filter(key=edition.key).delete()
        ShownSource.objects.bulk_create(rows)
        follow_edition(edition)


def _current() -> QuerySet[Publication]:
    return Publication.objects.filter(state=PublicationState.CURRENT, edition__kind="monograph")


def editions_without_rows() -> QuerySet[Publication]:
    """Return the current publications whose edition has sources and no rows of them."""
    listed = KeyTransform("sources", Cast("edition__canonical", JSONField()))
    missing = _current().exclude(edition__in=ShownSource.objects.values("edition"))
    return missing.annotate(listed=listed).exclude(listed=[])


def show_missing_editions() -> None:
    """Store the rows of current editions that have none, and remove those of others."""
    ShownSource.objects.exclude(edition__in=_current().values("edition")).delete()
    for missing, store in (
        (editions_without_rows(), show_sources),
        (citations_behind(_current()), follow_edition),
    ):
        for publication in missing.select_related("edition").iterator(chunk_size=50):
            try:
                store(publication.edition)
            except UnknownVersion as error:  # the newer release that wrote it stores them
                logger.warning("The sources of %s are not followed: its text is %s", publication.path, error)


def shown_of(source: LibrarySource) -> QuerySet[ShownSource]:
    """Return the places where patients read a source, in the words of the library of any time."""
    said = SourceChange.objects.filter(source=source.pk).values("digest")
    return ShownSource.objects.filter(digest__in=said)
