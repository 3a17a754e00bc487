"""Where each paragraph of a text lands, and moving it elsewhere before anything is saved."""

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
#: Nowhere: the paragraph is not imported.
NOWHERE = ""
#: Every place a paragraph can land in, in the order patients see them, with its heading.
PLACES: dict[str, str] = {
    place: heading
    for section in SECTION_ORDER
    for place, heading in (
        (section.value, SECTION_HEADINGS[section]),
        *([(SERIOUS, SERIOUS_HEADING)] if section == SectionType.COMMON_SIDE_EFFECTS else []),
    )
} | {NOWHERE: "Leave out"}


@dataclass(frozen=True, slots=True)
class PlacedBlock:
    """A paragraph, list or table of a text: where it lands by itself, and why it has no place."""

    number: int
    block: Block
    place: str
    reason: str = ""

    def html(self, markup: Markup) -> str:
        """The piece as patients would see it, safe to show."""
        return sanitise(as_html([self.block], markup=markup))

    def plain(self, markup: Markup) -> str:
        """The words of the piece."""
        return " ".join(inline_plain(text, markup=markup) for text in texts_of(self.block))


def placed_blocks(parsed: ParsedMonograph) -> list[PlacedBlock]:
    """Everything a text says, leftovers last, each with a number of its own."""
    found = (
        *(
            (block, section.value, "")
            for section in SECTION_ORDER
            for block in parsed.sections.get(section, ())
        ),
        *((block, SERIOUS, "") for block in parsed.serious),
        *(
            (_paragraph(line, parsed), NOWHERE, "It stands outside every section.")
            for line in parsed.unplaced
        ),
        *(
            (_paragraph(line, parsed), NOWHERE, "It looks like part of a web page.")
            for line in parsed.left_out
        ),
    )
    return [PlacedBlock(number, *piece) for number, piece in enumerate(found)]


def _paragraph(line: str, parsed: ParsedMonograph) -> ParsedParagraph:
    return ParsedParagraph(escape(line, quote=False) if parsed.markup is Markup.HTML else line)


def apply_placement(parsed: ParsedMonograph, places: Mapping[int, str]) -> ParsedMonograph:
    """``parsed`` with each piece where ``places`` says, by its number; the others where they were.

    What is moved into a section comes after that section's own paragraphs.
    """
    moved = deepcopy(parsed)
    moved.sections, moved.serious, moved.unplaced, moved.left_out = {}, [], [], []
    pieces = placed_blocks(parsed)
    for place in PLACES:
        landing = [piece.block for piece in _landing(pieces, places, place)]
        if place == SERIOUS:
            moved.serious = deepcopy(landing)
        elif landing and place != NOWHERE:
            moved.sections[SectionType(place)] = deepcopy(landing)
    return moved


def _landing(pieces: list[PlacedBlock], places: Mapping[int, str], place: str) -> Iterator[PlacedBlock]:
    here = [piece for piece in pieces if places.get(piece.number, piece.place) == place]
    yield from sorted(here, key=lambda piece: piece.place != place)
