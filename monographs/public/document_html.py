"""The HTML and the words of documents as pages show them; the signed text itself is not changed."""

import re
from collections.abc import Mapping, Sequence
from html import escape

from django.utils.safestring import SafeString

from monographs.document.html import bind_links
from monographs.public.date_format import AMOUNT

#: Texts have headings of two levels, h3 and h4, which fit below a section's h2.
TOP_HEADING_LEVEL, LOWEST_HEADING_LEVEL = 3, 6
_HEADING = re.compile(r"(</?h)([34])>")
_DIGIT = re.compile(r"\d")


def amounts(text: str) -> SafeString:
    """Keep a number and its unit on one line."""
    escaped = text if isinstance(text, SafeString) else escape(str(text))
    # Most texts have no number, and are looked through faster for a digit than for an amount
    return SafeString(AMOUNT.sub(_on_one_line, escaped) if _DIGIT.search(escaped) else escaped)


def _on_one_line(match: re.Match[str]) -> str:
    found = match[0]
    return found if found.startswith("<") else f'<span class="amount">{found}</span>'


def document_html(
    source: str, links: Mapping[str, str], top: int = TOP_HEADING_LEVEL, ids: Sequence[str] = ()
) -> SafeString:
    """Render a document's HTML with its links (``links``: public paths by key) resolved.

    ``top`` is the level of its highest headings: 3 within a section, 2 right below the title; ``ids`` are
    those of its headings. Documents accept sanitised HTML only.
    """
    shifted = shift_headings(top or TOP_HEADING_LEVEL, source, ids or ())
    return amounts(SafeString(bind_links(shifted, links or {})))


def shift_headings(top: int, source: str, ids: Sequence[str] = ()) -> str:
    """Change headings of ``source`` to level ``top`` and the one below, skipping none (WCAG 1.3.1).

    Each heading gets the next of ``ids``.
    """
    below = False
    remaining = iter(ids)

    def shifted(match: re.Match[str]) -> str:
        nonlocal below
        below = below or match[2] == "3"
        level = min(top + (int(match[2]) - TOP_HEADING_LEVEL if below else 0), LOWEST_HEADING_LEVEL)
        anchor = next(remaining, "") if match[1] == "<h" else ""
        return f'{match[1]}{level} id="{anchor}">' if anchor else f"{match[1]}{level}>"

    return _HEADING.sub(shifted, source)
