"""A label as data: what identifies it, and its sections with text, tables and figures.

A label has one set id for good, and versions. Two versions are two ``Label`` objects, whichever of the two
formats (SPL XML, openFDA JSON) they were read from.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain

from monographs.document.parts import Table


class SourceFormat(StrEnum):
    """The format that a label was read from."""

    SPL = "spl"
    OPENFDA = "openfda"


@dataclass(frozen=True, slots=True)
class LabelText:
    """Paragraphs and lists, as sanitised HTML (``monographs.document.html``)."""

    html: str


@dataclass(frozen=True, slots=True)
class LabelFigure:
    """A figure, named only: labels' pictures are not kept. ``name`` is the file's name, "" if unknown."""

    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class LabelCell:
    """A cell of a table, which may span columns and rows. ``html`` is sanitised and has no blocks."""

    html: str
    columns: int = 1
    rows: int = 1
    is_header: bool = False


@dataclass(frozen=True, slots=True)
class LabelTable:
    """A table as the label has it: header rows, other rows, and the texts of its footnotes in order."""

    rows: tuple[tuple[LabelCell, ...], ...]
    header: tuple[tuple[LabelCell, ...], ...] = ()
    caption: str = ""
    footnotes: tuple[str, ...] = ()

    def as_document_table(self, *, repeat: bool = True) -> Table:
        """Return the table of documents: one header row, merged cells repeated in each place they cover.

        Without ``repeat`` a merged cell below the header is in the first of its places only.
        """
        head = _filled(self.header, repeat=True)
        rows = _filled(self.rows, repeat=repeat)
        width = max(map(len, [*head, *rows]), default=0)
        names = [_joined(row[at] for row in head if at < len(row)) for at in range(width)] if head else []
        padded = tuple((*row, *[""] * (width - len(row))) for row in rows)
        # Cells are sanitised by the readers; tables of labels may be empty, which those of documents may not
        return Table.model_construct(
            kind="table", caption=self.caption, header=tuple(names), row_headers=True, rows=padded
        )


Block = LabelText | LabelTable | LabelFigure


def _joined(cells: Iterator[str]) -> str:
    return " – ".join(dict.fromkeys(cell for cell in cells if cell))


#: Columns and rows that a merged cell is repeated in at most.
MAX_SPAN = 60


def _filled(rows: Iterable[tuple[LabelCell, ...]], *, repeat: bool) -> list[list[str]]:
    """Return the cells row by row, with merged ones repeated, or empty after their first place."""
    result: list[list[str]] = []
    below: dict[int, tuple[int, str]] = {}
    for row in rows:
        line: list[str] = []
        waiting = list(row)
        while waiting or len(line) in below:
            if len(line) in below:
                left, html = below.pop(len(line))
                if left > 1:
                    below[len(line)] = (left - 1, html)
                line.append(html if repeat else "")
                continue
            cell = waiting.pop(0)
            for place in range(min(cell.columns, MAX_SPAN)):
                if cell.rows > 1:
                    below[len(line)] = (min(cell.rows, MAX_SPAN) - 1, cell.html)
                line.append(cell.html if repeat or not place else "")
        result.append(line)
    return result


@dataclass(frozen=True, slots=True)
class LabelSection:
    """A section, and the sections inside it.

    ``key`` names it within a label and does not change when sections are renumbered: the codes (or, without
    a code, words of the title) of the sections around it and its own, with a counter where two are alike.
    ``code`` is the LOINC code, "" if it has none. ``effective`` is the section's own date. ``highlights`` is
    what the first page of the label repeats of it (SPL's ``excerpt``).
    """

    key: str
    code: str
    title: str
    effective: date | None = None
    blocks: tuple[Block, ...] = ()
    highlights: tuple[Block, ...] = ()
    sections: tuple["LabelSection", ...] = ()

    def walk(self) -> Iterator["LabelSection"]:
        """Yield this section and all inside it, in reading order."""
        yield self
        yield from chain.from_iterable(section.walk() for section in self.sections)


@dataclass(frozen=True, slots=True)
class Label:
    """One version of a label.

    ``set_id`` identifies the label, ``version`` its version: versions of a label are ordered by it, never by
    ``effective``, which may go back or be missing. ``document_id`` is that of this version alone.
    """

    set_id: str
    version: int
    source_format: SourceFormat
    document_id: str = ""
    effective: date | None = None
    title: str = ""
    document_type: str = ""
    maker: str = ""
    names: tuple[str, ...] = ()
    generic_names: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    application_numbers: tuple[str, ...] = ()
    product_ndcs: tuple[str, ...] = ()
    package_ndcs: tuple[str, ...] = ()
    uniis: tuple[str, ...] = ()
    #: Established pharmacologic classes and RxNorm numbers: openFDA adds them, SPL has neither.
    classes: tuple[str, ...] = ()
    rxcuis: tuple[str, ...] = ()
    sections: tuple[LabelSection, ...] = ()

    def walk(self) -> Iterator[LabelSection]:
        """Yield all sections in reading order."""
        yield from chain.from_iterable(section.walk() for section in self.sections)


def in_version_order(labels: Iterator[Label]) -> list[Label]:
    """Return versions of one label, the oldest first: by version, since dates go backwards in real labels."""
    return sorted(labels, key=lambda label: label.version)
