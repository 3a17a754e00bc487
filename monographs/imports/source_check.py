"""Compare a parsed text with the inventory of its source, and tell the importer of every difference."""

import logging
from collections.abc import Callable

from monographs.imports.draft_inventory import inventory_of
from monographs.imports.inventory import Difference, DifferenceKind, Inventory, differences
from monographs.imports.parsed_text import Block, ParsedMonograph, texts_of
from monographs.imports.remarks import Remark, RemarkKind
from monographs.imports.rich_text import inline_plain

logger = logging.getLogger(__name__)

_MESSAGES = {
    DifferenceKind.MISSING: "These words are in the file, but were not read{place}. Add them if they belong here.",
    DifferenceKind.NEW: "The file does not have these words in this form. Compare them with the file.",
    DifferenceKind.UNNAMED: "These words are struck out, hidden or not part of the text{place}; they were left out.",
    DifferenceKind.PARTED: "These stand together in the file{place}, but were read apart. Compare with the file.",
}
_FAILED = "The text could not be compared with the file word for word. Compare it before you go on."


def report_differences(parsed: ParsedMonograph, source: Callable[[], Inventory]) -> None:
    """Add a remark to ``parsed`` for every word, number or sign that differs from ``source``."""
    try:
        found = differences(source(), inventory_of(parsed))
    except Exception:  # a fault of the comparison must not keep anybody from importing, nor pass unseen
        logger.exception("a text could not be compared with its source")
        parsed.remarks.append(Remark(RemarkKind.UNSURE, _FAILED, parsed.name, result=parsed.name))
        return
    for difference in found:
        remark = _remark(difference)
        block = _block_with(parsed, difference) if difference.kind is DifferenceKind.NEW else None
        (parsed.remarks if block is None else block.remarks).append(remark)


def _remark(difference: Difference) -> Remark:
    place = f" ({difference.place})" if difference.place else ""
    kind = RemarkKind.UNSURE if difference.kind is DifferenceKind.NEW else RemarkKind.OMITTED
    result = difference.quote if difference.kind is DifferenceKind.NEW else ""
    return Remark(kind, _MESSAGES[difference.kind].format(place=place), difference.quote, result=result)


def _block_with(parsed: ParsedMonograph, difference: Difference) -> Block | None:
    """Return the only block that has the words of a difference."""
    blocks = [*parsed.serious, *(block for group in parsed.sections.values() for block in group)]
    found = [
        block
        for block in blocks
        if any(difference.quote in inline_plain(text, markup=parsed.markup) for text in texts_of(block))
    ]
    return found[0] if len(found) == 1 else None
