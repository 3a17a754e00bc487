"""Units of a clipboard as blocks, each with remarks on what is different from the source."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Literal

from monographs.core.characters import normalise_text
from monographs.document.html import MAX_LIST_LEVELS
from monographs.document.parts import MAX_TABLE_COLUMNS
from monographs.imports.clipboard.list_marks import ListMark, without_bullet
from monographs.imports.clipboard.looks import Omission
from monographs.imports.clipboard.pasted_units import AnyUnit, CellUnits, PastedUnit, PasteNotice, TableUnit
from monographs.imports.clipboard.runs import BREAK, StyledRun, omitted, plain, rich_text, visible
from monographs.imports.parsed_text import (
    CELL_BREAK,
    Block,
    ListItem,
    ParsedList,
    ParsedParagraph,
    ParsedTable,
    Subheading,
)
from monographs.imports.remarks import Remark, RemarkKind

_WHY = {
    Omission.STRUCK: "These words were struck out, so they were left out.",
    Omission.DELETED: "A tracked change deleted these words, so they were left out.",
    Omission.HIDDEN: "These words were hidden where they were copied, so they were left out.",
    Omission.COMMENT: "This is a comment beside the text, so it was left out.",
}
_INSERTED = "A tracked change inserted these words. They were kept; check whether it was accepted."
_PALE = "These words are white where they were copied. They were kept; check whether they belong here."
#: Characters. A merged cell up to this length is a label, and repeated wherever it is merged.
_LABEL = 200
#: Characters of a heading; a longer one is a paragraph in large letters.
_LONGEST_HEADING = 200

#: Gives the tag of a link for an address and its words, and notes what was changed.
Linker = Callable[[str, str, list[PasteNotice]], str]


@dataclass(slots=True)
class Assembly:
    """The blocks made so far. ``remarks`` are those before the first block."""

    link: Linker
    blocks: list[Block] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    _list_id: str = ""
    _expected: int | None = None
    _levels: tuple[int, ...] = ()

    def add_all(self, units: list[AnyUnit]) -> None:
        """Add all units, in order."""
        units = _without_base_look([_with_typed_bullet(unit) for unit in units])
        self._levels = tuple(sorted({u.level for u in units if isinstance(u, PastedUnit) and u.level}))
        for unit in units:
            if isinstance(unit, TableUnit):
                self._table(unit)
            else:
                for part in _paragraphs(unit):
                    self._unit(part)

    def note(self, notices: list[PasteNotice]) -> None:
        """Add remarks to the last block."""
        found = [_remark(notice) for notice in notices]
        (self.blocks[-1].remarks if self.blocks else self.remarks).extend(found)

    def _unit(self, unit: PastedUnit) -> None:
        notices: list[PasteNotice] = []
        unit.runs, characters = _normalised(unit.runs)
        html = rich_text(unit.runs, self._linker(notices), bold=not unit.level)
        found = [*remarks_of(unit.runs), *characters, *map(_remark, [*unit.notices, *notices])]
        if not html:
            (self.blocks[-1].remarks if self.blocks else self.remarks).extend(found)
            return
        if unit.mark is not None:
            self._item(unit, unit.mark, html, found)
            return
        block: Block
        if unit.level and len(plain(unit.runs)) <= _LONGEST_HEADING:
            level: Literal[3, 4] = 3 if unit.level == self._levels[0] else 4
            block = Subheading(html.replace(BREAK, " "), remarks=found, level=level)
        else:
            block = ParsedParagraph(html, remarks=found)
        self.blocks.append(block)

    def _linker(self, notices: list[PasteNotice]) -> Callable[[str, str], str]:
        return lambda address, words: self.link(address, words, notices)

    def _item(self, unit: PastedUnit, mark: ListMark, html: str, found: list[Remark]) -> None:
        last = self.blocks[-1] if self.blocks else None
        if unit.continues and isinstance(last, ParsedList) and last.items:
            last.items[-1].text += BREAK + html
            last.remarks += found
            return
        number = mark.number
        restarts = (
            mark.ordered and mark.depth == 0 and number == 1 and self._list_id not in {"", mark.list_id}
        )
        if not isinstance(last, ParsedList) or (restarts and last.items[-1].ordered):
            last = ParsedList([])
            self.blocks.append(last)
            if mark.ordered and number not in {None, 1}:
                found.append(
                    Remark(
                        RemarkKind.UNSURE,
                        f"This list began with number {number} where it was copied. It begins with 1 here.",
                        plain(unit.runs),
                    )
                )
        if (
            mark.ordered
            and mark.label.strip("()[]. ").isalpha()
            and not any("lettered" in r.message for r in last.remarks)
        ):
            found.append(
                Remark(
                    RemarkKind.CHANGED,
                    "This list was lettered or had Roman numbers; it has numbers here.",
                    mark.label,
                    str(number or ""),
                )
            )
        deepest = last.items[-1].depth + 1 if last.items else 0
        depth = min(mark.depth, deepest, MAX_LIST_LEVELS - 1)
        if mark.depth >= MAX_LIST_LEVELS:
            found.append(
                Remark(
                    RemarkKind.CHANGED, f"Lists have at most {MAX_LIST_LEVELS} levels here.", plain(unit.runs)
                )
            )
        last.items.append(ListItem(html, ordered=mark.ordered, depth=depth))
        last.remarks += found
        self._list_id = mark.list_id

    def _table(self, unit: TableUnit) -> None:
        table = ParsedTable([])
        notices = list(unit.notices)
        table.caption = plain(unit.caption)
        table.remarks += remarks_of(unit.caption)
        header = _has_header(unit)
        seen: dict[int, str] = {}
        for n, row in enumerate(unit.rows):
            cells = []
            for cell in row:
                known = id(cell) in seen
                if not known:
                    seen[id(cell)] = self._cell(cell, table, bold=not (header and n == 0))
                html = seen[id(cell)]
                cells.append(html if not known or len(html) <= _LABEL else "")
            table.rows.append(cells)
        row_headers = _has_row_headers(unit, header)
        _trim(table)
        table.header_row = header and len(table.rows) > 1
        table.row_headers = row_headers
        table.remarks += map(_remark, notices)
        self._add_table(table)

    def _add_table(self, table: ParsedTable) -> None:
        width = max(map(len, table.rows), default=0)
        if width > MAX_TABLE_COLUMNS:
            message = (
                f"The table has {width} columns; readers can be shown {MAX_TABLE_COLUMNS}. Its rows "
                "became lines. Make several tables of it."
            )
            table.remarks.append(Remark(RemarkKind.UNSURE, message, table.caption))
        if 1 < width <= MAX_TABLE_COLUMNS:
            self.blocks.append(table)
            return
        if table.caption:
            self.blocks.append(ParsedParagraph(table.caption))
        lines = [ParsedParagraph(CELL_BREAK.join(filter(None, row))) for row in table.rows if any(row)]
        self.blocks += lines
        (self.blocks[-1].remarks if self.blocks else self.remarks).extend(table.remarks)

    def _cell(self, cell: CellUnits, table: ParsedTable, *, bold: bool) -> str:
        """Return the rich text of a cell: its paragraphs as lines, a table inside it as rows."""
        lines: list[str] = []
        for unit in cell.units:
            if isinstance(unit, TableUnit):
                lines += self._rows_within(unit, table)
                continue
            notices: list[PasteNotice] = []
            unit.runs, characters = _normalised(unit.runs)
            html = rich_text(unit.runs, self._linker(notices), bold=bold and not cell.heading)
            table.remarks += [*remarks_of(unit.runs), *characters, *map(_remark, [*unit.notices, *notices])]
            if html and unit.mark is not None and not unit.continues:
                label = unit.mark.label.strip() if unit.mark.ordered else "•"
                html = f"{label if label in {'', '•'} or not label.isalnum() else label + '.'} {html}".strip()
            lines.append(html)
        return BREAK.join(line for line in lines if line)

    def _rows_within(self, inner: TableUnit, table: ParsedTable) -> list[str]:
        """Return the rows of a table in a cell as lines; a merged cell is in the first of its rows."""
        lines: list[str] = [plain(inner.caption)]
        seen: set[int] = set()
        for row in inner.rows:
            once = list({id(cell): cell for cell in row if id(cell) not in seen}.values())
            seen |= {id(cell) for cell in row}
            cells = [self._cell(cell, table, bold=True) for cell in once]
            lines.append(CELL_BREAK.join(filter(None, cells)))
        return lines


def _remark(notice: PasteNotice) -> Remark:
    kind = RemarkKind.OMITTED if notice.omitted else RemarkKind.UNSURE
    if notice.message.startswith("Changed:"):
        kind = RemarkKind.CHANGED
    return Remark(kind, notice.message.removeprefix("Changed:").strip(), notice.quote)


def remarks_of(runs: list[StyledRun]) -> list[Remark]:
    """Return what is different between ``runs`` and their rich text."""
    undone = rich_text(
        [replace(r, look=replace(r.look, omitted=None)) for r in runs], lambda _address, _words: ""
    )
    found = [Remark(RemarkKind.OMITTED, _WHY[why], words, undone=undone) for why, words in omitted(runs)]
    kept = visible(runs)
    for (inserted, pale), alike in groupby(kept, key=lambda run: (run.look.inserted, run.look.pale)):
        words = " ".join("".join(run.words for run in alike).split())
        if words and (inserted or pale):
            found.append(Remark(RemarkKind.UNSURE, _INSERTED if inserted else _PALE, words, words))
    return found


def _normalised(runs: list[StyledRun]) -> tuple[list[StyledRun], list[Remark]]:
    """Return runs with characters in normal form, and remarks on those that changed or may be wrong."""
    found: list[Remark] = []
    normal: list[StyledRun] = []
    for run in runs:
        result = normalise_text(run.words)
        normal.append(replace(run, words=result.text.replace("\n", " ")))
        for change in result.visible_changes:
            message = f"A character that may be misread was replaced ({change.name})."
            found.append(Remark(RemarkKind.CHANGED, message, change.before, change.after))
        found += [
            Remark(RemarkKind.UNSURE, f"{doubt.name}: it may be misread. {doubt.fix}", doubt.quote)
            for doubt in result.doubts
        ]
    return normal, found


def _with_typed_bullet(unit: AnyUnit) -> AnyUnit:
    """Make an item of a paragraph with a typed bullet."""
    if isinstance(unit, TableUnit) or unit.mark is not None or unit.level:
        return unit
    if any(run.ends_line for run in unit.runs):
        return unit  # ``_paragraphs`` looks at each line
    runs = without_bullet(unit.runs)
    return unit if runs is None else replace(unit, runs=runs, mark=ListMark(0, False, "•", "typed"))


def _paragraphs(unit: PastedUnit) -> list[PastedUnit]:
    """Split a paragraph at empty lines, and before lines with typed bullets."""
    if unit.mark is not None or unit.level:
        return [unit]
    parts: list[PastedUnit] = []
    joins = False
    for line in _lines(unit.runs):
        item = without_bullet(line)
        if not "".join(run.words for run in line).strip():
            joins = False
        elif item is not None:
            parts.append(PastedUnit(item, mark=ListMark(0, False, "•", "typed")))
            joins = False
        elif joins:
            parts[-1].runs += [StyledRun("", ends_line=True), *line]
        else:
            parts.append(PastedUnit(line))
            joins = True
    if not parts:
        return [unit]
    parts[0].notices = unit.notices
    return parts


def _lines(runs: list[StyledRun]) -> list[list[StyledRun]]:
    lines: list[list[StyledRun]] = [[]]
    for run in runs:
        if run.ends_line:
            lines.append([])
        else:
            lines[-1].append(run)
    return lines


def _without_base_look(units: list[AnyUnit]) -> list[AnyUnit]:
    """Remove bold and italic that all of the text has: it is the other program's base style."""
    texts = [u for u in units if isinstance(u, PastedUnit) and not u.level]
    for name in ("bold", "italic"):
        runs = [run for unit in texts for run in unit.runs if run.words.strip() and not run.look.omitted]
        marked = [run for run in runs if getattr(run.look, name)]
        whole = bool(runs) and len(marked) == len(runs)
        if whole and (len(texts) > 1 or all(run.look.base for run in marked)):
            for unit in texts:
                unit.runs = [replace(run, look=run.look.without(name)) for run in unit.runs]
    return units


