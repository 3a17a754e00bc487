"""Markdown in a text: bold, italic, links and raised digits are kept, struck words are left out and named.

In a dose “*”, “_” and “~” are signs: beside a digit, or before a unit, they are never read as markup.
"""

import re
from collections.abc import Iterable, Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from monographs.core.link_targets import link_target
from monographs.imports.remarks import Remark, RemarkKind

#: Brackets in brackets. The parser looks for the end of an open one again at each level; a text has two.
_NESTING = 6
_MARKDOWN = MarkdownIt("commonmark", {"html": True, "maxNesting": _NESTING}).enable("strikethrough")
#: Most texts have none of these characters, and are not parsed.
_MARKED = re.compile(r"[*_\[\]`<&\\]|~~")
#: Characters. A longer text is not a paragraph, and would take the parser long.
_LONGEST = 20_000
_UNIT = r"(?:mg|mcg|µg|μg|kg|g|mL|ml|L|IU|units?|tablets?|capsules?|drops?|mmol|%)(?!\w)"
_SIGN = re.compile(
    rf"(?<=\w)[*_~]+(?=\d)|(?<=\d)[*_~]+(?=\w)|(?<=\d[ \xa0])[*_~]+(?=[ \xa0]?(?:\d|{_UNIT}))"
    rf"|(?<=\d)[*_~]+(?=[ \xa0](?:\d|{_UNIT}))"
)
#: “[5](10)” is no link.
_NO_LINK = re.compile(r"\[(?=[^\[\]]*\]\(\s*[\d.,]+[^)]*\))")
_INLINE_TAG = re.compile(r"<(/?)(sup|sub|b|strong|i|em|br|s|del|strike)\s*/?>", re.IGNORECASE)
_STRUCK = frozenset({"s", "del", "strike"})
_BOLD = {"b": "strong", "i": "em"}


def is_marked(text: str) -> bool:
    """Whether ``text`` has to be parsed."""
    return len(text) <= _LONGEST and bool(_MARKED.search(text))


def _parsed(text: str) -> list[Token]:
    signs = _SIGN.sub(lambda match: re.sub(r"(.)", r"\\\1", match[0]), text)
    return _MARKDOWN.parseInline(_NO_LINK.sub(r"\\[", signs))[0].children or []


def live_tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of ``text`` that are part of the draft, tags of HTML as those of Markdown."""
    open_links: list[bool] = []
    for token in _without_omissions(map(_without_html, _parsed(text))):
        if token.type == "link_open":
            address = link_target(str(token.attrGet("href") or "")).address
            token.attrSet("href", address)
            open_links.append(bool(address))
        if token.type in {"link_open", "link_close"}:
            kept = open_links[-1]
            if token.type == "link_close":
                open_links.pop()
            if not kept:
                continue  # an address of another site’s own; its words are kept, and the address is named
        yield token


def _without_omissions(tokens: Iterable[Token]) -> Iterator[Token]:
    """Yield ``tokens`` with a space for each part that is left out, to keep both sides of it apart."""
    struck = 0
    for token in tokens:
        struck += {"s_open": 1, "s_close": -1}.get(token.type, 0)
        if token.type in {"s_close", "image", "comment"}:
            yield Token("text", "", 0, content=" ")
        elif struck <= 0:
            yield token


def _without_html(token: Token) -> Token:
    """Return a tag of HTML that a draft can hold as a token of Markdown, any other as text."""
    if token.type != "html_inline":
        return token
    if token.content.startswith("<!--"):
        return Token("comment", "", 0, content=token.content)
    match = _INLINE_TAG.fullmatch(token.content)
    if match is None:
        return Token("text", "", 0, content=token.content)
    name = match[2].lower()
    if name == "br":
        return Token("hardbreak", "br", 0)
    kind = "s" if name in _STRUCK else _BOLD.get(name, name)
    return Token(f"{kind}_{'close' if match[1] else 'open'}", kind, 0)


def omissions(text: str) -> list[Remark]:
    """Return a remark about each part of ``text`` that is not in the draft."""
    return list(_omissions(text)) if is_marked(text) else []


def _omissions(text: str) -> Iterator[Remark]:
    struck: list[str] | None = None
    for token in [*map(_without_html, _parsed(text)), Token("s_close", "s", -1)]:
        if token.type == "s_open":
            struck = []
        elif token.type == "s_close" and struck is not None:
            yield Remark(RemarkKind.OMITTED, "Struck-out words were left out.", "".join(struck))
            struck = None
        elif struck is not None:
            struck.append(token.content)
        else:
            yield from _omission(token)


def _omission(token: Token) -> Iterator[Remark]:
    if token.type == "comment":
        yield Remark(RemarkKind.OMITTED, "A hidden comment was left out.", token.content[4:-3].strip())
    elif token.type == "image":
        message = "A picture was not imported. Add it in the editor."
        yield Remark(RemarkKind.OMITTED, message, f"{token.content} ({token.attrGet('src')})")
    elif token.type == "link_open":
        yield from link_remarks(str(token.attrGet("href") or ""))


def link_remarks(href: str) -> Iterator[Remark]:
    """Yield what to tell the writer of a link whose address is left out, or was changed."""
    target = link_target(href)
    if not target.address:
        message = f"{target.change} Only the words of the link were kept.".strip()
        yield Remark(RemarkKind.OMITTED, message, href)
    elif target.change:
        yield Remark(RemarkKind.CHANGED, target.change, href, target.address)
