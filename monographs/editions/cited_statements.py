"""What all citations have in common: the statement of a page that cites something, and how it is found.

A citation is kept beside the text, by the statement's key, so the text and its hash are the same with and
without it. What a statement cites (a passage of a label, a source) is in the models of other packages.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from django.db import models
from rapidfuzz import fuzz

from monographs.document.models import BaseDocument
from monographs.document.page_statements import Statement, statements
from monographs.editions.models import Edition

#: Likeness (of 100) from which a statement is taken for the reworded one that was cited.
_REWORDED = 70.0


class StatementCitation(models.Model):
    """That a statement of a page cites something, as a writer chose it.

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

    @property
    def cited_work(self) -> Hashable:
        """What identifies the label or the source that is cited."""
        raise NotImplementedError

    @property
    def cited(self) -> Hashable:
        """What identifies the passage or the source that is cited."""
        return self.cited_work

    @property
    def cited_words(self) -> str:
        """The name of what is cited, for people."""
        raise NotImplementedError


C = TypeVar("C", bound=StatementCitation)


@dataclass(frozen=True, slots=True)
class CitedStatement(Generic[C]):
    """A statement with its citations.

    ``former`` are citations of the words that it had before, or of its former place. ``reworded``: it has no
    others, so they count for it.
    """

    statement: Statement
    citations: tuple[C, ...]
    reworded: bool = False
    former: tuple[C, ...] = ()


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
    its own: the likest new statement of the section has them, or the same words in another section.
    """
    return _follow(document, citations, edition)[0] if citations else []


def lost_citations(
    document: BaseDocument, citations: Sequence[C], edition: Edition | None
) -> list[tuple[C, ...]]:
    """Return the citations, by statement, that no statement of a draft has: it is gone or says another thing.

    They are those that count for ``edition``, or were made since.
    """
    return _follow(document, citations, edition)[1] if citations else []


def _follow(
    document: BaseDocument, citations: Sequence[C], edition: Edition | None
) -> tuple[list[CitedStatement[C]], list[tuple[C, ...]]]:
    """Return the cited statements of a draft, and the citations of statements that it does not have."""
    present = {each.key: each for each in statements(document)}
    published = {each.key for each in statements(edition.document)} if edition else set()
    by_statement = _by_statement(citations)
    found = {key: CitedStatement(present[key], by_statement[key]) for key in by_statement if key in present}
    adrift = {
        key: group
        for key, group in by_statement.items()
        if key not in present
        and (edition is None or key in published or any(each.at > edition.created_at for each in group))
    }
    new = {key: each for key, each in present.items() if key not in published}
    pairs = _likest_first(adrift, new)
    for takes_over in (_is_free, _cites_the_same):
        for old, key in pairs:
            if old in adrift and takes_over(found.get(key), adrift[old]):
                found[key] = _with_former(
                    found.get(key) or CitedStatement(new[key], (), True), adrift.pop(old)
                )
    return [found[key] for key in present if key in found], list(adrift.values())


def _is_free(cited: CitedStatement[Any] | None, _former: tuple[Any, ...]) -> bool:
    return cited is None


def _cites_the_same(cited: CitedStatement[Any] | None, former: tuple[Any, ...]) -> bool:
    """Whether a statement has citations of its own since it was reworded, which lack nothing of what it had.

    Or whether it was made of several statements that cited the same.
    """
    if cited is None:
        return False
    own, had = ({each.cited_work for each in of} for of in (cited.citations, former))
    return not own.isdisjoint(had) if cited.reworded else had <= own


def _with_former(cited: CitedStatement[C], former: tuple[C, ...]) -> CitedStatement[C]:
    """Return a statement with citations of former words, which count for it if it has none of its own."""
    known = {each.cited for each in cited.citations}
    added = tuple(each for each in former if each.cited not in known) if cited.reworded else ()
    return replace(cited, citations=cited.citations + added, former=cited.former + former)


def _by_statement(citations: Iterable[C]) -> dict[str, tuple[C, ...]]:
    grouped: dict[str, tuple[C, ...]] = {}
    for citation in citations:
        grouped[citation.statement] = (*grouped.get(citation.statement, ()), citation)
    return grouped


def _likest_first(adrift: Mapping[str, tuple[C, ...]], new: Mapping[str, Statement]) -> list[tuple[str, str]]:
    """Return pairs of a former statement and one of a draft that may be the same, the likest first."""
    pairs = [
        (_likeness(group[0], statement), old, key)
        for old, group in adrift.items()
        for key, statement in new.items()
    ]
    return [(old, key) for score, old, key in sorted(pairs, key=lambda pair: -pair[0]) if score]


def _likeness(former: StatementCitation, statement: Statement) -> float:
    if former.section != statement.section:
        return 100.0 if former.words.split() == statement.words.split() else 0.0
    return fuzz.ratio(former.words, statement.words, score_cutoff=_REWORDED)
