"""The rows of the list of standard texts, and how many medicines have an older version of each."""

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from monographs.editions.models import Edition
from monographs.editions.standard_texts import current_texts, withdrawn_versions
from monographs.models import StandardTextPage
from monographs.review.models import DraftStandardText
from monographs.review.replacement.where_used import public_text_versions


@dataclass(slots=True)
class StandardTextRow:
    """A standard text: its newest usable version, the medicines that use it, and those with other words."""

    page: StandardTextPage
    newest: Edition | None
    withdrawn: int = 0
    using: set[UUID] = field(default_factory=set)
    older: set[UUID] = field(default_factory=set)


def standard_text_rows() -> list[StandardTextRow]:
    """Return all standard texts by name, in a fixed number of queries."""
    newest = current_texts()
    pages = StandardTextPage.objects.filter(alias_of=None).order_by("draft_title", "pk")
    withdrawn = withdrawn_versions(page.translation_key for page in pages)
    rows = {
        str(page.translation_key): StandardTextRow(
            page, newest.get(page.translation_key), withdrawn.get(page.translation_key, 0)
        )
        for page in pages
    }
    for using, hashes in _uses().items():
        for key, found in hashes.items():
            if row := rows.get(key):
                row.using.add(using)
                if row.newest and found - {row.newest.sha256}:
                    row.older.add(using)
    return list(rows.values())


def _uses() -> dict[UUID, dict[str, set[str]]]:
    """Return, by medicine and text, the hashes of the versions that patients read or its draft has."""
    found: dict[UUID, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for using, _, version in public_text_versions():
        found[using][version.key].add(version.sha256)
    for using, text, sha256 in DraftStandardText.objects.values_list("key", "text", "sha256"):
        found[using][str(text)].add(sha256)
    return found
