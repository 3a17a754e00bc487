"""The sources of the library that statements cite, as the editor and the review screen show them."""

from collections.abc import Iterable
from dataclasses import dataclass

from monographs.document.models import BaseDocument, MonographDocument
from monographs.document.page_statements import Statement
from monographs.editions.cited_statements import CitedStatement
from monographs.rules.source_faults import SourceFault, SourceFaultKind, source_faults
from monographs.source_library.models import LibrarySource, SourceCitation, digest_of_source


@dataclass(frozen=True, slots=True)
class CitedSource:
    """A source that a statement cites, and what is wrong with it.

    ``is_listed``: the section names it, so patients read it there. ``newest`` is what superseded it.
    """

    citation: SourceCitation
    faults: tuple[SourceFault, ...]
    is_listed: bool
    newest: LibrarySource | None

    @property
    def source(self) -> LibrarySource:
        """The source, as the library has it now."""
        return self.citation.source


@dataclass(frozen=True, slots=True)
class StatementSources:
    """A statement with its sources; ``reworded`` and ``former`` as in ``CitedStatement``."""

    statement: Statement
    sources: tuple[CitedSource, ...] = ()
    reworded: bool = False
    former: tuple[SourceCitation, ...] = ()

    @property
    def faulty(self) -> list[CitedSource]:
        """The sources with which something is wrong."""
        return [each for each in self.sources if each.faults]


def sources_of_statements(
    found: Iterable[CitedStatement[SourceCitation]], document: BaseDocument
) -> dict[str, StatementSources]:
    """Return the sources that statements of ``document`` cite, by their keys; four queries if any does."""
    cited = list(found)
    sources = {each.source_id: each.source for of in cited for each in of.citations}
    faults = source_faults(sources.values()) if sources else {}
    listed = _listed(document)
    return {
        each.statement.key: StatementSources(
            each.statement,
            tuple(
                CitedSource(
                    citation,
                    tuple(faults[citation.source_id]),
                    citation.source.digest in listed.get(each.statement.section, ()),
                    _newest(citation.source, faults[citation.source_id]),
                )
                for citation in each.citations
            ),
            each.reworded,
            each.former,
        )
        for each in cited
    }


def _newest(source: LibrarySource, faults: Iterable[SourceFault]) -> LibrarySource | None:
    superseded = any(each.kind is SourceFaultKind.SUPERSEDED for each in faults)
    newest = source.later()[-1] if superseded else None
    return newest if newest and not newest.gone_since else None


def _listed(document: BaseDocument) -> dict[str, set[str]]:
    """Return the hashes of the sources that each section names, by the value of its ``SectionType``."""
    if not isinstance(document, MonographDocument):
        return {}
    digests = {
        each.number: digest_of_source(each.title, each.publisher, each.address) for each in document.sources
    }
    return {
        section.type.value: {digests[number] for number in section.sources if number in digests}
        for section in document.sections
    }
