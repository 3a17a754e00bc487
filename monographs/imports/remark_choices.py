"""The importer's choices about remarks: a change undone, or words taken in that were left out."""

from collections.abc import Iterable, Set
from copy import deepcopy
from difflib import SequenceMatcher
from html import escape

from monographs.imports.parsed_text import (
    Block,
    Markup,
    ParsedList,
    ParsedParagraph,
    ParsedTable,
    texts_of,
)
from monographs.imports.remarks import Remark, RemarkKind


def can_choose(remark: Remark) -> bool:
    """Whether there is something to choose: a text without the change, or words to take in."""
    return remark.undone is not None or bool(remark.kind is RemarkKind.OMITTED and remark.quote)


def with_choices(block: Block, chosen: Set[int], markup: Markup) -> list[Block]:
    """Return ``block`` as the importer wants it: remarks numbered ``chosen`` undone, or their words added.

    Words that were left out and have no text to go back to come after the block.
    """
    result = deepcopy(block)
    remarks = [remark for n, remark in enumerate(block.remarks) if n in chosen]
    _undo(result, [remark for remark in remarks if remark.undone is not None])
    added = [
        ParsedParagraph(escape(remark.quote, quote=False) if markup is Markup.HTML else remark.quote)
        for remark in remarks
        if remark.undone is None and remark.kind is RemarkKind.OMITTED
    ]
    return [result, *added]


def _undo(block: Block, remarks: list[Remark]) -> None:
    """Set each text of ``block`` that ``remarks`` are about to what it is without their changes."""
    by_text: dict[int, list[str]] = {}
    texts = _all_texts(block)
    for remark in remarks:
        if remark.undone is not None and texts:
            by_text.setdefault(_text_of(texts, remark), []).append(remark.undone)
    for n, versions in by_text.items():
        _set_text(block, n, merged(texts[n], versions))


def _all_texts(block: Block) -> list[str]:
    if isinstance(block, ParsedTable):
        return [block.caption, *(cell for row in block.rows for cell in row)]
    return texts_of(block)


def _text_of(texts: list[str], remark: Remark) -> int:
    """Return the number of the text that a remark changes: of those like the undone one, the most alike."""
    undone = remark.undone or ""
    return max(range(len(texts)), key=lambda n: (SequenceMatcher(None, texts[n], undone).ratio(), -n))


def _set_text(block: Block, n: int, text: str) -> None:
    if isinstance(block, ParsedList):
        block.items[n].text = text
    elif isinstance(block, ParsedTable):
        if n == 0:
            block.caption = text
        else:
            row, column = divmod(n - 1, len(block.rows[0]))
            block.rows[row][column] = text
    else:
        block.text = text


def merged(text: str, versions: Iterable[str]) -> str:
    """Return ``text`` with the changes that lead to each of ``versions``; of two at one place the first."""
    changes: list[tuple[int, int, str]] = []
    for version in versions:
        matcher = SequenceMatcher(None, text, version, autojunk=False)
        for operation, start, end, first, last in matcher.get_opcodes():
            free = all(end <= other[0] or start >= other[1] for other in changes)
            if operation != "equal" and free:
                changes.append((start, end, version[first:last]))
    for start, end, words in sorted(changes, reverse=True):
        text = text[:start] + words + text[end:]
    return text
