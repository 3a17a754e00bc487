"""Standard texts in the record: editions whose words other texts have, and whether they may be used.

A page has the words of an edition by value, and names it (``standard_texts`` of its document).
"""

import uuid
from collections.abc import Iterable, Sequence

from django.db.models import IntegerField, UUIDField

from monographs.core.compiled_query import CompiledQuery, Parameter
from monographs.document.models import (
    BaseDocument,
    BodyDocument,
    IncludingBodyDocument,
    MonographDocument,
    StandardTextDocument,
    StandardTextUse,
)
from monographs.document.parts import CommonPart, ConditionPart, Part
from monographs.editions.models import Edition, PageKey, Publication, PublicationState, Withdrawal

KIND: str = StandardTextDocument.model_fields["kind"].default

_NUMBERED = CompiledQuery(
    lambda: Edition.objects.filter(
        kind=KIND, key=Parameter("key", UUIDField()), number=Parameter("number", IntegerField())
    )
)


class StandardTextError(ValueError):
    """A standard text is not signed, or is not to be used any more. The message says how to fix it."""


def signed_text(key: PageKey, number: int, sha256: str) -> Edition | None:
    """Return the edition of a standard text with this number and hash; None if nobody signed such a one."""
    edition = _NUMBERED.first(key=uuid.UUID(str(key)), number=number)
    return edition if edition is not None and edition.sha256 == sha256 else None


def current_texts(keys: Iterable[PageKey] | None = None) -> dict[uuid.UUID, Edition]:
    """Return the newest version of each standard text that may be used, or of those with ``keys``."""
    found = Publication.objects.filter(state=PublicationState.CURRENT, edition__kind=KIND)
    if keys is not None:
        found = found.filter(key__in=list(keys))
    return {row.key: row.edition for row in found.select_related("edition").order_by("edition__title", "key")}


def withdrawn_versions(keys: Iterable[PageKey]) -> dict[uuid.UUID, int]:
    """Return, by key, the highest version that must not be used any more; texts without one are left out.

    A withdrawal is of the newest version there was, and of all before it. A later one may be used.
    """
    rows = Withdrawal.objects.filter(key__in=list(keys), edition__kind=KIND)
    found: dict[uuid.UUID, int] = {}
    for key, number in rows.values_list("key", "edition__number"):
        found[key] = max(number, found.get(key, 0))
    return found


def standard_texts_of(document: BaseDocument) -> Sequence[StandardTextUse]:
    """Return the versions of standard texts that a document names; some kinds of documents have none."""
    return document.standard_texts if isinstance(document, MonographDocument | IncludingBodyDocument) else ()


def withdrawn_uses(uses: Sequence[StandardTextUse]) -> list[StandardTextUse]:
    """Return those of ``uses`` that are of withdrawn versions. One query, or none."""
    if not uses:
        return []
    withdrawn = withdrawn_versions(use.key for use in uses)
    return [use for use in uses if use.number <= withdrawn.get(uuid.UUID(use.key), 0)]


def withdrawn_message(use: StandardTextUse) -> str:
    """Return what is wrong with a text that has words of a withdrawn version, and how to fix it."""
    return (
        f"The standard text “{use.title}”, version {use.number}, was withdrawn. Take over a later version, "
        "or choose another standard text or none."
    )


def check_standard_texts(document: BaseDocument) -> None:
    """Raise ``StandardTextError`` unless each standard text that ``document`` names is signed and in use.

    The document must have the words of exactly that version.
    """
    for use in standard_texts_of(document):
        edition = signed_text(use.key, use.number, use.sha256)
        if edition is None or not _has_words(document, edition.document.body):
            raise StandardTextError(
                f"The words of the standard text “{use.title}”, version {use.number}, are not those that "
                "were signed. Choose it again."
            )
    check_texts_in_use(document)


def check_texts_in_use(document: BaseDocument) -> None:
    """Raise ``StandardTextError`` if a standard text in ``document`` was withdrawn. One query, or none."""
    for use in withdrawn_uses(standard_texts_of(document)):
        raise StandardTextError(withdrawn_message(use))


def _has_words(document: BaseDocument, body: Sequence[CommonPart]) -> bool:
    """Whether the parts ``body`` stand one after the other in a body or section, or for one condition."""
    lists: list[Sequence[Part | CommonPart]] = []
    if isinstance(document, BodyDocument):
        lists.append(document.body)
    elif isinstance(document, MonographDocument):
        lists += [section.parts for section in document.sections]
    lists += [part.parts for part in document.all_parts() if isinstance(part, ConditionPart)]
    wanted = list(body)
    return any(
        list(parts[start : start + len(wanted)]) == wanted
        for parts in lists
        for start in range(len(parts) - len(wanted) + 1)
    )
