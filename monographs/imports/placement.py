"""Assign the blocks of a text to sections, and apply the importer's choices before anything is saved."""

from collections.abc import Iterator, Mapping, Set
from copy import deepcopy
from dataclasses import dataclass, field
from html import escape

from monographs.document import SECTION_HEADINGS, SECTION_ORDER, SectionType
from monographs.document.html import sanitise
from monographs.document.sections import SERIOUS_HEADING
from monographs.imports.effect_offers import EffectsOffer, effect_offers
from monographs.imports.parsed_text import (
    Block,
    Markup,
    ParsedMonograph,
    ParsedParagraph,
    ParsedTable,
    texts_of,
)
from monographs.imports.remark_choices import with_choices
from monographs.imports.remarks import Remark
from monographs.imports.rich_text import as_html, inline_html, inline_plain
from monographs.imports.source_offers import SourcesOffer, source_offer

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
    """A paragraph, list or table of a text, with the place the parser chose, or why it chose none.

    ``remark`` is the remark on the whole text whose words the block is, if it is one of those.
    """

    number: int
    block: Block
    place: str
    reason: str = ""
    remark: Remark | None = None

    def html(self, markup: Markup, undone: Set[int] = frozenset()) -> str:
        """Return sanitised HTML, as patients would see it, with the remarks numbered ``undone`` undone."""
        return "".join(_html(block, markup) for block in with_choices(self.block, undone, markup))

    def plain(self, markup: Markup) -> str:
        """Return the text without markup."""
        return " ".join(inline_plain(text, markup=markup) for text in texts_of(self.block))


def _html(block: Block, markup: Markup) -> str:
    if not isinstance(block, ParsedTable):
        return sanitise(as_html([block], markup=markup))
    caption = f"<caption>{_cell(block.caption, markup)}</caption>" if block.caption else ""
    rows = "".join(_row(block, n, markup) for n in range(len(block.rows)))
    attributes = 'class="import-table" tabindex="0" role="region" aria-label="Table"'
    return f"<figure {attributes}><table>{caption}{rows}</table></figure>"


def _row(block: ParsedTable, n: int, markup: Markup) -> str:
    cells = []
    for column, cell in enumerate(block.rows[n]):
        heads_column, heads_row = block.header_row and n == 0, block.row_headers and column == 0
        tag, scope = ("th", "col" if heads_column else "row") if heads_column or heads_row else ("td", "")
        attribute = f' scope="{scope}"' if scope else ""
        cells.append(f"<{tag}{attribute}>{_cell(cell, markup)}</{tag}>")
    return f"<tr>{''.join(cells)}</tr>"


def _cell(text: str, markup: Markup) -> str:
    return sanitise(inline_html(text, markup=markup))


def placed_blocks(parsed: ParsedMonograph) -> list[PlacedBlock]:
    """Return all blocks of a text, numbered, those without a section last, and words that were left out."""
    found: tuple[tuple[Block, str, str, Remark | None], ...] = (
        *(
            (block, section.value, "", None)
            for section in SECTION_ORDER
            for block in parsed.sections.get(section, ())
        ),
        *((block, SERIOUS, "", None) for block in parsed.serious),
        *(
            (_paragraph(line, parsed), OMITTED, "It is outside every section.", None)
            for line in parsed.unplaced
        ),
        *(
            (_paragraph(line, parsed), OMITTED, "It looks like part of a web page.", None)
            for line in parsed.left_out
        ),
        *(
            (_paragraph(remark.quote, parsed), OMITTED, remark.message, remark)
            for remark in parsed.remarks
            if remark.can_take_in
        ),
    )
    return [PlacedBlock(number, *placed) for number, placed in enumerate(found)]


