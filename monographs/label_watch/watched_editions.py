"""Rows of what public texts rest on and cite, kept in step with publications and citations.

Reports at thousands of pages read these small rows, no text. They are stored in the transaction that
publishes or cites; a migration, or a release before this one, may leave some out, which
``watch_missing_editions`` adds.
"""

import logging
from collections import Counter, defaultdict
from typing import Any

from django.db import transaction
from django.db.models import F

from monographs.document.models import MonographDocument
from monographs.document.page_statements import statements
from monographs.document.versions.stored_document import UnknownVersion
from monographs.editions.models import Edition, Publication, PublicationState
from monographs.label_watch.citations import standing_when_made
from monographs.label_watch.followed_labels import is_number
from monographs.label_watch.models import Citation, WatchedEdition
from monographs.label_watch.rested_versions import store_missing_rested_versions, store_rested_versions
from monographs.labels.spl import SET_ID

logger = logging.getLogger(__name__)


def follow_publication(sender: Any, instance: Publication, **kwargs: Any) -> None:
    """Receiver of ``post_save`` of a publication: store what its edition rests on, or remove it."""
    if instance.state == PublicationState.CURRENT:
        watch_edition(instance.edition)
    elif instance.state == PublicationState.WITHDRAWN:
        WatchedEdition.objects.filter(key=instance.key).delete()
        store_rested_versions([instance.key])


def follow_citation(sender: Any, instance: Citation, **kwargs: Any) -> None:
    """Receiver of ``post_save`` of a citation: count the citations of the text that patients read anew."""
    with transaction.atomic():
        watched = WatchedEdition.objects.select_for_update().filter(key=instance.key)
        row = watched.select_related("edition").defer("edition__canonical").first()
        if row and instance.statement in row.statement_keys:
            _count_citations(row)
            row.save(update_fields=["citing", "cited"])
            store_rested_versions([row.key])


def watch_edition(edition: Edition) -> None:
    """Store what an edition that became current rests on, and how many statements it has."""
    if edition.kind != "monograph":
        return
    document: MonographDocument = edition.document
    set_id, version = document.identifiers.label_set_id.lower(), document.identifiers.label_version
    keys = [each.key for each in statements(document)]
    row = WatchedEdition(
        key=edition.key,
        edition=edition,
        set_id=set_id if SET_ID.fullmatch(set_id) else "",
        version=int(version) if is_number(version) else None,
        statement_keys=keys,
        statements=len(keys),
    )
    with transaction.atomic():
        WatchedEdition.objects.select_for_update().filter(key=edition.key).first()
        _count_citations(row)
        row.save()
        store_rested_versions([row.key])


def watch_missing_editions() -> int:
    """Store the rows of current editions that have none, and remove those of others.

    Those of the versions that they rest on, too. Returns how many editions it stored.
    """
    current = Publication.objects.filter(state=PublicationState.CURRENT, edition__kind="monograph")
    WatchedEdition.objects.exclude(key__in=current.values("key")).delete()
    known = WatchedEdition.objects.filter(edition=F("edition"))
    missing = current.exclude(edition__in=known.values("edition"))
    count = 0
    for publication in missing.select_related("edition").iterator(chunk_size=50):
        try:
            watch_edition(publication.edition)
        except UnknownVersion as error:  # the newer release that wrote it counts it
            logger.warning("The statements of %s are not counted: its text is %s", publication.path, error)
            continue
        count += 1
    store_missing_rested_versions()
    return count


def _count_citations(row: WatchedEdition) -> None:
    """Set how many statements of an edition cite a label, and each version of it."""
    found = (
        Citation.objects.filter(
            standing_when_made(row.edition), key=row.key, statement__in=row.statement_keys
        )
        .order_by()
        .values_list("statement", "label__set_id", "label__version")
        .distinct()
    )
    statements_of: defaultdict[str, set[str]] = defaultdict(set)
    versions_of: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for statement, set_id, version in found:
        statements_of[set_id].add(statement)
        versions_of[set_id][str(version)] += 1
    row.citing = len(set().union(*statements_of.values()))
    row.cited = {
        set_id: {"statements": len(citing), "versions": versions_of[set_id]}
        for set_id, citing in statements_of.items()
    }
