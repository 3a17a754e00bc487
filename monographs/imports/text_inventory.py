"""Inventory of a text file, taken from its lines without the parser: every word, number and sign."""

import re

from monographs.core.characters import normalise_text
from monographs.imports.inventory import Inventory, InventoryBuilder, State
from monographs.imports.parsed_text import Markup

#: Lines that are drawn: rules, underlines, borders of tables.
_DRAWN = re.compile(r"[\s|+:=_*~#.─━═┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬│┃║\-–—]*")
_BORDER = re.compile(r"[│┃║]")
#: What Markdown reads as markup. A sign beside a digit is none, see ``_is_sign``.
_HEADING = re.compile(r"^(\s{0,3})#{1,6}\s+(.*?)\s*#*$")
_QUOTATION = re.compile(r"^\s{0,3}>\s?(?![\s>]*[.,]?\d)")
_EMPHASIS = re.compile(r"(?<![\w*_\\])(\*{1,3}|_{1,3})(?=\S)(.+?)(?<=\S)\1(?![\w*_])")
_STRUCK = re.compile(r"(?<!\w)~~(?=\S)(.+?)(?<=\S)~~(?!\w)|<(s|del|strike)>(.*?)</\2>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--(.*?)-->")
_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]*)[^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\((?!\s*[\d.,]+)([^)\s]*)[^)]*\)")
_CODE = re.compile(r"(`+)(.+?)\1")
_ESCAPED = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
_SCRIPTS = re.compile(r"</?(?:sup|sub|b|strong|i|em|br)\s*/?>", re.IGNORECASE)


def text_inventory(text: str, markup: Markup) -> Inventory:
    """Return the inventory of a plain text or of Markdown, with characters in normal form."""
    builder = InventoryBuilder()
    for line in normalise_text(text).text.split("\n"):
        if _DRAWN.fullmatch(line) and not re.search(r"\w", line.replace("_", "")):
            continue
        words = _BORDER.sub(" ", line)
        if markup is Markup.MARKDOWN:
            _add_markdown(builder, words)
        else:
            builder.add(words)
        builder.end_line()
    return builder.build()


def _add_markdown(builder: InventoryBuilder, line: str) -> None:
    words = _QUOTATION.sub("", _HEADING.sub(r"\1\2", line)).removesuffix("\\")
    for pattern in (_COMMENT, _STRUCK, _PICTURE):
        for match in pattern.finditer(words):
            void = " ".join(group for group in match.groups() if group and group.lower() not in _TAGS)
            builder.add(f" {void} ", state=State.DELETED)
        words = pattern.sub(" ", words)
    words = _LINK.sub(r"\1", _CODE.sub(r"\2", words))
    while (bare := _EMPHASIS.sub(_without_marks, words)) != words:
        words = bare
    builder.add(_SCRIPTS.sub("", _ESCAPED.sub("", words)))


_TAGS = frozenset({"s", "del", "strike"})


def _without_marks(match: re.Match[str]) -> str:
    return match[2]
