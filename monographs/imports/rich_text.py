"""Blocks as the rich text the editor keeps, and texts without their Markdown."""

import re
from collections.abc import Iterable, Iterator
from html import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token

from monographs.document.html import URL_SCHEMES, plain_text, sanitise
from monographs.imports.parsed_text import Block, ListItem, Markup, ParsedList, Subheading

# Without html, tags in a text are words like any others
_MARKDOWN = MarkdownIt("commonmark", {"html": False})
#: Most texts have none of these, and need no parser.
_MARKED = re.compile(r"[*_\[\]`<&\\]")
#: Marks are looked for in what people write; anything longer is no paragraph, and would take the parser long.
_LONGEST_MARKED = 20_000
_TAGS = {
    "strong_open": "<b>",
    "strong_close": "</b>",
    "em_open": "<i>",
    "em_close": "</i>",
    "hardbreak": "<br/>",
}


def as_html(blocks: Iterable[Block], *, markup: Markup, subheadings: bool = True) -> str:
    """Rich text for ``blocks``; subheadings become bold paragraphs where the editor has none."""
    return "".join(_block(block, markup, subheadings) for block in blocks)


def _block(block: Block, markup: Markup, subheadings: bool) -> str:
    if isinstance(block, ParsedList):
        return _listing(block.items, markup)
    words = inline_html(block.text, markup=markup)
    if not isinstance(block, Subheading):
        return f"<p>{words}</p>"
    return f"<h3>{words}</h3>" if subheadings else f"<p><b>{words}</b></p>"


def _listing(items: list[ListItem], markup: Markup) -> str:
    """Nested lists: each run of deeper items goes inside the item above it."""
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
            # The space keeps the words apart for everything that reads the text without its tags
            deeper = " " + _listing(items[n + 1 : inner], markup) if inner > n + 1 else ""
            html.append(f"<li>{inline_html(items[n].text, markup=markup)}{deeper}</li>")
            n = inner
        html.append(f"</{tag}>")
    return "".join(html)


def inline_html(text: str, *, markup: Markup) -> str:
    """One text as rich text: bold, italic and links of Markdown kept, everything else escaped."""
    if markup is Markup.HTML:
        return text
    if not _may_be_marked(text, markup):
        return escape(text, quote=False)
    return "".join(_token(token) for token in _tokens(text))


def inline_plain(text: str, *, markup: Markup) -> str:
    """One text without its Markdown or tags."""
    if markup is Markup.HTML:
        return plain_text(sanitise(text))
    if not _may_be_marked(text, markup):
        return text
    return "".join(token.content or (" " if token.type.endswith("break") else "") for token in _tokens(text))


def says_more(text: str, *, markup: Markup) -> bool:
    """Whether a text holds what plain words could not keep: a link, “10⁹” (which would become “109”)."""
    if markup is Markup.HTML:
        return any(tag in text for tag in ("<a ", "<sup>", "<sub>"))
    return _may_be_marked(text, markup) and any(token.type == "link_open" for token in _tokens(text))


def _may_be_marked(text: str, markup: Markup) -> bool:
    return markup is Markup.MARKDOWN and len(text) <= _LONGEST_MARKED and bool(_MARKED.search(text))


def _tokens(text: str) -> Iterator[Token]:
    open_links: list[bool] = []
    for token in _MARKDOWN.parseInline(text)[0].children or []:
        if token.type == "link_open":
            open_links.append(is_address(str(token.attrGet("href") or "")))
        if token.type in {"link_open", "link_close"}:
            kept = open_links[-1]
            if token.type == "link_close":
                open_links.pop()
            if not kept:
                continue  # a link within somebody's own site leads nowhere here; its words stay
        yield token


def is_address(href: str) -> bool:
    """Whether a link leads anywhere from a page of ours."""
    return href.split(":", 1)[0].lower() in URL_SCHEMES and ":" in href


def _token(token: Token) -> str:
    if token.type == "link_open":
        return f'<a href="{escape(str(token.attrGet("href")))}">'
    if token.type == "link_close":
        return "</a>"
    if token.type in _TAGS:
        return _TAGS[token.type]
    return " " if token.type == "softbreak" else escape(token.content, quote=False)
