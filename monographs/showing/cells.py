"""Cells of tables that somebody opens in a spreadsheet."""

from typing import Any

#: How a spreadsheet knows a formula, after OWASP's *CSV Injection*.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plain(cell: Any) -> str:
    """A cell that no spreadsheet takes for a formula: what looks like one gets a quote before it."""
    said = str(cell)
    return f"'{said}" if said.startswith(_FORMULA) else said
