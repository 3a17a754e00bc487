"""Inventory of a parsed text: everything that a draft will hold, and what its importer is told."""

from monographs.imports.html_inventory import HtmlInventory
from monographs.imports.inventory import Inventory, InventoryBuilder
from monographs.imports.parsed_text import Block, Markup, ParsedList, ParsedMonograph, texts_of
from monographs.imports.remarks import Remark, RemarkKind
from monographs.imports.rich_text import inline_html

#: How lists may be numbered: the n-th item in digits, letters and Roman numerals.
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def inventory_of(parsed: ParsedMonograph) -> Inventory:
    """Return the inventory of a parsed text; words in remarks and notes count as reported, not as text."""
    builder = InventoryBuilder()
    told = Inventory()
    for blocks in (*parsed.sections.values(), parsed.serious):
        for block in blocks:
            _add_block(builder, told, block, parsed.markup)
    for text in parsed.footnotes.values():
        builder.add_lines(text)
    for line in (*parsed.recognised, *parsed.administration, *parsed.left_out, *parsed.unplaced):
        builder.add_lines(line)
    for remark in parsed.remarks:
        _tell(told, remark)
    for note in parsed.notes:
        told.name(note)
    inventory = builder.build()
    inventory.named, inventory.explained = told.named, told.explained
    inventory.numbers, inventory.number_pairs = told.numbers, told.number_pairs
    inventory.bullets = told.bullets
    return inventory


def _add_block(builder: InventoryBuilder, told: Inventory, block: Block, markup: Markup) -> None:
    for text in texts_of(block):
        HtmlInventory.add_to(builder, inline_html(text, markup=markup))
    if isinstance(block, ParsedList):
        _imply_numbers(told, block, markup)
    for remark in block.remarks:
        _tell(told, remark)


def _imply_numbers(told: Inventory, block: ParsedList, markup: Markup) -> None:
    """Let the list's numbers stand for those that the source may have typed."""
    counts: dict[int, int] = {}
    for item in block.items:
        counts = {depth: n for depth, n in counts.items() if depth <= item.depth}
        counts[item.depth] = counts.get(item.depth, 0) + 1
        if not item.ordered:
            told.bullets += 1
            continue
        number = counts[item.depth]
        letter = _ALPHABET[(number - 1) % len(_ALPHABET)]
        words = HtmlInventory.of(inline_html(item.text, markup=markup))
        path = ".".join(str(counts[depth]) for depth in sorted(counts))
        for form in {path, str(number), letter, letter.upper(), _roman(number), _roman(number).upper()}:
            told.imply_number(form, words)


def _roman(number: int) -> str:
    digits = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        digits += letters * count
    return digits


def _tell(told: Inventory, remark: Remark) -> None:
    # What the writer is to look at is in the draft
    if remark.kind is not RemarkKind.UNSURE and remark.quote != remark.result:
        told.name(remark.quote, remark.result)
