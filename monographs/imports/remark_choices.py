"""The importer's choices about remarks: a change undone, or words taken in that were left out."""

from collections.abc import Sequence, Set
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
from monographs.imports.remarks import Remark


def can_choose(remark: Remark) -> bool:
    """Whether there is something to choose: a text without the change, or words to take in."""
    return remark.undone is not None or remark.can_take_in


def with_choices(block: Block, chosen: Set[int], markup: Markup) -> list[Block]:
    """Return ``block`` as the importer wants it: remarks numbered ``chosen`` undone, or their words added.

    Words that were left out and have no text to go back to come after the block.
    """
    result = deepcopy(block)
    blocked = _undo(result, chosen)
    # What was undone is no difference any more, and nothing to remark
    result.remarks = [
        remark
        for n, remark in enumerate(block.remarks)
        if n not in chosen or n in blocked or not can_choose(remark)
    ]
    added = [
        ParsedParagraph(escape(remark.quote, quote=False) if markup is Markup.HTML else remark.quote)
        for n, remark in enumerate(block.remarks)
        if n in chosen and remark.undone is None and remark.can_take_in
    ]
    return [result, *added]


def not_undone(block: Block, chosen: Set[int]) -> frozenset[int]:
    """Return which of the ``chosen`` remarks cannot be undone, as another one is about the same letters."""
    return _undo(deepcopy(block), chosen)


def _undo(block: Block, chosen: Set[int]) -> frozenset[int]:
    """Undo the changes of the ``chosen`` remarks in ``block``; return those that stand in another's way."""
    texts = _all_texts(block)
    by_text: dict[int, dict[int, str]] = {}
    for n, remark in enumerate(block.remarks):
        if n in chosen and remark.undone is not None and texts:
            by_text.setdefault(_text_of(texts, remark), {})[n] = remark.undone
    skipped: set[int] = set()
    for position, versions in by_text.items():
        text, left = merged(texts[position], list(versions.values()))
        _set_text(block, position, text)
        skipped |= {list(versions)[n] for n in left}
    return frozenset(skipped)


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


def merged(text: str, versions: Sequence[str]) -> tuple[str, list[int]]:
    """Return ``text`` with the changes that lead from it to each of ``versions``.

    A version that changes the same letters as one before it is skipped; the numbers of those come second.
    """
    changes: list[tuple[int, int, str]] = []
    skipped: list[int] = []
    for number, version in enumerate(versions):
        operations = SequenceMatcher(None, text, version, autojunk=False).get_opcodes()
        own = [(a, b, version[c:d]) for tag, a, b, c, d in operations if tag != "equal"]
        if all(_is_free(change, changes) for change in own):
            changes += own
        else:
            skipped.append(number)
    for start, end, words in sorted(changes, reverse=True):
        text = text[:start] + words + text[end:]
    return text, skipped


def _is_free(change: tuple[int, int, str], others: Sequence[tuple[int, int, str]]) -> bool:
    start, end, _ = change
    return all((end <= a or start >= b) and (start, end) != (a, b) for a, b, _ in others)
