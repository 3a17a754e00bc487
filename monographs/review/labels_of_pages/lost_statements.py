"""Cited statements that a text does not have any more, as writers and reviewers are shown them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from monographs.document.models import BaseDocument
from monographs.document.page_statements import statements
from monographs.editions.cited_statements import StatementCitation, lost_citations
from monographs.editions.models import Edition
from monographs.review.models import SetAsideDraft, SetAsideStatus


@dataclass(frozen=True, slots=True)
class LostStatement:
    """The words of a cited statement that a text does not have any more, and what it cited."""

    words: str
    cited: tuple[str, ...]


def lost_statements(
    key: UUID,
    document: BaseDocument,
    edition: Edition | None,
    citations: Sequence[Sequence[StatementCitation]],
) -> dict[str, list[LostStatement]]:
    """Return the cited statements that ``document`` lacks, by section; one query if there is any.

    ``citations`` are those of labels and those of sources that stand. Statements of a draft set aside are
    not lost.
    """
    groups = [group for of in citations for group in lost_citations(document, of, edition)]
    if groups and SetAsideDraft.objects.filter(key=key, status=SetAsideStatus.OPEN).exists():
        published = {each.key for each in statements(edition.document)} if edition else set()
        groups = [group for group in groups if group[0].statement in published]
    cited: dict[tuple[str, str], dict[str, None]] = {}
    for each in (citation for group in groups for citation in group):
        cited.setdefault((each.section, each.words), {})[each.cited_words] = None
    found: dict[str, list[LostStatement]] = {}
    for (section, words), names in cited.items():
        found.setdefault(section, []).append(LostStatement(words, tuple(names)))
    return found
