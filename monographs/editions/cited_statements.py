"""What all citations have in common: the statement of a page that rests on something, and how it is found.

A citation is kept beside the text, by the statement's key, so the text and its hash are the same with and
without it. What a statement rests on (a passage of a label, a source) is in the models of other packages.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import models
from rapidfuzz import fuzz, process

from monographs.document.models import BaseDocument
from monographs.document.page_statements import Statement, statements
from monographs.editions.models import Edition

#: Likeness (of 100) from which a statement is taken for the reworded one that was cited.
_REWORDED = 70.0


class StatementCitation(models.Model):
    """That a statement of a page rests on something, as a writer chose it.

    It counts for every text of the page that has the statement (``Statement.key``) from then on; a citation
    that was removed counts for the edition that patients read by then, until the next one.
    """

    key = models.UUIDField("page")
    statement = models.CharField("statement's key", max_length=64)
    section = models.CharField(max_length=40)
    #: The statement's words when it was cited, by which it is found again after it was reworded.
    words = models.TextField()
    person = models.JSONField()
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    removed_by = models.JSONField(null=True)

    class Meta:
        abstract = True


C = TypeVar("C", bound=StatementCitation)


@dataclass(frozen=True, slots=True)
class CitedStatement(Generic[C]):
    """A statement with its citations. ``reworded``: its words were others when it was cited."""

    statement: Statement
    citations: tuple[C, ...]
    reworded: bool = False


def cited_statements(document: BaseDocument, citations: Iterable[C]) -> list[CitedStatement[C]]:
    """Return the statements of a text that have citations, in reading order."""
    by_statement = _by_statement(citations)
    present = statements(document) if by_statement else []
    return [
        CitedStatement(each, tuple(by_statement[each.key])) for each in present if each.key in by_statement
    ]


def cited_in_draft(
    document: BaseDocument, citations: Sequence[C], edition: Edition | None
) -> list[CitedStatement[C]]:
    """Return the statements of a draft that have citations, in reading order.

    A statement whose words changed since ``edition``, the page's newest, keeps its citations until it has
    its own: the likest new statement of the section has them.
    """
    found = {each.statement.key: each for each in cited_statements(document, citations)}
    present = {each.key: each for each in statements(document)} if citations else {}
    published = {each.key for each in statements(edition.document)} if edition and citations else set()
    free = {key: each for key, each in present.items() if key not in found and key not in published}
    for key, adrift in _by_statement(citations).items():
        since = edition is None or any(each.at > edition.created_at for each in adrift)
        if key not in present and (since or key in published):
            likest = _likest(adrift[0], free)
            if likest:
                found[likest] = CitedStatement(free.pop(likest), tuple(adrift), reworded=True)
    return [found[key] for key in present if key in found]


def _by_statement(citations: Iterable[C]) -> dict[str, list[C]]:
    grouped: dict[str, list[C]] = {}
    for citation in citations:
        grouped.setdefault(citation.statement, []).append(citation)
    return grouped


def _likest(citation: StatementCitation, free: dict[str, Statement]) -> str:
    choices = {key: each.words for key, each in free.items() if each.section == citation.section}
    match = process.extractOne(citation.words, choices, scorer=fuzz.ratio, score_cutoff=_REWORDED)
    return match[2] if match else ""
