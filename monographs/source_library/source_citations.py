"""Citations of sources: which statements of a page cite which sources of the library, and in which texts.

As with passages of labels, a citation counts from then on for every text of the page that has the statement,
and a removed one for the edition that patients read until the next.
"""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from monographs.core.db_clock import database_now
from monographs.document.models import BaseDocument
from monographs.document.page_statements import Statement, statements
from monographs.editions.cited_statements import cited_in_draft, cited_statements
from monographs.editions.models import Edition, Publication
from monographs.editions.person import Person
from monographs.editions.queries import public_edition
from monographs.source_library.models import LibrarySource, SourceCitation

#: The condition that a citation counts for a draft, or for the edition that patients read.
COUNTING = Q(in_draft=True) | Q(edition__isnull=False)


def standing_source_citations(key: uuid.UUID) -> list[SourceCitation]:
    """Return the citations of a page that were not removed, with their sources. One query."""
    rows = SourceCitation.objects.filter(removed_at=None, key=key)
    return list(rows.select_related("source__superseded_by"))


def cite_source(
    key: uuid.UUID, statement: Statement, source: LibrarySource, person: Person
) -> SourceCitation:
    """Store that a statement of a page cites ``source``; calling it twice stores one row."""
    return _store(key, statement, [(source, person.as_record())])[0]


def keep_source_citations(key: uuid.UUID, statement: Statement, citations: Iterable[SourceCitation]) -> None:
    """Store the citations of a statement's former words for the reworded statement."""
    _store(key, statement, [(each.source, each.person) for each in citations])


def _store(
    key: uuid.UUID, statement: Statement, cited: Iterable[tuple[LibrarySource, dict[str, Any]]]
) -> list[SourceCitation]:
    edition = public_edition(key)
    is_public = edition is not None and statement.key in {each.key for each in statements(edition.document)}
    facts = {
        "section": statement.section,
        "words": statement.words,
        "at": database_now(),
        "edition": edition if is_public else None,
    }
    return [
        SourceCitation.objects.update_or_create(
            key=key,
            statement=statement.key,
            source=source,
            removed_at=None,
            defaults={"in_draft": True},
            create_defaults={**facts, "person": person},
        )[0]
        for source, person in cited
    ]


def remove_source_citations(citations: Iterable[SourceCitation], person: Person) -> None:
    """Remove citations: from drafts at once, from the edition that patients read with the next one."""
    rows = SourceCitation.objects.filter(pk__in=[each.pk for each in citations], removed_at=None)
    rows.update(removed_at=database_now(), removed_by=person.as_record(), in_draft=False)


def settle_source_citations(
    document: BaseDocument, key: uuid.UUID, edition: Edition | None
) -> list[dict[str, Any]]:
    """Give the reworded statements of a text to be submitted citations of their own.

    Returns what the ledger says of its citations: statement, and the source as the library has it then.
    """
    standing = standing_source_citations(key)
    reworded = [each for each in cited_in_draft(document, standing, edition) if each.reworded]
    for each in reworded:
        keep_source_citations(key, each.statement, each.citations)
    if reworded:
        standing = standing_source_citations(key)
    settled = [each for cited in cited_statements(document, standing) for each in cited.citations]
    # A correction that was published meanwhile did not have the statements of a draft set aside
    back = [each.pk for each in settled if not each.in_draft]
    if back:
        SourceCitation.objects.filter(pk__in=back).update(in_draft=True)
    return [each.as_record() for each in settled]


def follow_edition(edition: Edition) -> None:
    """Store which citations count for an edition that became current. A query if the page has none."""
    rows = list(SourceCitation.objects.filter(COUNTING | Q(removed_at=None), key=edition.key))
    present = {each.key for each in statements(edition.document)} if rows else set()
    changed = []
    for row in rows:
        stands = row.removed_at is None and row.statement in present
        # A restored edition has the citations that stand on that day
        if (row.in_draft, row.edition_id) != (stands, edition.pk if stands else None):
            row.in_draft, row.edition = stands, edition if stands else None
            changed.append(row)
    if changed:
        SourceCitation.objects.bulk_update(changed, ["in_draft", "edition"])


def citations_behind(current: QuerySet[Publication]) -> QuerySet[Publication]:
    """Return the current publications whose citations an earlier release left at an older edition."""
    rows = SourceCitation.objects.filter(
        COUNTING, key=OuterRef("key"), at__lt=OuterRef("edition__created_at")
    )
    return current.filter(Exists(rows.exclude(edition=OuterRef("edition"))))


def forget_edition(key: uuid.UUID) -> None:
    """Store that patients read no edition of a page any more."""
    SourceCitation.objects.filter(key=key, edition__isnull=False).update(edition=None)


def public_citations(source: LibrarySource | None = None) -> QuerySet[SourceCitation]:
    """Return the citations that count for editions that patients read, of all sources by default."""
    found = SourceCitation.objects.filter(edition__isnull=False)
    return found if source is None else found.filter(source=source)
