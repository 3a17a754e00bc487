"""Citations of labels and sources in a draft: who may change them, what is offered and replaced."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.models import User

from monographs.accounts.actors import contributor_of
from monographs.document.models import BaseDocument, MonographDocument
from monographs.document.page_statements import Statement, statements
from monographs.editions.cited_statements import CitedStatement, cited_in_draft
from monographs.editions.models import Edition
from monographs.label_watch.citations import (
    ComparedStatement,
    cite,
    compared_statements,
    keep_citations,
    passages_by_key,
    remove_citations,
    standing_citations,
)
from monographs.label_watch.label_tasks import answered_bases
from monographs.label_watch.models import Citation, FollowedLabel, LabelVersion
from monographs.label_watch.storage import newest_stored
from monographs.labels.spl import SET_ID
from monographs.models import ReviewedPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.labels_of_pages.cited_sources import StatementSources, sources_of_statements
from monographs.review.labels_of_pages.lost_statements import lost_statements
from monographs.review.labels_of_pages.section_citations import (
    SectionCitations,
    StatementRow,
    citations_by_section,
    statement_row,
)
from monographs.source_library.models import LibrarySource, SourceCitation
from monographs.source_library.source_citations import (
    cite_source,
    keep_source_citations,
    remove_source_citations,
    standing_source_citations,
)


@dataclass
class DraftCitations:
    """A draft with the labels that it follows and what its statements cite. ``edition`` is the newest."""

    page: ReviewedPage
    document: BaseDocument
    edition: Edition | None

    @cached_property
    def labels(self) -> list[LabelVersion]:
        """The newest stored version of each label that the draft names or follows."""
        if not isinstance(self.document, MonographDocument):
            return []
        named = self.document.identifiers.label_set_id.lower()
        followed = FollowedLabel.objects.filter(key=self.page.translation_key).values_list(
            "set_id", flat=True
        )
        found = map(newest_stored, dict.fromkeys(filter(SET_ID.fullmatch, (named, *followed))))
        return [label for label in found if label is not None]

    @cached_property
    def statements(self) -> dict[str, Statement]:
        """The statements of the draft by their keys."""
        return {each.key: each for each in statements(self.document)}

    @cached_property
    def citing_labels(self) -> list[ComparedStatement]:
        """The statements that cite a label, with the sentences that changed since."""
        if not isinstance(self.document, MonographDocument):
            return []
        cited = cited_in_draft(self.document, self._standing_passages, self.edition)
        return compared_statements(cited, answered_bases(self.page.translation_key)) if cited else []

    @cached_property
    def citing_sources(self) -> list[CitedStatement[SourceCitation]]:
        """The statements that cite sources of the library."""
        if not isinstance(self.document, MonographDocument):
            return []
        return cited_in_draft(self.document, self._standing_sources, self.edition)

    @cached_property
    def _standing_passages(self) -> list[Citation]:
        return standing_citations(self.page.translation_key)

    @cached_property
    def _standing_sources(self) -> list[SourceCitation]:
        return standing_source_citations(self.page.translation_key)

    @cached_property
    def sources(self) -> dict[str, StatementSources]:
        """The cited sources by the statement's key."""
        return sources_of_statements(self.citing_sources, self.document)

    def sections(self) -> dict[str, SectionCitations]:
        """Return what the editor shows by section; nothing for a page that cites nothing."""
        if not isinstance(self.document, MonographDocument):
            return {}
        standing = (self._standing_passages, self._standing_sources)
        lost = lost_statements(self.page.translation_key, self.document, self.edition, standing)
        return citations_by_section(self.citing_labels, self.sources, self.statements.values(), lost)

    def of_statement(self, key: str) -> ComparedStatement:
        """Return a statement of the draft with its passages. Raises ``PolicyError`` if it is gone."""
        if key not in self.statements:
            raise PolicyError(
                Rule.NOT_ALLOWED_HERE,
                "The text has changed meanwhile, so this statement is not in it any more. Choose it again.",
            )
        found = next((each for each in self.citing_labels if each.statement.key == key), None)
        return found or ComparedStatement(self.statements[key], ())

    def source_citations_of(self, key: str) -> tuple[SourceCitation, ...]:
        """Return the citations of sources of a statement of the draft."""
        return next((each.citations for each in self.citing_sources if each.statement.key == key), ())

    def former_source_citations_of(self, key: str) -> tuple[SourceCitation, ...]:
        """Return those of its former words."""
        return next((each.former for each in self.citing_sources if each.statement.key == key), ())

    def row_of_statement(self, key: str) -> StatementRow:
        """Return a statement of the draft with all that it cites. Raises ``PolicyError`` if it is gone."""
        return statement_row(self.of_statement(key), self.sources.get(key))


