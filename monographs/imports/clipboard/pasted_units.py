"""Paragraphs, headings, items and tables in reading order, before they become blocks."""

from dataclasses import dataclass, field

from monographs.imports.clipboard.list_marks import ListMark
from monographs.imports.clipboard.runs import StyledRun


@dataclass(slots=True)
class PasteNotice:
    """A difference that the reader saw: the kind of a remark, its message and the words."""

    message: str
    quote: str = ""
    omitted: bool = False


@dataclass(slots=True)
class PastedUnit:
    """A paragraph, a heading of ``level``, or an item with a ``mark``; it may continue the item before it."""

    runs: list[StyledRun] = field(default_factory=list)
    level: int = 0
    mark: ListMark | None = None
    continues: bool = False
    notices: list[PasteNotice] = field(default_factory=list)


@dataclass(slots=True)
class CellUnits:
    """A cell: its units, and whether it is a heading."""

    units: "list[PastedUnit | TableUnit]"
    heading: bool = False


@dataclass(slots=True)
class TableUnit:
    """A table: rows of equally many cells; ``heads`` says which rows are in its head."""

    rows: list[list[CellUnits]]
    heads: list[bool] = field(default_factory=list)
    caption: list[StyledRun] = field(default_factory=list)
    notices: list[PasteNotice] = field(default_factory=list)

    @property
    def width(self) -> int:
        """Number of columns."""
        return max(map(len, self.rows), default=0)


AnyUnit = PastedUnit | TableUnit
