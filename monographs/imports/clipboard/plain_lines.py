"""Units of a clipboard that holds plain text: a line is a paragraph, lines with tabs are rows."""

from itertools import groupby

from monographs.imports.clipboard.list_marks import without_bullet
from monographs.imports.clipboard.pasted_units import AnyUnit, CellUnits, PastedUnit, TableUnit
from monographs.imports.clipboard.runs import StyledRun

#: Rows without which a tab is only a wide space.
_MIN_ROWS = 2


def units_of(text: str) -> list[AnyUnit]:
    """Return the units of ``text``. Nothing in it is markup."""
    lines = [line.strip(" \u00a0\r") for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    units: list[AnyUnit] = []
    for tabbed, group in groupby(lines, key=_is_row):
        alike = list(group)
        if tabbed and len(alike) >= _MIN_ROWS:
            rows = [[CellUnits([_line(cell)]) for cell in line.split("\t")] for line in alike]
            units.append(TableUnit(rows, [False] * len(rows)))
        else:
            units += [_line(line) for line in alike if line.strip()]
    return units


def _is_row(line: str) -> bool:
    return "\t" in line.strip("\t") and without_bullet([StyledRun(line)]) is None


def _line(words: str) -> PastedUnit:
    return PastedUnit([StyledRun(words)])
