"""A second reading of a clipboard by other code, to find words that the first lost or added unreported."""

import re
import unicodedata

from monographs.document import SectionType
from monographs.document.html import plain_text
from monographs.imports.clipboard.html_tokens import without_comments
from monographs.imports.draft_inventory import inventory_of
from monographs.imports.html_inventory import HtmlInventory
from monographs.imports.inventory import Difference, DifferenceKind, differences
from monographs.imports.parsed_text import Block, Markup, ParsedMonograph, texts_of
from monographs.imports.remarks import Remark, RemarkKind

#: Characters of HTML without comments and styles, and of a line in it.
_MAX_LENGTH = 150_000
_MAX_LINE = 20_000
_LINE_EDGE = re.compile(r"</?(?:p|div|li|t[dhr]|br|h[1-6])\b", re.IGNORECASE)
_TOO_LONG = "This is too long to be compared a second time. Compare it with the original yourself."
_MESSAGES = {
    DifferenceKind.MISSING: "These words of the clipboard are not in the text. Compare it with the original.",
    DifferenceKind.UNNAMED: "These words were struck out or hidden where they were copied.",
    DifferenceKind.NEW: "These words are not in the clipboard in this form. Compare them with the original.",
    DifferenceKind.PARTED: "This number stood beside another word. Compare it with the original.",
}


def unreported_differences(source: str, blocks: list[Block], remarks: list[Remark]) -> list[Difference]:
    """Return differences of ``blocks`` from ``source`` that neither their remarks nor ``remarks`` report."""
    parsed = ParsedMonograph(
        "", sections={SectionType.HOW_IT_WORKS: blocks}, remarks=list(remarks), markup=Markup.HTML
    )
    return differences(HtmlInventory.of(without_comments(source)), inventory_of(parsed))


def can_read_twice(source: str) -> bool:
    """Whether a second reading takes a second or two at most: it takes time with the square of a line."""
    plain = without_comments(source)
    return len(plain) <= _MAX_LENGTH and max(map(len, _LINE_EDGE.split(plain))) <= _MAX_LINE


def unreported_remarks(source: str, blocks: list[Block], remarks: list[Remark]) -> list[Remark]:
    """Return a remark for each difference that no other remark names.

    The second reading knows no style sheets and takes “10⁸” raised by one for “108”, and a merged cell is
    repeated: what is there in another form is no difference here.
    """
    if not can_read_twice(source):
        return [Remark(RemarkKind.UNSURE, _TOO_LONG, "")]
    every = [*(remark for block in blocks for remark in block.remarks), *remarks]
    draft = _condensed(
        " ".join(
            [*(plain_text(text) for block in blocks for text in texts_of(block)), *(r.quote for r in every)]
        )
    )
    before = _condensed(" ".join(entry.shown for entry in HtmlInventory.of(without_comments(source)).entries))
    found: list[Remark] = []
    for each in unreported_differences(source, blocks, remarks):
        new = each.kind is DifferenceKind.NEW
        if each.kind is not DifferenceKind.PARTED and not _is_in(each.quote, before if new else draft):
            kind = RemarkKind.UNSURE if new else RemarkKind.OMITTED
            found.append(Remark(kind, _MESSAGES[each.kind], each.quote))
    return found


def _condensed(text: str) -> str:
    """Return letters and digits only, raised ones as others."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def _is_in(quote: str, condensed: str) -> bool:
    """Whether the words of ``quote`` are in a text, as one or as two pieces that were put together."""
    for word in quote.split():
        plain = _condensed(word)
        pieces = ((plain[:n], plain[n:]) for n in range(1, len(plain)))
        if plain not in condensed and not any(a in condensed and b in condensed for a, b in pieces):
            return False
    return True
