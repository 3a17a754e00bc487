"""Tables in plain text: a row per line, “|” between cells, a line of dashes below the first row."""

import re

from monographs.imports.parsed_text import CELL_BREAK, ListItem, ParsedList

_DASHES = re.compile(r"\s*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?")
_BREAK = re.compile(r"(?<!\\)\|")


def table_at(lines: list[str], n: int) -> int:
    """Return the index of the line after the table that starts at line ``n``; ``n`` where there is none."""
    if "|" not in lines[n] or n + 1 >= len(lines) or not _DASHES.fullmatch(lines[n + 1]):
        return n
    end = n + 2
    while end < len(lines) and "|" in lines[end]:
        end += 1
    return end


def table(lines: list[str]) -> ParsedList:
    """Return the rows of a table, without its line of dashes."""
    return ParsedList([ListItem(row(_cells(line))) for line in [lines[0], *lines[2:]]], rows=True)


def row(cells: list[str]) -> str:
    """Join cells into one text, with a separator even beside empty ones."""
    return " ".join(CELL_BREAK.join(cells).split())


def _cells(line: str) -> list[str]:
    bare = line.strip().removeprefix("|")
    bare = bare[:-1] if bare.endswith("|") and not bare.endswith("\\|") else bare
    return [cell.strip() for cell in _BREAK.split(bare)]
