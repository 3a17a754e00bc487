"""Stored values as they are compared: without ids and the keys that the editor gives to paragraphs."""

import re
from typing import Any

#: Tags of lists.
LISTS = ("ul", "ol")
_KEY = re.compile(r'\s+data-block-key="([^"]*)"')
_MARK = re.compile(r"<(/?)(p|h[1-6]|ul|ol|li)\b[^<>]*>", re.IGNORECASE)


def plain(value: Any) -> Any:
    """Return ``value`` without ids of blocks and keys of paragraphs."""
    if isinstance(value, str):
        return _KEY.sub("", value)
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items() if key != "id" or "type" not in value}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


def elements(html: str) -> list[str] | None:
    """Return the outermost elements of rich text, e.g. its paragraphs; None for text that has none.

    Joined, they are ``html`` again.
    """
    found, depth, start = [], 0, 0
    for mark in _MARK.finditer(html):
        if depth == 0 and html[start : mark.start()].strip():
            return None  # words outside any element: not rich text as editors store it
        depth += -1 if mark[1] else 1
        if depth < 0:
            return None
        if depth == 0:
            found.append(html[start : mark.end()])
            start = mark.end()
    if depth or not found or html[start:].strip():
        return None
    found[-1] += html[start:]
    return found


def opened(element: str) -> tuple[str, str, str]:
    """Return the opening tag of an element, what it holds, and its closing tag."""
    first = element.index(">") + 1
    last = element.rindex("<")
    return element[:first], element[first:last], element[last:]


def name_of_element(element: str) -> str:
    """Return the name of the tag of an element."""
    found = _MARK.search(element)
    return found[2].lower() if found else ""


def key_of_element(element: str) -> str:
    """Return the key that the editor gave to a paragraph or item; empty if there is none."""
    tag = element[: element.index(">")] if ">" in element else ""
    found = _KEY.search(tag)
    return found[1] if found else ""
