"""The HTML a document may hold: reducing other HTML to it, and reading it.

Rich text arrives from editors, imports and paste. It is reduced here to the tags a leaflet needs, once,
before it becomes part of a document; a document refuses HTML that is not already in this form.
"""

import re
from collections.abc import Iterator, Mapping
from html import escape, unescape
from typing import Annotated

import nh3
from pydantic import AfterValidator, Field, ValidationInfo

HEADING_LEVELS = {"h3": 3, "h4": 4}
BLOCK_TAGS = frozenset({"p", "ul", "ol", "li", *HEADING_LEVELS})
TAGS = BLOCK_TAGS | {"br", "strong", "em", "sub", "sup", "a"}
URL_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
#: A link to another page of the site has that page's key instead of an address.
PAGE_KEY_ATTRIBUTE = "data-page"
_ATTRIBUTES = {"a": {"href", PAGE_KEY_ATTRIBUTE}}
_SYNONYMS = {"b": "strong", "i": "em"}
_SYNONYM_TAG = re.compile(r"<(/?)(b|i)(?=[\s>/])", re.IGNORECASE)
# A removed block leaves a space: two table cells "1" and "0 mg" must not read "10 mg"
_FOREIGN_BLOCK = re.compile(
    r"</?(?:address|article|aside|blockquote|caption|dd|div|dl|dt|figcaption|figure|footer|form|h1|h2|h5|h6|header|hr|"
    r"main|nav|pre|section|table|tbody|td|tfoot|th|thead|tr)(?=[\s>/])[^>]*>",
    re.IGNORECASE,
)
KEY = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_PAGE_LINK = re.compile(rf'<a {PAGE_KEY_ATTRIBUTE}="({KEY})">(.*?)</a>', re.DOTALL)
_ADDRESS_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
_BARE_LINK = re.compile(r"<a>(.*?)</a>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_BLOCK_EDGE = re.compile(r"</?(?:p|li|ul|ol|h3|h4)>|<br>")
_SCRIPT = re.compile(r"<(sup|sub)>(.*?)</\1>", re.DOTALL)
#: Digits and signs above and below the line (Unicode, block Superscripts and Subscripts).
_RAISED = dict(zip(map(ord, "0123456789+-\u2212=()"), "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾", strict=True))
_LOWERED = dict(zip(map(ord, "0123456789+-\u2212=()"), "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎", strict=True))
_BREAKS = re.compile(r"(?:\s*<br>\s*)+")
_EDGE_BREAKS = re.compile(r"^(?:<br>)+|(?:<br>)+$")
#: Lists inside lists: as many as the editor can make.
MAX_LIST_LEVELS = 5
#: Elements inside each other that are kept; what is deeper loses its tags. The software that reads a document
#: calls itself once per level, and a parser's time grows with the square of the levels.
_MAX_LEVELS = 60
#: Lists of a text that are parsed as lists.
_MAX_LISTS = 1000
_LIST_TAG = re.compile(r"<(/?)(?:ul|ol)(?=[\s>/])[^>]*>", re.IGNORECASE)
_ANY_TAG = re.compile(r"<(/?)(\w+)[^>]*>")
_PIECE = re.compile(r"<(/?)(p|li|h3|h4|ul|ol)>|<br>|<[^>]+>|[^<]+")


def _keep_attribute(_tag: str, name: str, value: str) -> str | None:
    if name == PAGE_KEY_ATTRIBUTE and not re.fullmatch(KEY, value):
        return None
    return value


def sanitise(source: str) -> str:
    """Reduce any HTML to the tags a leaflet needs; idempotent, never raises.

    Scripts and styles lose their content too; other unknown tags lose only themselves. Blocks left empty
    disappear, so that an accidental empty paragraph is not a change of text. Takes time in proportion to the
    length of ``source``, whatever is in it.
    """
    # Where no ">" follows no tag ends: there, each "<td" would be compared with all the rest
    last = source.rfind(">") + 1
    spaced = _FOREIGN_BLOCK.sub(" ", _limit_lists(source[:last])) + source[last:]
    renamed = _SYNONYM_TAG.sub(lambda m: f"<{m[1]}{_SYNONYMS[m[2].lower()]}", spaced)
    clean = nh3.clean(
        renamed.replace("\r\n", "\n"),
        tags=set(TAGS),
        attributes=_ATTRIBUTES,
        attribute_filter=_keep_attribute,
        url_schemes=set(URL_SCHEMES),
        link_rel=None,
    )
    clean = _BARE_LINK.sub(r"\1", clean.replace("&nbsp;", "\u00a0"))
    return _without_empty_blocks(_without_deep_tags(clean)).strip()


def list_levels(html: str) -> int:
    """How many lists are inside each other at most."""
    level = deepest = 0
    for tag in _LIST_TAG.finditer(html[: html.rfind(">") + 1]):
        level = max(level - 1, 0) if tag[1] else level + 1
        deepest = max(deepest, level)
    return deepest


def _limit_lists(source: str) -> str:
    """Remove the tags of all lists but the first: the parser searches all open lists at each tag."""
    opened = 0

    def kept(tag: re.Match[str]) -> str:
        nonlocal opened
        opened += not tag[1]
        return tag[0] if opened <= _MAX_LISTS else " "

    return _LIST_TAG.sub(kept, source)


def _without_deep_tags(html: str) -> str:
    """Remove tags of ``html``, which is well-formed, that are inside too many others; their text is kept."""
    level = 0

    def kept(tag: re.Match[str]) -> str:
        nonlocal level
        if tag[2] == "br":
            return tag[0]
        level += -1 if tag[1] else 1
        return tag[0] if (level if not tag[1] else level + 1) <= _MAX_LEVELS else " "

    return _ANY_TAG.sub(kept, html)


def _without_empty_blocks(html: str) -> str:
    """Remove blocks that contain only white space, line breaks and empty blocks, in one pass."""
    kept: list[str] = []
    # Where each open block begins in ``kept``, and whether something was in it
    open_blocks: list[tuple[int, bool]] = []
    filled = False
    for piece in _PIECE.finditer(html):
        kept.append(piece[0])
        if piece[2] is None:
            filled = filled or not (piece[0] == "<br>" or piece[0].isspace())
        elif not piece[1]:
            open_blocks.append((len(kept) - 1, filled))
            filled = False
        elif open_blocks:
            start, filled_before = open_blocks.pop()
            if not filled:
                del kept[start:]
            filled = filled or filled_before
    return "".join(kept)


def inline_html(html: str) -> str:
    """Sanitised ``html`` without blocks: a line break where one block ended and the next began."""
    return _EDGE_BREAKS.sub("", _BREAKS.sub("<br>", _BLOCK_EDGE.sub("<br>", html))).strip()


#: Context in which pydantic reads stored documents: their HTML was checked with the grammar of their version.
STORED = "stored"


def _require_sanitised(value: str, info: ValidationInfo) -> str:
    if info.context != STORED and sanitise(value) != value:
        raise ValueError("rich text in a document must already be sanitised")
    return value


#: Sanitised HTML, as ``sanitise`` returns it. The functions below expect it.
Html = Annotated[str, AfterValidator(_require_sanitised), Field(json_schema_extra={"format": "html-1"})]


def page_keys(html: str) -> list[str]:
    """Keys of the pages that ``html`` links to, in order of appearance."""
    return [match[1] for match in _PAGE_LINK.finditer(html)]


def bind_links(html: str, paths: Mapping[str, str]) -> str:
    """Replace page keys in links by ``paths`` (key → public path); a link without a path becomes its text."""

    def bound(match: re.Match[str]) -> str:
        path = paths.get(match[1])
        return f'<a href="{escape(path)}">{match[2]}</a>' if path else match[2]

    return _PAGE_LINK.sub(bound, html)


def outside_links(html: str) -> Iterator[tuple[str, str]]:
    """Yield address and HTML content of each link that is not to a page of the site."""
    for match in _ADDRESS_LINK.finditer(html):
        yield unescape(match[1]), match[2]


def without_tags(html: str) -> str:
    """The text of ``html`` with nothing in place of its tags."""
    return unescape(_TAG.sub("", html))


def plain_text(html: str) -> str:
    """The text of ``html``, with one space between blocks and for every run of white space.

    Raised and lowered digits are those of Unicode, so that 10⁸ does not become 108.
    """
    return " ".join(without_tags(_BLOCK_EDGE.sub(" ", _with_raised_digits(html))).split())


def _with_raised_digits(html: str) -> str:
    return _SCRIPT.sub(_in_unicode, html) if "<su" in html else html


def _in_unicode(match: re.Match[str]) -> str:
    """What is above or below the line, in Unicode; with a sign before it where Unicode lacks a character."""
    sign, forms = ("^", _RAISED) if match[1] == "sup" else ("_", _LOWERED)
    words = without_tags(match[2])
    if not any(char.isdigit() for char in words):
        return match[2]  # an ordinal, a chemical symbol
    if all(ord(char) in forms for char in words):
        return words.translate(forms)
    return f"{sign}{match[2]}" if " " not in words else f"{sign}({match[2]})"
