"""Cells of CSV files and workbooks, safe to open in a spreadsheet."""

import re
from typing import Any

#: What begins a formula (OWASP, *CSV Injection*), also in full-width letters and after characters that some
#: spreadsheets leave out.
_FORMULA = re.compile(r"[\s\ufeff\u200b-\u200f\u2060]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_AFTER_SEMICOLON = re.compile(r"(;\s*)([=+\-@\uff1d\uff0b\uff0d\uff20])")

#: Control characters other than tab and line breaks: a workbook cannot hold them (XML 1.0, section 2.2).
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

#: A text without any of these: nearly all of them, so that a file of many cells is made quickly.
_HARMLESS = re.compile(r"\w[^;\x00-\x1f\ufffe\uffff]*")


def printable(text: str) -> str:
    """Return ``text`` without control characters."""
    return _CONTROLS.sub("", text)


def plain(cell: Any) -> str:
    """Return a cell's text with a quote before anything a spreadsheet would take for a formula.

    Also after a semicolon, at which some spreadsheets begin another cell.
    """
    if isinstance(cell, str) and _HARMLESS.fullmatch(cell):
        return cell
    text = _AFTER_SEMICOLON.sub(r"\1'\2", printable(str(cell)))
    return f"'{text}" if _FORMULA.match(text) else text
