"""What a section's statements cite, as the editor and the review screen show it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monographs.document.page_statements import Statement
from monographs.label_watch.citations import ChangedSentence, ComparedStatement, passages_by_key
from monographs.label_watch.models import Citation
from monographs.review.labels_of_pages.cited_sources import CitedSource, StatementSources
from monographs.review.labels_of_pages.lost_statements import LostStatement


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """A citation with the sentence that it names, and the heading of the label's section."""

    citation: Citation
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement with its cited passages and sources.

    ``changed`` are the sentences among the passages that the label changed since. ``former`` are the words
    with which it was cited, if it was ``reworded`` since.
    """

    statement: Statement
    passages: tuple[CitedPassage, ...]
    changed: tuple[ChangedSentence, ...]
    reworded: bool
    sources: tuple[CitedSource, ...] = ()
    former: tuple[str, ...] = ()

    @property
    def faulty(self) -> list[CitedSource]:
        """The sources with which something is wrong."""
        return [each for each in self.sources if each.faults]


@dataclass(frozen=True, slots=True)
class SectionCitations:
    """The statements of one section: those that cite a label or a source, and the others.

    ``lost`` are cited ones of the edition before, or of the draft, that the text does not have any more.
    """

    rows: tuple[StatementRow, ...] = ()
    uncited: tuple[Statement, ...] = ()
    lost: tuple[LostStatement, ...] = ()

    @property
    def changed(self) -> list[StatementRow]:
        """The statements that cite a sentence which changed."""
        return [row for row in self.rows if row.changed]

    @property
    def faulty(self) -> list[StatementRow]:
        """The statements that cite a source with which something is wrong."""
        return [row for row in self.rows if row.faulty]

    @property
    def reworded(self) -> list[StatementRow]:
        """The statements whose words changed since they were cited."""
        return [row for row in self.rows if row.reworded]

    @property
    def is_unfolded(self) -> bool:
        """Whether something about them has to be looked at."""
        return bool(self.changed or self.faulty or self.reworded or self.lost)

    @property
    def total(self) -> int:
        """The number of its statements."""
        return len(self.rows) + len(self.uncited)


def statement_row(passages: ComparedStatement, sources: StatementSources | None = None) -> StatementRow:
    """Return a statement with its sources and its sentences, which are read from the stored labels."""
    former = [*passages.former, *(sources.former if sources else ())]
    return StatementRow(
        passages.statement,
        tuple(map(_cited, passages.citations)),
        passages.changed,
        passages.reworded or (sources is not None and sources.reworded),
        sources.sources if sources else (),
        tuple(dict.fromkeys(each.words for each in former)),
    )


def _cited(citation: Citation) -> CitedPassage:
    passage = passages_by_key(citation.label).get(citation.passage)
    return CitedPassage(citation, passage.heading if passage else "", passage.text if passage else "")


def citations_by_section(
    compared: Iterable[ComparedStatement],
    sources: Mapping[str, StatementSources],
    statements: Iterable[Statement],
    lost: Mapping[str, Sequence[LostStatement]] | None = None,
) -> dict[str, SectionCitations]:
    """Return what the ``statements`` of a text cite, by section and in order, also those without citation.

    ``sources`` are by the statement's key, ``lost`` are statements that the text lacks, by section.
    """
    passages = {each.statement.key: each for each in compared}
    rows: dict[str, list[StatementRow]] = {}
    uncited: dict[str, list[Statement]] = {}
    for statement in statements:
        key = statement.key
        if key in passages or key in sources:
            row = statement_row(passages.get(key) or ComparedStatement(statement, ()), sources.get(key))
            rows.setdefault(statement.section, []).append(row)
        else:
            uncited.setdefault(statement.section, []).append(statement)
    gone = lost or {}
    return {
        name: SectionCitations(
            tuple(rows.get(name, ())), tuple(uncited.get(name, ())), tuple(gone.get(name, ()))
        )
        for name in dict.fromkeys([*rows, *uncited, *gone])
    }
