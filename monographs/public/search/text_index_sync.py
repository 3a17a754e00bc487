"""Keeps the text index and the used-with links in step with what is public, in the publishing transaction."""

import logging
import uuid
from typing import Any

from django.db import connection, transaction
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

_REMOVE = """
WITH gone AS (DELETE FROM reading_passage WHERE key = %(key)s)
DELETE FROM reading_usedwith WHERE key = %(key)s
"""
#: The words of the names are the same for all sections of a page, so they are found once.
_INSERT = f"""
INSERT INTO reading_passage (edition_id, key, section, words)
SELECT %(edition)s, %(key)s, section,
    setweight(to_tsvector('{LANGUAGE}', heading), '{HEADING_WEIGHT}')
    || setweight(to_tsvector('{LANGUAGE}', words), '{TEXT_WEIGHT}')
    || (SELECT setweight(to_tsvector('{LANGUAGE}', %(names)s), '{NAMES_WEIGHT}'))
FROM unnest(%(sections)s::text[], %(headings)s::text[], %(texts)s::text[]) AS t (section, heading, words)
"""  # noqa: S608  # the constants above


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
    with connection.cursor() as cursor:
        cursor.execute(_REMOVE, {"key": key})


def index_edition(edition: Edition) -> None:
    """Index the text of an edition."""
    if edition.kind not in SEARCHABLE_KINDS:
        return
    document = edition.document
    texts = list(indexed_texts(document))
    parameters: dict[str, Any] = {
        "edition": edition.pk,
        "key": edition.key,
        "sections": [text.anchor for text in texts],
        "headings": [text.heading for text in texts],
        "texts": [_indexed_words(text) for text in texts],
        "names": searchable_names(document),
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, parameters)
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


def _indexed_words(text: IndexedText) -> str:
    words = text.text[:MAX_INDEXED_LENGTH]
    return f"{words} {other_spellings(words)}".strip()
