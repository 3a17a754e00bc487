"""What a section's statements rest on, as the editor and the review screen show it."""

from collections.abc import Iterable
from dataclasses import dataclass

from monographs.document.page_statements import Statement
from monographs.label_watch.citations import ChangedSentence, RestingStatement, passages_by_key
from monographs.label_watch.models import Citation


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """A citation with the sentence that it names, and the heading of the label's section."""

    citation: Citation
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class RestingRow:
    """A statement with its cited passages, and the sentences among them that the label changed since."""

    statement: Statement
    passages: tuple[CitedPassage, ...]
    changed: tuple[ChangedSentence, ...]
    reworded: bool


@dataclass(frozen=True, slots=True)
class RestingSection:
    """The statements of one section: those that rest on a label, and the others."""

    rows: tuple[RestingRow, ...] = ()
    uncited: tuple[Statement, ...] = ()

    @property
    def changed(self) -> list[RestingRow]:
        """The statements that rest on a sentence which changed."""
        return [row for row in self.rows if row.changed]

    @property
    def total(self) -> int:
        """The number of its statements."""
        return len(self.rows) + len(self.uncited)


def resting_row(resting: RestingStatement) -> RestingRow:
    """Return a statement with the sentences that it rests on, read from the stored labels."""
    passages = tuple(map(_cited, resting.citations))
    return RestingRow(resting.statement, passages, resting.changed, resting.reworded)


def _cited(citation: Citation) -> CitedPassage:
    passage = passages_by_key(citation.label).get(citation.passage)
    return CitedPassage(citation, passage.heading if passage else "", passage.text if passage else "")


def resting_sections(
    resting: Iterable[RestingStatement], others: Iterable[Statement] = ()
) -> dict[str, RestingSection]:
    """Return what rests on a label by section; with ``others``, also the statements without a citation."""
    rows: dict[str, list[RestingRow]] = {}
    uncited: dict[str, list[Statement]] = {}
    cited = set()
    for each in resting:
        cited.add(each.statement.key)
        rows.setdefault(each.statement.section, []).append(resting_row(each))
    for statement in others:
        if statement.key not in cited:
            uncited.setdefault(statement.section, []).append(statement)
    return {
        name: RestingSection(tuple(rows.get(name, ())), tuple(uncited.get(name, ())))
        for name in dict.fromkeys([*rows, *uncited])
    }
