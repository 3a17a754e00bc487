"""Assign the blocks of a text to sections, and move them before anything is saved."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from html import escape

from monographs.document import SECTION_HEADINGS, SECTION_ORDER, SectionType
from monographs.document.html import sanitise
from monographs.document.sections import SERIOUS_HEADING
from monographs.imports.parsed_text import Block, Markup, ParsedMonograph, ParsedParagraph, texts_of
from monographs.imports.rich_text import as_html, inline_plain

SERIOUS = "serious_side_effects"
#: The block is not imported.
OMITTED = ""
#: Every place for a block, in the order patients see them, with its heading.
PLACES: dict[str, str] = {
    place: heading
    for section in SECTION_ORDER
    for place, heading in (
        (section.value, SECTION_HEADINGS[section]),
        *([(SERIOUS, SERIOUS_HEADING)] if section == SectionType.COMMON_SIDE_EFFECTS else []),
    )
} | {OMITTED: "Leave out"}


@dataclass(frozen=True, slots=True)
class PlacedBlock:
    """A paragraph, list or table of a text, with the place the parser chose, or why it chose none."""

    number: int
    block: Block
    place: str
    reason: str = ""

    def html(self, markup: Markup) -> str:
        """Return sanitised HTML, as patients would see it."""
        return sanitise(as_html([self.block], markup=markup))

    def plain(self, markup: Markup) -> str:
        """Return the text without markup."""
        return " ".join(inline_plain(text, markup=markup) for text in texts_of(self.block))


def placed_blocks(parsed: ParsedMonograph) -> list[PlacedBlock]:
    """Return all blocks of a text, numbered, those without a section last."""
    found = (
        *(
            (block, section.value, "")
            for section in SECTION_ORDER
            for block in parsed.sections.get(section, ())
        ),
        *((block, SERIOUS, "") for block in parsed.serious),
        *((_paragraph(line, parsed), OMITTED, "It is outside every section.") for line in parsed.unplaced),
        *(
            (_paragraph(line, parsed), OMITTED, "It looks like part of a web page.")
            for line in parsed.left_out
        ),
    )
    return [PlacedBlock(number, *placed) for number, placed in enumerate(found)]


def _paragraph(line: str, parsed: ParsedMonograph) -> ParsedParagraph:
    return ParsedParagraph(escape(line, quote=False) if parsed.markup is Markup.HTML else line)


def apply_placement(parsed: ParsedMonograph, places: Mapping[int, str]) -> ParsedMonograph:
    """Return ``parsed`` with blocks moved to ``places``, by their numbers; the others stay where they are.

    A block that is moved into a section comes after that section's own blocks.
    """
    moved = deepcopy(parsed)
    moved.sections, moved.serious, moved.unplaced, moved.left_out = {}, [], [], []
    blocks = placed_blocks(parsed)
    for place in PLACES:
        placed_here = [placed.block for placed in _placed_in(blocks, places, place)]
        if place == SERIOUS:
            moved.serious = deepcopy(placed_here)
        elif placed_here and place != OMITTED:
            moved.sections[SectionType(place)] = deepcopy(placed_here)
    return moved


def _placed_in(blocks: list[PlacedBlock], places: Mapping[int, str], place: str) -> Iterator[PlacedBlock]:
    here = [placed for placed in blocks if places.get(placed.number, placed.place) == place]
    yield from sorted(here, key=lambda placed: placed.place != place)
