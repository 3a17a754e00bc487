"""A list of references at the end of a text, offered as sources that a writer may accept."""

import re
from dataclasses import dataclass

from monographs.imports.footnote_sources import LONGEST_TITLE, address_in
from monographs.imports.parsed_text import (
    Block,
    Markup,
    ParsedList,
    ParsedParagraph,
    SourceOffer,
    Subheading,
)
from monographs.imports.rich_text import inline_plain

_HEADING = re.compile(
    r"(?:list of )?(?:references?|sources?|bibliography|literature|further reading|citations?)", re.IGNORECASE
)
_NUMBER = re.compile(r"^\s*[\[(]?(\d{1,3})[\])]?[.:)]?\s+(?=\S)")
_SET_ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
_LABEL_ADDRESS = "https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid="
_SEEN = re.compile(r"\s*[,;.]?\s*(?:accessed|retrieved|seen|available (?:at|from)):?\s.*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SourcesOffer:
    """Sources in the blocks ``first`` to ``last``, the heading of the list included."""

    first: int
    last: int
    sources: list[SourceOffer]


def source_offer(blocks: list[Block], *, markup: Markup) -> SourcesOffer | None:
    """Return the sources that a list of references at the end of a section's ``blocks`` names."""
    for n, block in enumerate(blocks):
        if isinstance(block, Subheading | ParsedParagraph) and _is_heading(block.text, markup):
            lines = [_lines(below, markup) for below in blocks[n + 1 :]]
            sources = [source for group in lines for source in group]
            if sources and all(lines) and all(len(source.title) <= LONGEST_TITLE for source in sources):
                return SourcesOffer(n, len(blocks) - 1, _numbered(sources))
    return None


def _is_heading(text: str, markup: Markup) -> bool:
    return bool(_HEADING.fullmatch(inline_plain(text, markup=markup).strip(" :.*_")))


def _lines(block: Block, markup: Markup) -> list[SourceOffer]:
    """Return the sources of a list, or of a paragraph that begins with a number; none of any other block."""
    if isinstance(block, ParsedList):
        return [_source(item.text, markup) for item in block.items]
    if isinstance(block, ParsedParagraph):
        words = inline_plain(block.text, markup=markup)
        known = _NUMBER.match(words) or address_in(words) or _SET_ID.search(words)
        return [_source(block.text, markup)] if known else []
    return []


def _source(text: str, markup: Markup) -> SourceOffer:
    words = " ".join(inline_plain(text, markup=markup).split())
    number = _NUMBER.match(words)
    bare = words[number.end() :] if number else words
    address, set_id = address_in(bare), _SET_ID.search(bare)
    if set_id and not address:
        address = _LABEL_ADDRESS + set_id[0].lower()
    title = bare.replace(address, "").strip(" <>().,;") if address else bare
    title = _SEEN.sub("", title).strip(" .,;") or bare
    return SourceOffer(title=title, address=address, number=int(number[1]) if number else 0)


def _numbered(sources: list[SourceOffer]) -> list[SourceOffer]:
    """Number a list that has no numbers of its own, as readers count it."""
    if not any(source.number for source in sources):
        for number, source in enumerate(sources, start=1):
            source.number = number
    return sources
