"""A second reading of a clipboard, by other code, for what the first one lost or gained unsaid."""

from monographs.document import SectionType
from monographs.imports.draft_inventory import inventory_of
from monographs.imports.html_inventory import HtmlInventory
from monographs.imports.inventory import Difference, DifferenceKind, differences
from monographs.imports.parsed_text import Block, Markup, ParsedMonograph
from monographs.imports.remarks import Remark, RemarkKind

_MESSAGES = {
    DifferenceKind.MISSING: "These words of the clipboard are not in the text. Compare it with the original.",
    DifferenceKind.UNNAMED: "These words were struck out or hidden where they were copied.",
    DifferenceKind.NEW: "These words are not in the clipboard in this form. Compare them with the original.",
    DifferenceKind.PARTED: "This number and the word after it stood together. Compare them with the original.",
}


def unsaid_differences(source: str, blocks: list[Block], remarks: list[Remark]) -> list[Difference]:
    """Return how ``blocks`` differ from ``source``, other than as their remarks and ``remarks`` say."""
    parsed = ParsedMonograph(
        "", sections={SectionType.HOW_IT_WORKS: blocks}, remarks=list(remarks), markup=Markup.HTML
    )
    return differences(HtmlInventory.of(source), inventory_of(parsed))


def unsaid_remarks(source: str, blocks: list[Block], remarks: list[Remark]) -> list[Remark]:
    """Return a remark for each difference that no other remark names.

    Words that a merged cell repeats, and numbers that were parted by design, are no difference here.
    """
    there = set(source.split()) | set(" ".join(e.token.text for e in HtmlInventory.of(source).entries).split())
    return [
        Remark(
            RemarkKind.UNSURE if each.kind is DifferenceKind.NEW else RemarkKind.OMITTED,
            _MESSAGES[each.kind],
            each.quote,
        )
        for each in unsaid_differences(source, blocks, remarks)
        if each.kind is not DifferenceKind.PARTED
        and not (each.kind is DifferenceKind.NEW and set(each.quote.split()) <= there)
    ]
