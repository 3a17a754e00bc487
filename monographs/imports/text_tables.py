"""Tables in plain text: cells between “|”, tabs, semicolons, or in columns of spaces, a row on each line."""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass

from monographs.imports.list_markers import list_marker
from monographs.imports.parsed_text import CELL_BREAK, ListItem, ParsedList, ParsedTable
from monographs.imports.remarks import Remark, RemarkKind

#: Columns. The editor's table block has no more.
MOST_COLUMNS = 6
#: Characters. A cell of a table is not a paragraph.
_LONGEST_CELL = 200
_DASHES = re.compile(r"\s*+\|?(?:\s*+:?-+:?\s*+\|)+(?:\s*+:?-+:?\s*+)?")
_PIPE = re.compile(r"(?<!\\)\|")
#: Rules of tables that are drawn with signs.
_DRAWN_RULE = re.compile(r"\s*+[+|:=\-─━═┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬│┃║ ]*+")
_DRAWN_BAR = str.maketrans("│┃║¦", "||||")
_GAP = re.compile(r"(?<=\S)(?: {2,}|\t+ *| +\t+ *)(?=\S)")
_SENTENCE_END = re.compile(r"[.!?:;,]$")


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table in lines of text, and the index of the line after it."""

    block: ParsedTable | ParsedList
    end: int


def table_at(lines: list[str], n: int) -> FoundTable | None:
    """Return the table that starts at line ``n``, None where there is none."""
    for find in (_pipe_table, _tab_table, _separated_table, _column_table):
        found = find(lines, n)
        if found:
            return found
    return None


def row(cells: list[str]) -> str:
    """Join cells into one text, with a separator even beside empty ones."""
    return " ".join(CELL_BREAK.join(cells).split())


def _pipe_table(lines: list[str], n: int) -> FoundTable | None:
    first = n + 1 if _is_drawn_rule(lines[n]) and n + 1 < len(lines) else n
    if not _has_pipe(lines[first]):
        return None
    two = [_pipe_cells(line) for line in lines[first : first + 2] if _has_pipe(line)]
    drawn = any(map(_may_be_rule, lines[first : first + 2]))
    if first == n and not drawn and len({len(cells) for cells in two}) > 1:
        return None
    rows: list[list[str]] = []
    end, ruled = first, first > n
    while end < len(lines) and (_has_pipe(lines[end]) or (_is_drawn_rule(lines[end]) and end > n)):
        if _may_be_rule(lines[end]):
            ruled = ruled or len(rows) == 1
        else:
            rows.append(_pipe_cells(lines[end]))
        end += 1
    alike = len({len(cells) for cells in rows}) == 1
    if not ruled and (len(rows) < 2 or not alike):  # noqa: PLR2004 (a row alone may be a sentence)
        return None
    return FoundTable(_block(rows, header_row=ruled or None), end)


def _has_pipe(line: str) -> bool:
    return bool(_PIPE.search(line.translate(_DRAWN_BAR)))


def _is_drawn_rule(line: str) -> bool:
    if not _DRAWN_RULE.fullmatch(line):
        return False
    return bool(re.search(r"[-=─━═]", line)) and bool(re.search(r"[+|─━═┼╬├]", line))


def _may_be_rule(line: str) -> bool:
    return _is_drawn_rule(line) or bool(_DASHES.fullmatch(line))


def _pipe_cells(line: str) -> list[str]:
    bare = line.translate(_DRAWN_BAR).strip().removeprefix("|")
    bare = bare[:-1] if bare.endswith("|") and not bare.endswith("\\|") else bare
    return [cell.strip().replace("\\|", "|") for cell in _PIPE.split(bare)]


def _tab_table(lines: list[str], n: int) -> FoundTable | None:
    end = _run(lines, n, lambda line: "\t" in line.strip() and not _is_item(line))
    if end - n < 2:  # noqa: PLR2004 (a line alone is no table)
        return None
    rows = [[cell.strip() for cell in line.rstrip("\n").split("\t")] for line in lines[n:end]]
    if len({len(cells) for cells in rows}) > 1:
        rows = [[cell.strip() for cell in re.split(r"\t+", line.strip())] for line in lines[n:end]]
    return FoundTable(_block(rows), end)


def _is_item(line: str) -> bool:
    marker = list_marker(line)
    if marker is None:
        return False
    rest = line.lstrip()[len(marker.mark) :]
    return "\t" not in marker.text or rest.startswith("\t")


def _separated_table(lines: list[str], n: int) -> FoundTable | None:
    """A table of the kind that spreadsheets export, with “;” or “,” between cells."""
    for sign in ";,":
        two = [line for line in lines[n : n + 2] if _may_be_record(line, sign) and '"' not in line]
        if len({line.count(sign) for line in two}) > 1:
            continue  # no table, however many rows follow: they are not read for each row again
        end = _run(lines, n, lambda line, sign=sign: _may_be_record(line, sign))  # type: ignore[misc]
        rows = list(csv.reader(lines[n:end], delimiter=sign))
        alike = len({len(cells) for cells in rows}) == 1
        enough = 2 if sign == ";" else 3
        if len(rows) >= enough and alike and all(len(cell) <= _LONGEST_CELL for r in rows for cell in r):
            return FoundTable(_block([[cell.strip() for cell in cells] for cells in rows]), end)
    return None


def _may_be_record(line: str, sign: str) -> bool:
    if sign not in line or _is_item(line) or line.rstrip().endswith((".", "!", "?", ":")):
        return False
    if sign == "," and re.search(r"\d,\d", line):
        return False  # a number
    return not re.search(rf"{sign}\s", line.strip()) or bool(re.search(rf'^"|{sign}"', line))


def _column_table(lines: list[str], n: int) -> FoundTable | None:
    """A table in columns: in each line the cells begin, or end, at the same places."""
    rows: list[list[tuple[int, int, str]]] = []
    end, last, ruled = n, n, False
    while end < len(lines) and lines[end].strip() and not _is_item(lines[end]):
        if _is_rule_of_columns(lines[end]):
            ruled = ruled or len(rows) == 1
        else:
            cells = _columns(lines[end])
            if len(cells) < 2 or not _aligned([*rows, cells]):  # noqa: PLR2004 (one cell is no row)
                break
            rows.append(cells)
        end += 1
        last = end
    if len(rows) < 2:  # noqa: PLR2004 (a line alone is no table)
        return None
    return FoundTable(_block([[c for _, _, c in cells] for cells in rows], header_row=ruled or None), last)


def _is_rule_of_columns(line: str) -> bool:
    return bool(re.fullmatch(r"\s*(?:[-=_]{2,}\s+)+[-=_]{2,}\s*", line))


def _columns(line: str) -> list[tuple[int, int, str]]:
    """Return start, end and text of what stands between gaps of two spaces; one piece for a sentence."""
    flat = line.expandtabs(8).rstrip()
    pieces, start = [], len(flat) - len(flat.lstrip())
    for gap in [*_GAP.finditer(flat), None]:
        end = gap.start() if gap else len(flat)
        pieces.append((start, end, flat[start:end]))
        start = gap.end() if gap else end
    sentence = any(_SENTENCE_END.search(text) for _, _, text in pieces[:-1])
    return [] if sentence or (pieces and pieces[-1][2].endswith(".")) else pieces


def _aligned(rows: list[list[tuple[int, int, str]]]) -> bool:
    if len({len(cells) for cells in rows}) != 1:
        return False
    columns = list(zip(*rows, strict=True))[1:]
    return all(
        len({start for start, _, _ in column}) == 1 or len({end for _, end, _ in column}) == 1
        for column in columns
    )


def _run(lines: list[str], n: int, belongs: Callable[[str], bool]) -> int:
    end = n
    while end < len(lines) and lines[end].strip() and belongs(lines[end]):
        end += 1
    return end


def _block(rows: list[list[str]], *, header_row: bool | None = None) -> ParsedTable | ParsedList:
    """Return the block of ``rows``; without ``header_row``, a first row without numbers is the header."""
    remarks: list[Remark] = []
    width = max(len(cells) for cells in rows)
    if any(len(cells) != width for cells in rows):
        short = [row(cells) for cells in rows if len(cells) != width]
        remarks.append(
            Remark(
                RemarkKind.UNSURE,
                "These rows have fewer cells than the others. Empty cells were added at their ends: check "
                "that each cell is in its column.",
                "; ".join(short),
            )
        )
    full = [[*cells, *[""] * (width - len(cells))] for cells in rows]
    used = [n for n in range(width) if any(cells[n] for cells in full)]
    full = [[cells[n] for n in used] for cells in full]
    if len(used) > MOST_COLUMNS or len(used) < 2:  # noqa: PLR2004 (one column is no table)
        return _rows_apart(full, remarks)
    if header_row is None:
        header_row = not _has_number(full[0]) and any(_has_number(cells) for cells in full[1:])
    return ParsedTable(full, header_row=header_row, remarks=remarks)


def _rows_apart(rows: list[list[str]], remarks: list[Remark]) -> ParsedList:
    if len(rows[0]) > MOST_COLUMNS:
        message = (
            f"This table has {len(rows[0])} columns, more than {MOST_COLUMNS}. Its rows were kept as lines: "
            "make two tables of it, or a list."
        )
        remarks.append(Remark(RemarkKind.CHANGED, message, row(rows[0])))
    return ParsedList([ListItem(row(cells)) for cells in rows], rows=True, remarks=remarks)


def _has_number(cells: list[str]) -> bool:
    return any(char.isdigit() for cell in cells for char in cell)