def cite_passage(user: User, draft: DraftCitations, statement: str, label: str, passage: str) -> None:
    """Cite a passage of the newest version of a followed label for a statement of a draft.

    ``label`` is the hash of that version. What the statement cited and the label changed since is
    replaced. Raises ``PolicyError``.
    """
    _check_may_cite(user, draft.page)
    cited = draft.of_statement(statement)
    version = next((each for each in draft.labels if each.sha256 == label), None)
    chosen = passages_by_key(version).get(passage) if version else None
    if version is None or chosen is None:
        raise PolicyError(
            Rule.STALE, "The label has a newer version than the one you chose from. Choose the passage again."
        )
    key = draft.page.translation_key
    replaced = {each.citation.pk for each in cited.changed}
    if cited.reworded:
        kept = [each for each in cited.citations if each.pk not in replaced]
        keep_citations(key, cited.statement, kept)
    else:
        remove_citations([each for each in cited.citations if each.pk in replaced], contributor_of(user))
    cite(key, cited.statement, version, chosen, contributor_of(user))


def remove_citation(user: User, draft: DraftCitations, statement: str, passages: Sequence[str]) -> None:
    """Remove citations of passages from a statement of a draft. Raises ``PolicyError``."""
    _check_may_cite(user, draft.page)
    cited = draft.of_statement(statement)
    found = {*cited.citations, *cited.former}
    remove_citations([each for each in found if each.passage in passages], contributor_of(user))


def choose_source(user: User, draft: DraftCitations, statement: str, source: int, replaces: int = 0) -> None:
    """Cite a source of the library for a statement of a draft, in place of the source ``replaces`` if given.

    Both are primary keys. Raises ``PolicyError``.
    """
    _check_may_cite(user, draft.page)
    chosen = LibrarySource.objects.filter(pk=source).first()
    if chosen is None:
        raise PolicyError(Rule.STALE, "The library does not have this source any more. Choose another one.")
    cited, key, person = draft.of_statement(statement), draft.page.translation_key, contributor_of(user)
    found = draft.source_citations_of(statement)
    if any(each.statement != statement for each in found):  # of its former words
        keep_source_citations(key, cited.statement, [each for each in found if each.source_id != replaces])
    remove_source_citations([each for each in found if each.source_id == replaces], person)
    cite_source(key, cited.statement, chosen, person)


def remove_source(user: User, draft: DraftCitations, statement: str, source: int) -> None:
    """Remove the citation of a source from a statement of a draft. Raises ``PolicyError``."""
    _check_may_cite(user, draft.page)
    found = {*draft.source_citations_of(statement), *draft.former_source_citations_of(statement)}
    remove_source_citations([each for each in found if each.source_id == source], contributor_of(user))


def _check_may_cite(user: User, page: ReviewedPage) -> None:
    if not user.is_active or not page.pk or not page.permissions_for_user(user).can_edit():
        raise PolicyError(
            Rule.NOT_ALLOWED_HERE, "Only those who may edit this page say what its statements rest on."
        )
    if page.is_frozen:
        raise PolicyError(
            Rule.NOT_ALLOWED_HERE,
            "This page is in review, or signed and scheduled. Recall it to change what it rests on.",
        )