def _paragraph(line: str, parsed: ParsedMonograph) -> ParsedParagraph:
    return ParsedParagraph(escape(line, quote=False) if parsed.markup is Markup.HTML else line)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the importer chose in the preview, by the numbers of blocks.

    ``places`` are those of moved blocks, ``undone`` the numbers of the remarks on a block that are undone,
    ``accepted`` the blocks whose side effects or sources are stored as such.
    """

    places: Mapping[int, str] = field(default_factory=dict)
    undone: Mapping[int, frozenset[int]] = field(default_factory=dict)
    accepted: frozenset[int] = frozenset()

    def place_of(self, placed: PlacedBlock) -> str:
        """Return the place of a block."""
        return self.places.get(placed.number, placed.place)


@dataclass(frozen=True, slots=True)
class Offer:
    """Structure in a text that can be accepted: the ``numbers`` of its blocks, and what they become."""

    number: int
    numbers: frozenset[int]
    place: str
    effects: EffectsOffer | None = None
    sources: SourcesOffer | None = None


def offers_in(parsed: ParsedMonograph, choices: Choices) -> list[Offer]:
    """Return what can be accepted, in reading order, with the blocks where they are placed now."""
    blocks = placed_blocks(parsed)
    found: list[Offer] = []
    for place in PLACES:
        here = list(_placed_in(blocks, choices, place)) if place != OMITTED else []
        content = [_chosen(placed, choices, parsed.markup)[0] for placed in here]
        references = source_offer(content, markup=parsed.markup)
        taken = range(references.first, references.last + 1) if references else range(0)
        if place in {SectionType.COMMON_SIDE_EFFECTS.value, SERIOUS}:
            for effects in effect_offers(content, markup=parsed.markup, serious=place == SERIOUS):
                rows = [n for n in (effects.band_at, effects.at) if n is not None]
                if not set(rows) & set(taken):
                    found.append(_offer(here, rows, place, effects=effects))
        if references:
            found.append(_offer(here, list(taken), place, sources=references))
    return found


def _offer(
    here: list[PlacedBlock],
    rows: list[int],
    place: str,
    effects: EffectsOffer | None = None,
    sources: SourcesOffer | None = None,
) -> Offer:
    numbers = frozenset(here[n].number for n in rows)
    return Offer(here[rows[-1]].number, numbers, place, effects, sources)


def apply_choices(parsed: ParsedMonograph, choices: Choices) -> ParsedMonograph:
    """Return ``parsed`` with the importer's choices; what they do not mention stays as it is.

    A block that is moved into a section comes after that section's own blocks.
    """
    moved = deepcopy(parsed)
    moved.sections, moved.serious, moved.unplaced, moved.left_out = {}, [], [], []
    accepted = [offer for offer in offers_in(parsed, choices) if offer.number in choices.accepted]
    structured = {number for offer in accepted for number in offer.numbers}
    blocks = placed_blocks(parsed)
    for place in PLACES:
        here = [
            block
            for placed in _placed_in(blocks, choices, place)
            if placed.number not in structured
            for block in _chosen(placed, choices, parsed.markup)
        ]
        if place == SERIOUS:
            moved.serious = here
        elif here and place != OMITTED:
            moved.sections[SectionType(place)] = here
    taken_in = [placed.remark for placed in blocks if placed.remark and choices.place_of(placed) != OMITTED]
    moved.remarks = [remark for remark in parsed.remarks if remark not in taken_in]
    for placed in blocks:
        if placed.number in structured:
            moved.remarks += _chosen(placed, choices, parsed.markup)[0].remarks
    for offer in accepted:
        _accept(moved, offer)
        moved.remarks += offer.effects.remarks if offer.effects else []
    return moved


def _accept(moved: ParsedMonograph, offer: Offer) -> None:
    if offer.effects:
        into = moved.serious_effects if offer.place == SERIOUS else moved.common_effects
        into.extend(deepcopy(offer.effects.effects))
    if offer.sources:
        moved.sources.extend(deepcopy(offer.sources.sources))


def _chosen(placed: PlacedBlock, choices: Choices, markup: Markup) -> list[Block]:
    return with_choices(placed.block, choices.undone.get(placed.number, frozenset()), markup)


def _placed_in(blocks: list[PlacedBlock], choices: Choices, place: str) -> Iterator[PlacedBlock]:
    here = [placed for placed in blocks if choices.place_of(placed) == place]
    yield from sorted(here, key=lambda placed: placed.place != place)
