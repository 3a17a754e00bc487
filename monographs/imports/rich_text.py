"""Convert blocks to the rich text that the editor stores, and to plain text."""

import re
from collections.abc import Iterable
from html import escape

from markdown_it.token import Token

from monographs.document.html import plain_text, sanitise
from monographs.document.table_text import row_of
from monographs.imports.markdown_text import is_marked, live_tokens
from monographs.imports.parsed_text import (
    Block,
    ListItem,
    Markup,
    ParsedList,
    ParsedTable,
    Subheading,
)

_TAGS = {
    "strong_open": "<b>",
    "strong_close": "</b>",
    "em_open": "<i>",
    "em_close": "</i>",
    "sup_open": "<sup>",
    "sup_close": "</sup>",
    "sub_open": "<sub>",
    "sub_close": "</sub>",
    "hardbreak": "<br/>",
}


def as_html(blocks: Iterable[Block], *, markup: Markup, subheadings: bool = True) -> str:
    """Return rich text; without ``subheadings`` they become bold paragraphs."""
    return "".join(_block(block, markup, subheadings) for block in blocks)


def _block(block: Block, markup: Markup, subheadings: bool) -> str:
    if isinstance(block, ParsedList):
        return _listing(block.items, markup)
    if isinstance(block, ParsedTable):
        return _table_list(block, markup)
    words = inline_html(block.text, markup=markup)
    if not isinstance(block, Subheading):
        return f"<p>{words}</p>"
    return f"<h3>{words}</h3>" if subheadings else f"<p><b>{words}</b></p>"


def _table_list(table: ParsedTable, markup: Markup) -> str:
    """Return a table where no table can be: an item for each row, each cell after the name of its column."""
    rows = [[inline_html(cell, markup=markup) for cell in row] for row in table.rows]
    names: list[str] = []
    if table.header_row and len(rows) > 1:
        names, *rows = rows
    items = "".join(f"<li>{row_of(names, row)}</li>" for row in rows if any(row))
    caption = f"<p>{inline_html(table.caption, markup=markup)}</p>" if table.caption else ""
    return caption + (f"<ul>{items}</ul>" if items else "")


def _listing(items: list[ListItem], markup: Markup) -> str:
    """Return nested lists: each run of deeper items goes inside the item above it."""
    html: list[str] = []
    n = 0
    while n < len(items):
        ordered, depth = items[n].ordered, items[n].depth
        tag = "ol" if ordered else "ul"
        html.append(f"<{tag}>")
        while n < len(items) and (items[n].ordered, items[n].depth) == (ordered, depth):
            inner = n + 1
            while inner < len(items) and items[inner].depth > depth:
                inner += 1
            # The space separates the words when the text is read without its tags
            deeper = " " + _listing(items[n + 1 : inner], markup) if inner > n + 1 else ""
            html.append(f"<li>{inline_html(items[n].text, markup=markup)}{deeper}</li>")
            n = inner
        html.append(f"</{tag}>")
    return "".join(html)


def inline_html(text: str, *, markup: Markup) -> str:
    """Return a text as rich text: Markdown's bold, italic and links are kept, everything else is escaped."""
    if markup is Markup.HTML:
        return text
    if not _may_have_markup(text, markup):
        return escape(text, quote=False)
    return _one_space("".join(_token(token) for token in live_tokens(text)))


def inline_plain(text: str, *, markup: Markup) -> str:
    """Return a text without Markdown or tags."""
    if markup is Markup.HTML:
        return plain_text(sanitise(text))
    if not _may_have_markup(text, markup):
        return text
    pieces = (token.content or (" " if token.type.endswith("break") else "") for token in live_tokens(text))
    return _one_space("".join(pieces))


def _one_space(text: str) -> str:
    """Return ``text`` without the further spaces beside what was left out. No-break spaces remain."""
    return re.sub(" {2,}", " ", text).strip(" ")


def needs_rich_text(text: str, *, markup: Markup) -> bool:
    """Whether plain text would lose something: a link, or “10⁹” (which would become “109”)."""
    if markup is Markup.HTML:
        return any(tag in text for tag in ("<a ", "<sup>", "<sub>"))
    return _may_have_markup(text, markup) and any(
        token.type in {"link_open", "sup_open", "sub_open"} for token in live_tokens(text)
    )


def _may_have_markup(text: str, markup: Markup) -> bool:
    return markup is Markup.MARKDOWN and is_marked(text)


def _token(token: Token) -> str:
    if token.type == "link_open":
        return f'<a href="{escape(str(token.attrGet("href")))}">'
    if token.type == "link_close":
        return "</a>"
    if token.type in _TAGS:
        return _TAGS[token.type]
    return " " if token.type == "softbreak" else escape(token.content, quote=False)
