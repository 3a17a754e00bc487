"""Convert the HTML of a clipboard to blocks, with a remark for every difference in meaning."""

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from monographs.core.link_targets import LinkKind, link_target
from monographs.imports.clipboard.assembly import Assembly
from monographs.imports.clipboard.elements import parse_clipboard
from monographs.imports.clipboard.pasted_units import PasteNotice
from monographs.imports.clipboard.plain_lines import units_of
from monographs.imports.clipboard.reader import ClipboardReader
from monographs.imports.parsed_text import Block
from monographs.imports.remarks import Remark

#: Returns the ids of the pages at public paths.
PageFinder = Callable[[str], int | None]


@dataclass(slots=True)
class ClipboardText:
    """Blocks whose texts are rich text (``Markup.HTML``); ``remarks`` belong to none of them."""

    blocks: list[Block] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def all_remarks(self) -> list[Remark]:
        """Every remark in the order of the text."""
        return [*self.remarks, *(remark for block in self.blocks for remark in block.remarks)]


def no_page(_path: str) -> int | None:
    """Find no page."""
    return None


def read_clipboard(source: str, find_page: PageFinder = no_page) -> ClipboardText:
    """Return what ``source``, the HTML of a clipboard, says. Never raises for any HTML."""
    tree = parse_clipboard(source)
    reader = ClipboardReader(tree)
    reader.read(tree)
    assembly = Assembly(lambda address, words, notices: _link(address, words, notices, find_page))
    assembly.add_all(reader.units)
    assembly.note(reader.notices)
    return ClipboardText(assembly.blocks, assembly.remarks)


def read_plain_text(source: str) -> ClipboardText:
    """Return what a clipboard without HTML says. Nothing in it is markup."""
    assembly = Assembly(lambda _address, _words, _notices: "")
    assembly.add_all(units_of(source))
    return ClipboardText(assembly.blocks, assembly.remarks)


def _link(address: str, words: str, notices: list[PasteNotice], find_page: PageFinder) -> str:
    """Return the opening tag for a link to ``address``; "" where only its words are kept, with a notice."""
    target = link_target(address)
    if target.kind is LinkKind.OWN_PAGE:
        page = find_page(target.path)
        if page is None:
            notices.append(
                PasteNotice(f"The link was left out: {target.path} is no page of this site.", words)
            )
            return ""
        return f'<a linktype="page" id="{page}">'
    if not target.is_kept:
        notices.append(PasteNotice(f"The link was left out. {target.change}", words))
        return ""
    if target.change:
        notices.append(PasteNotice(f"Changed: {target.change}", words))
    return f'<a href="{escape(target.address)}">'
