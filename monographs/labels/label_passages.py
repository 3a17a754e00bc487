"""The passages of a label: its headings and sentences, and the rows of its tables.

A passage is what a statement of a monograph can cite, and what two versions are compared by.
"""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from enum import StrEnum
from html import escape

from monographs.document.canonical import sha256_hex
from monographs.document.html import plain_text
from monographs.document.parts import Table
from monographs.labels.label import Block, Label, LabelTable, LabelText, SourceFormat
from monographs.labels.section_codes import Guard, SectionCode, SectionMeaning, Use, section_meanings
from monographs.labels.text_keys import letters, wording
from monographs.redline import LINE_BREAK, Form
from monographs.redline.html_lines import lines_of_html
from monographs.redline.tokens import Pieces


class LabelPassageKind(StrEnum):
    """What a passage is in the label."""

    HEADING = "heading"
    SENTENCE = "sentence"
    ROW = "row"


#: Between the cells of a row in a passage's text.
CELL_END = " | "


@dataclass(frozen=True, slots=True)
class LabelPassage:
    """A heading, a sentence, or a row of a table.

    ``section`` is the key of its section (``LabelSection.key``), ``code`` the code it counts under,
    ``heading`` the title of that section. ``highlight`` is true on the label's first page. ``table`` counts
    the tables of all sections of ``code``, from 1; 0 outside tables. ``pieces`` is the text with its forms.
    """

    section: str
    code: str
    heading: str
    text: str
    kind: LabelPassageKind = LabelPassageKind.SENTENCE
    highlight: bool = False
    table: int = 0
    pieces: Pieces = ()

    @property
    def key(self) -> str:
        """SHA-256 of its words: the same in each version that says the same, however it is set."""
        return sha256_hex(f"{self.code} {wording(self.text) or letters(self.text)}".encode())


#: Words before a full stop that ends no sentence.
_ABBREVIATIONS = re.compile(
    r"(?:^|[\s(\[])(?:e\.g|i\.e|vs|approx|no|dr|st|inc|etc|al|fig|ca|cf|ref|vol|co|ltd|[a-z]|u\.s|p\.a)\.$",
    re.IGNORECASE,
)
_END = re.compile(
    r"(?<=[a-z)\]])[.!?]\s{0,3}\d{1,2}\s+(?=[A-Z][a-z])"
    r"(?!(?:Tablet|Caplet|Capsule|Softgel|Teaspoon|Dose|Drop|Spray|Day|Week)s?\b)"
    r"|[.!?][\"”’)\]]*\s+(?:\(\s?\d[\d., ]*\)\s*)?(?=[\"“(\[]?[A-Z0-9•○▪●■≥<>])"
    r"|(?<=[a-z)\]])[.!?](?=[A-Z][a-z]|\d{1,2}\.\d{1,2}\s[A-Z][a-z])|\s(?=[•○▪●■]\s?)|\n+|\u2028+"
)
#: Numbers of the items of a list that was flattened, and words whose number is none of an item.
_ITEM = re.compile(r"(?<!\S)(\d{1,2})\.\s{0,3}(?=[A-Z][A-Za-z])")
_COUNTED_BEFORE = re.compile(
    r"\b(?:grade|cycle|day|week|table|figure|stage|type|phase|study|level|class|group|to|than|of)\s$",
    re.IGNORECASE,
)
_SHORTEST_LIST = 3
#: A number of a section with a space in it: 2.5. 1.
_NUMBER_GOES_ON = re.compile(r"(?<!\S)\d{1,2}\.\d{1,2}\.$")


def _items(text: str) -> dict[int, int]:
    """Return where the numbers of list items (1, 2, 3 …) begin and end."""
    chain: list[re.Match[str]] = []
    found: dict[int, int] = {}
    for match in _ITEM.finditer(text):
        if _COUNTED_BEFORE.search(text[max(match.start() - 12, 0) : match.start()]):
            continue
        if int(match[1]) == len(chain) + 1:
            chain.append(match)
        elif match[1] == "1":
            chain = [match]
        if len(chain) >= _SHORTEST_LIST:
            found |= {each.start(): each.end() for each in chain}
    return found


