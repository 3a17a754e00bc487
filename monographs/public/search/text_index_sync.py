"""Keeps the text index and the used-with links in step with what is public, in the publishing transaction."""

import logging
import uuid
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Lower

from monographs.document.models import BaseDocument
from monographs.document.versions.stored_document import UnknownVersion
from monographs.editions.models import Edition, Publication, PublicationState
from monographs.public.listed_pages import store_listed_page
from monographs.public.models import Passage, UsedWith
from monographs.public.search.text import (
    SEARCHABLE_KINDS,
    IndexedText,
    indexed_texts,
    other_spellings,
    searchable_names,
    used_with_keys,
)

logger = logging.getLogger(__name__)

#: PostgreSQL text search configuration: stems English words and drops stop words.
LANGUAGE = "english"
#: Characters of a section that are indexed; PostgreSQL refuses vectors over 1 MB.
MAX_INDEXED_LENGTH = 200_000
#: Weights of words in the heading, in the text and in the names of the page.
HEADING_WEIGHT, TEXT_WEIGHT, NAMES_WEIGHT = "A", "B", "D"


def update_text_index(sender: Any, instance: Publication, raw: bool = False, **kwargs: Any) -> None:
    """Receiver of ``post_save`` of a publication: index its edition if it is current, else remove it."""
    if instance.state == PublicationState.MOVED:
        return
    store_listed_page(instance.key)
    remove_from_index(instance.key)
    if instance.state == PublicationState.CURRENT:
        index_edition(instance.edition)


def remove_from_index(key: uuid.UUID) -> None:
    """Remove the page with ``key`` from the index."""
    Passage.objects.filter(key=key).delete()
    UsedWith.objects.filter(key=key).delete()


def index_edition(edition: Edition) -> None:
    """Index the text of an edition."""
    if edition.kind not in SEARCHABLE_KINDS:
        return
    document = edition.document
    names = searchable_names(document)
    Passage.objects.bulk_create(
        Passage(edition=edition, key=edition.key, section=text.anchor, words=_vector(text, names))
        for text in indexed_texts(document)
    )
    _link_used_with(edition, document)


def index_missing_editions() -> int:
    """Index the current editions that are not indexed yet, and return their number."""
    current = Publication.objects.filter(state=PublicationState.CURRENT, edition__kind__in=SEARCHABLE_KINDS)
    missing = current.exclude(Exists(Passage.objects.filter(edition=OuterRef("edition"))))
    count = 0
    for publication in missing.select_related("edition").iterator():
        try:
            with transaction.atomic():
                remove_from_index(publication.key)
                index_edition(publication.edition)
        except UnknownVersion as error:  # the newer release that wrote it indexes it
            logger.warning("%s is not indexed: its text is %s", publication.path, error)
            continue
        count += 1
    return count


def _link_used_with(edition: Edition, document: BaseDocument) -> None:
    UsedWith.objects.bulk_create(
        UsedWith(edition=edition, key=edition.key, companion=key, title=Lower(Value(edition.title)))
        for key in used_with_keys(document)
    )


def _vector(text: IndexedText, names: str) -> Any:
    words = text.text[:MAX_INDEXED_LENGTH]
    weighted = (
        (text.heading, HEADING_WEIGHT),
        (f"{words} {other_spellings(words)}".strip(), TEXT_WEIGHT),
        (names, NAMES_WEIGHT),
    )
    first, second, third = (
        SearchVector(Value(value), config=LANGUAGE, weight=weight) for value, weight in weighted
    )
    return first + second + third
