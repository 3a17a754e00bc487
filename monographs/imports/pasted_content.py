"""What an editor receives for a paste: rich text and tables as its fields hold them, remarks, plain text."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from html import unescape
from itertools import groupby
from typing import Any

from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.models import Page

from monographs.blocks.parts import RICH_TEXT_FEATURES, ContentBlock
from monographs.blocks.tables import table_value
from monographs.imports.clipboard.converter import read_clipboard, read_plain_text
from monographs.imports.clipboard.omissions_check import unreported_remarks
from monographs.imports.parsed_text import CELL_BREAK, Block, Markup, ParsedList, ParsedTable
from monographs.imports.raised_characters import lowered, raised
from monographs.imports.remarks import Remark, RemarkKind
from monographs.imports.rich_text import as_html
from monographs.models import ReviewedPage

_AS_LINES = "There can be no table in this field, so its rows became lines."
#: An empty cell in such a line.
_EMPTY = "–"
_AS_PARAGRAPHS = "There can be no list in this field, so its items became lines."
_RTF = (
    "The other program gave this text without a form that browsers can read. Raised numbers, struck and "
    "hidden words look like all others: compare it with the original."
)
_TAG = re.compile(r"<[^>]+>")
_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>')
_MARKED = re.compile(r"<(sup|sub)>(.*?)</\1>")


@dataclass(frozen=True, slots=True)
class PasteTarget:
    """What the field can hold: ``rich`` text at all, headings, lists, and tables beside it."""

    rich: bool = True
    headings: bool = True
    lists: bool = True
    tables: bool = True


@dataclass(frozen=True, slots=True)
class Clipboard:
    """What the clipboard held. ``rtf``: whether RTF was there, and no HTML."""

    html: str = ""
    text: str = ""
    rtf: bool = False


def pasted_content(clipboard: Clipboard, target: PasteTarget) -> dict[str, Any]:
    """Return the answer to a paste: ``pieces``, ``plain``, ``remarks``."""
    if clipboard.html:
        found = read_clipboard(clipboard.html, _page_at)
        found.remarks += unreported_remarks(clipboard.html, found.blocks, found.remarks)
    else:
        found = read_plain_text(clipboard.text)
    if clipboard.rtf and not clipboard.html:
        found.remarks.append(Remark(RemarkKind.UNSURE, _RTF, ""))
    remarks = found.all_remarks
    blocks = list(_for_target(found.blocks, target, remarks))
    plain = _plain(blocks, remarks if not target.rich else [])
    pieces = list(_pieces(blocks, target)) if target.rich else []
    return {"pieces": pieces, "plain": plain, "remarks": [_as_json(remark) for remark in remarks]}


def _as_json(remark: Remark) -> dict[str, Any]:
    return {key: value for key, value in asdict(remark).items() if key != "undone"}


def _page_at(path: str) -> int | None:
    """Return the id of the page at a public path."""
    slug = path.strip("/").rpartition("/")[2]
    for page in Page.objects.filter(slug=slug).specific():
        if isinstance(page, ReviewedPage) and page.public_path() == path:
            return int(page.pk)
    return None


def _for_target(blocks: list[Block], target: PasteTarget, remarks: list[Remark]) -> Iterable[Block]:
    """Yield blocks that the field can hold."""
    for block in blocks:
        if isinstance(block, ParsedTable) and not (target.tables and target.rich):
            remarks.append(Remark(RemarkKind.CHANGED, _AS_LINES, block.caption))
        elif isinstance(block, ParsedList) and not target.lists and target.rich:
            remarks.append(Remark(RemarkKind.CHANGED, _AS_PARAGRAPHS, ""))
        yield block


def _pieces(blocks: list[Block], target: PasteTarget) -> Iterable[dict[str, Any]]:
    for is_table, group in groupby(blocks, key=lambda b: isinstance(b, ParsedTable) and target.tables):
        if is_table:
            yield from ({"kind": "table", "value": _table_state(block)} for block in group)
        else:
            yield {"kind": "text", "content": _content_state(list(group), target)}


def _content_state(blocks: list[Block], target: PasteTarget) -> Any:
    """Return the raw content of the editor."""
    html = "".join(_html(block, target) for block in blocks)
    features = [f for f in RICH_TEXT_FEATURES if f not in {"h3", "h4"} or target.headings]
    return json.loads(ContentstateConverter(features).from_database_format(html))


def _html(block: Block, target: PasteTarget) -> str:
    if isinstance(block, ParsedList) and not target.lists:
        return "".join(
            f"<p>{_item(item.ordered, n)} {item.text}</p>" for n, item in enumerate(block.items, 1)
        )
    if isinstance(block, ParsedTable):
        return "".join(f"<p>{line}</p>" for line in _table_lines(block))
    return as_html([block], markup=Markup.HTML, subheadings=target.headings)


def _table_lines(table: ParsedTable) -> list[str]:
    """Return a line per row. An empty cell before others is a dash, so that those stay in their columns."""
    rows = (CELL_BREAK.join(cell or _EMPTY for cell in _without_end(row)) for row in table.rows)
    return [line for line in (table.caption, *rows) if line]


def _without_end(row: Sequence[str]) -> list[str]:
    """Return the cells of a row up to its last one with words."""
    filled = [n for n, cell in enumerate(row) if cell]
    return list(row[: filled[-1] + 1]) if filled else []


def _item(ordered: bool, number: int) -> str:
    return f"{number}." if ordered else "•"


def _table_state(block: Block) -> Any:
    """Return the state of a table block's fields."""
    assert isinstance(block, ParsedTable)  # noqa: S101  # for the type checker
    table = ContentBlock().child_blocks["table"]
    value = table_value(
        block.rows, caption=block.caption, header_row=block.header_row, row_headers=block.row_headers
    )
    return table.get_form_state(table.to_python(value))


def _plain(blocks: list[Block], remarks: list[Remark]) -> str:
    """Return the text for a field without formatting, a line per paragraph, item and row."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, ParsedList):
            lines += [f"{_item(item.ordered, n)} {item.text}" for n, item in enumerate(block.items, 1)]
        elif isinstance(block, ParsedTable):
            lines += _table_lines(block)
        else:
            lines.append(block.text)
    for line in lines:
        for address, words in _LINK.findall(line):
            message = f"A link cannot be kept in this field. It led to {address}."
            remarks.append(Remark(RemarkKind.UNSURE, message, _TAG.sub("", words)))
    return "\n".join(_unmarked(line) for line in lines if line)


def _unmarked(html: str) -> str:
    plain = _MARKED.sub(lambda m: raised(m[2]) if m[1] == "sup" else lowered(m[2]), html)
    return unescape(_TAG.sub("", plain.replace("<br/>", "\n")))