#: A sentence is not longer; a label without full stops is cut there, so that no comparison takes for ever.
_LONGEST = 2_000


def sentences_of(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places (start, end) of the sentences of a text, without the numbers of list items.

    Brackets that are open are not split.
    """
    start = 0
    for item, after in sorted(_items(text).items()):
        yield from _sentences(text, start, item)
        start = after
    yield from _sentences(text, start, len(text))


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _END.finditer(text, start, end):
        sentence = text[start : match.start() + 1]
        is_open = sentence.rfind("[") > sentence.rfind("]") and len(sentence) - sentence.rfind("[") < 200  # noqa: PLR2004
        is_number = _NUMBER_GOES_ON.search(sentence[-7:]) and text[match.end() : match.end() + 1].isdigit()
        if match[0].strip() and (is_open or is_number or _ABBREVIATIONS.search(sentence[-12:])):
            continue
        yield from _trimmed(text, start, match.end())
        start = match.end()
    yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > _LONGEST:
        middle = text.rfind(" ", start, start + _LONGEST) + 1 or start + _LONGEST
        middle = middle if middle > start else start + _LONGEST
        yield from _trimmed(text, start, middle)
        start = middle
    part = text[start:end]
    if part.strip():
        lead = len(part) - len(part.lstrip())
        yield start + lead, start + len(part.rstrip())


@dataclass(frozen=True, slots=True)
class SectionText:
    """All text under one code: what two versions are compared by. ``tables`` are in reading order."""

    code: SectionCode
    heading: str
    passages: tuple[LabelPassage, ...]
    tables: tuple[LabelTable, ...]


def unchanged_codes(old: Label, new: Label) -> frozenset[str]:
    """Return the codes whose sections have the same text, tables and figures in two labels.

    Most sections do not change, and telling that takes a small part of the time of taking them apart.
    """
    before, after = _blocks_by_code(old), _blocks_by_code(new)
    return frozenset(code for code, blocks in before.items() if after.get(code) == blocks)


def _blocks_by_code(label: Label) -> dict[str, list[tuple[str, tuple[Block, ...], tuple[Block, ...]]]]:
    found: dict[str, list[tuple[str, tuple[Block, ...], tuple[Block, ...]]]] = {}
    for placed in section_meanings(label.sections):
        section = placed.section
        title = section.title if _is_heading(label, placed) else ""
        found.setdefault(placed.code.code, []).append((title, section.highlights, section.blocks))
    return found


def section_texts(label: Label, without: Set[str] = frozenset()) -> dict[str, SectionText]:
    """Return the texts of a label by code, in reading order; not those of sections to be ignored.

    Codes in ``without`` are left out.
    """
    passages: dict[str, list[LabelPassage]] = {}
    tables: dict[str, list[LabelTable]] = {}
    codes: dict[str, tuple[SectionCode, str]] = {}
    for placed in section_meanings(label.sections):
        code = placed.code.code
        if placed.code.use is Use.IGNORE or code in without:
            continue
        codes.setdefault(code, (placed.code, placed.heading))
        here, own = passages.setdefault(code, []), tables.setdefault(code, [])
        if _is_heading(label, placed):
            here.append(_passage(placed, placed.section.title, LabelPassageKind.HEADING))
        for highlight, blocks in ((True, placed.section.highlights), (False, placed.section.blocks)):
            for block in blocks:
                here += _of_block(block, placed, len(own) + 1, highlight=highlight)
                own += [block] if isinstance(block, LabelTable) else []
    return {
        code: SectionText(known, heading, tuple(passages[code]), tuple(tables[code]))
        for code, (known, heading) in codes.items()
    }


def _is_heading(label: Label, placed: SectionMeaning) -> bool:
    """Whether a title says more than its code: that of a section without one, and that of the box.

    Titles of openFDA are names of fields.
    """
    section, code = placed.section, placed.code
    telling = bool(section.title) and (code.code != section.code or code.guard is Guard.BOXED)
    return telling and label.source_format is SourceFormat.SPL


def passages_of(label: Label) -> tuple[LabelPassage, ...]:
    """Return all passages of a label, section by section; not those of sections to be ignored."""
    return tuple(passage for each in section_texts(label).values() for passage in each.passages)


def _passage(
    placed: SectionMeaning, text: str, kind: LabelPassageKind, *, highlight: bool = False
) -> LabelPassage:
    pieces = ((text, Form()),)
    return LabelPassage(
        placed.section.key, placed.code.code, placed.heading, text, kind, highlight, 0, pieces
    )


def _of_block(
    block: Block, placed: SectionMeaning, number: int, *, highlight: bool
) -> Iterator[LabelPassage]:
    sentence = LabelPassageKind.SENTENCE
    match block:
        case LabelText():
            for text, pieces in _sentences_of_html(block.html):
                yield replace(_passage(placed, text, sentence, highlight=highlight), pieces=pieces)
        case LabelTable():
            caption = [block.caption] if block.caption else []
            for text, pieces in _sentences_of(caption):
                yield replace(
                    _passage(placed, text, sentence, highlight=highlight), pieces=pieces, table=number
                )
            for text in row_texts(rows_without_notes(block)):
                yield replace(_passage(placed, text, LabelPassageKind.ROW, highlight=highlight), table=number)
            for text, pieces in _sentences_of([*notes_of(block), *block.footnotes]):
                yield replace(
                    _passage(placed, text, sentence, highlight=highlight), pieces=pieces, table=number
                )


def _sentences_of(lines: Iterable[str]) -> Iterator[tuple[str, Pieces]]:
    for line in lines:
        yield from _sentences_of_html(f"<p>{line}</p>")


#: Letters from which on the only cell of a row is a note under the table and no value in it.
_SHORTEST_NOTE = 60


def _is_note(row: Sequence[str]) -> bool:
    filled = {cell for cell in row if cell}
    return len(filled) == 1 and len(plain_text(next(iter(filled)))) >= _SHORTEST_NOTE


def notes_of(table: LabelTable) -> Iterator[str]:
    """Yield the rows that are one long cell: what labels write under a table, as a row of it or not."""
    grid = table.as_document_table()
    if grid.column_count > 1:
        yield from (next(cell for cell in row if cell) for row in grid.rows if _is_note(row))


def rows_without_notes(table: LabelTable, *, repeat: bool = True) -> Table:
    """Return the table of documents without the rows that ``notes_of`` yields."""
    grid = table.as_document_table()
    shown = table.as_document_table(repeat=repeat)
    if grid.column_count <= 1:
        return shown
    kept = (row for row, whole in zip(shown.rows, grid.rows, strict=True) if not _is_note(whole))
    return shown.model_copy(update={"rows": tuple(kept)})


def row_texts(table: Table) -> Iterator[str]:
    """Yield the text of each row, the header row first; a merged cell is said once."""
    for row in table.all_rows:
        cells = [plain_text(cell) for cell in row]
        kept = [cell for at, cell in enumerate(cells) if cell and (not at or cell != cells[at - 1])]
        if kept:
            yield CELL_END.join(kept)


def _sentences_of_html(html: str) -> Iterator[tuple[str, Pieces]]:
    for _context, pieces in lines_of_html(html):
        # Spaces that do not break come and go between crawls; each is one character, too
        whole = "".join(text for text, _ in pieces).replace("\u00a0", " ")
        for start, end in sentences_of(whole):
            part = _slice(pieces, start, end)
            yield _shown(part), part


def _slice(pieces: Pieces, start: int, end: int) -> Pieces:
    at, result = 0, []
    for text, form in pieces:
        part = text[max(start - at, 0) : max(end - at, 0)]
        at += len(text)
        if part:
            result.append((part, form))
    return tuple(result)


def _shown(pieces: Pieces) -> str:
    """The text of pieces, with raised digits of Unicode: 10⁸ is not 108."""
    html = "".join(
        f"<sup>{escape(text)}</sup>" if "sup" in form.marks else escape(text) for text, form in pieces
    )
    return plain_text(html.replace(LINE_BREAK, " "))