def _is_bold(cell: CellUnits) -> bool:
    runs = [
        run for unit in cell.units if isinstance(unit, PastedUnit) for run in unit.runs if run.words.strip()
    ]
    return bool(runs) and all(run.look.bold for run in runs)


def _is_empty(cell: CellUnits) -> bool:
    return not any(isinstance(unit, TableUnit) or plain(unit.runs) for unit in cell.units)


def _names(cell: CellUnits) -> bool:
    return cell.heading or _is_bold(cell)


def _has_header(unit: TableUnit) -> bool:
    """Whether the first row names the columns: it is in the head, or all of it and little else is bold."""
    if not unit.rows:
        return False
    first = [cell for cell in unit.rows[0] if not _is_empty(cell)]
    if unit.heads[:1] == [True] or (first and all(cell.heading for cell in unit.rows[0])):
        return True
    others = [cell for row in unit.rows[1:] for cell in row[1:] if not _is_empty(cell)]
    return bool(first) and all(map(_names, first)) and not (others and all(map(_names, others)))


def _has_row_headers(unit: TableUnit, header: bool) -> bool:
    rows = unit.rows[1:] if header else unit.rows
    first = [row[0] for row in rows if row and not _is_empty(row[0])]
    others = [cell for row in rows for cell in row[1:] if not _is_empty(cell)]
    return bool(first) and all(map(_names, first)) and not (others and all(map(_names, others)))


def _trim(table: ParsedTable) -> None:
    """Fill short rows, and remove empty rows and columns, as spreadsheets have them."""
    width = max(map(len, table.rows), default=0)
    rows = [[*row, *[""] * (width - len(row))] for row in table.rows]
    columns = [n for n in range(width) if any(row[n] for row in rows)]
    table.rows = [[row[n] for n in columns] for row in rows if any(row)]
