"""Cells of CSV files and workbooks, safe to open in a spreadsheet."""

import re
from typing import Any

#: Characters that begin a formula (OWASP, *CSV Injection*).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_AFTER_SEMICOLON = re.compile(r"(;\s*)([=+\-@])")

#: Control characters other than tab and line breaks: a workbook cannot hold them (XML 1.0, section 2.2).
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def printable(text: str) -> str:
    """Return ``text`` without control characters."""
    return _CONTROLS.sub("", text)


def plain(cell: Any) -> str:
    """Return a cell's text with a quote before anything a spreadsheet would take for a formula.

    Also after a semicolon, at which some spreadsheets begin another cell.
    """
    text = _AFTER_SEMICOLON.sub(r"\1'\2", printable(str(cell)))
    return f"'{text}" if text.startswith(_FORMULA) else text
