"""Cells of tables that somebody opens in a spreadsheet."""

import re
from typing import Any

#: How a spreadsheet knows a formula, after OWASP's *CSV Injection*.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_AFTER_SEMICOLON = re.compile(r"(;\s*)([=+\-@])")


#: Letters that are none, tab and end of line apart: a workbook cannot hold them (XML 1.0, section 2.2).
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def printable(words: str) -> str:
    """``words`` without what is no letter."""
    return _CONTROLS.sub("", words)


def plain(cell: Any) -> str:
    """A cell that no spreadsheet takes for a formula: what looks like one gets a quote before it.

    Also after a semicolon, at which some spreadsheets begin another cell.
    """
    said = _AFTER_SEMICOLON.sub(r"\1'\2", printable(str(cell)))
    return f"'{said}" if said.startswith(_FORMULA) else said
