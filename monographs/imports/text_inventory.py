"""Inventory of a text file, taken from its lines without the parser: every word, number and sign."""

import re
from html import unescape

from monographs.core.characters import normalise_text
from monographs.imports.inventory import Inventory, InventoryBuilder, InventoryToken, State
from monographs.imports.parsed_text import Markup

#: Lines that are drawn: rules of one sign, and borders of tables.
_RULE = re.compile(r"\s*([-=_*])(?:\s*\1){2,}\s*")
_DRAWN = re.compile(r"(?=.*[-=─━═])[\s|+:=_─━═┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬│┃║-]+")
#: A line of a plain text that is marked as a whole: the signs are not kept where it is a heading or the name.
_MARKED_LINE = re.compile(r"\s*(?:#{1,6}\s.*|(\*\*|__|\*|_)\S.*\S\1:?)\s*")
_GAP = re.compile(r"\t+|(?<!\\)[|¦;]| {2,}")
#: Signs that may be bullets, and are not counted among those that every text has.
_SIGN_BULLET = re.compile(r"\s*[+~»\u203a¤§→⇒](?:\s+|$)")
_ENTITY = re.compile(r"&(?:#\w+|\w+);")
_BORDER = re.compile(r"[│┃║]")
#: Characters. What is marked is bounded: a mark that nothing closes must not be looked for in a whole text.
_SPAN = "{1,1000}"
#: What Markdown reads as markup. A sign beside a digit is none, see ``_is_sign``.
_HEADING = re.compile(r"^(\s{0,3})#{1,6}\s+(.*?)\s*#*$")
_QUOTATION = re.compile(r"^\s{0,3}>\s?(?![\s>]*[.,]?\d)")
_EMPHASIS = re.compile(
    rf"(?<![\d*\\])(\*{{1,3}})(?=[^\s*])(.{_SPAN}?)(?<=[^\s*])\1(?![\d*])"
    rf"|(?<![\w\\\xad\u200b])(_{{1,3}})(?=[^\s_])(.{_SPAN}?)(?<=[^\s_])\3(?!\w)"
)
_STRUCK = re.compile(
    rf"(?<!\w)~~(?=\S)(.{_SPAN}?)(?<=\S)~~(?!\w)|<(s|del|strike)>(.{_SPAN}?)</\2>", re.IGNORECASE
)
_COMMENT = re.compile(rf"<!--(.{_SPAN}?)-->")
_BRACKETED = r"\[([^\[\]]{0,1000})\]"
_TARGET = r"([^()\s]{0,1000})[^()]{0,1000}\)"
_PICTURE = re.compile(rf"!{_BRACKETED}\({_TARGET}")
_LINK = re.compile(rf"{_BRACKETED}\((?!\s*[\d.,]+){_TARGET}")
_CODE = re.compile(rf"(`+)(.{_SPAN}?)\1")
#: What may go on in the next line.
_SPANNING = re.compile(
    rf"<!--.{_SPAN}?-->|!?\[[^\[\]]{{0,1000}}\]\([^()]{{0,1000}}\)|~~\S.{_SPAN}?~~", re.DOTALL
)
_AUTOLINK = re.compile(r"<((?:https?:|mailto:|tel:)[^<>\s]+)>")
_RAISED = re.compile(r"<sup>([0-9+-]+)</sup>", re.IGNORECASE)
_RAISED_DIGITS = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_ESCAPED = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
_SCRIPTS = re.compile(r"</?(?:sup|sub|b|strong|i|em|br)\s*/?>", re.IGNORECASE)


def text_inventory(text: str, markup: Markup) -> Inventory:
    """Return the inventory of a plain text or of Markdown, with characters in normal form."""
    builder = InventoryBuilder()
    normal = normalise_text(text).text
    if markup is Markup.MARKDOWN:
        normal = _SPANNING.sub(_on_one_line, normal)
    for full_line in normal.split("\n"):
        line = full_line
        if _RULE.fullmatch(line) or _DRAWN.fullmatch(line):
            _may_remain(builder, line)
            continue
        if bullet := _SIGN_BULLET.match(line):
            _may_remain(builder, bullet[0])
            line = line[bullet.end() :]
        words = _BORDER.sub(" ", line)
        if markup is Markup.MARKDOWN:
            _add_markdown(builder, words)
        elif _MARKED_LINE.fullmatch(words):
            bare = words.strip("#*_ ")
            _may_remain(builder, words.replace(bare, "", 1))
            builder.add(bare)
        else:
            _add_cells(builder, words)
        builder.end_line()
    return builder.build()


def _on_one_line(match: re.Match[str]) -> str:
    """Return a link, a comment or struck words on one line, unless a paragraph ends inside."""
    return match[0] if re.search(r"\n\s*\n", match[0]) else re.sub(r"\s*\n\s*", " ", match[0])


def _may_remain(builder: InventoryBuilder, signs: str) -> None:
    """Let a draft have ``signs``, which it may also have read as the look of a line."""
    builder.repeat(InventoryToken(sign) for sign in signs if not sign.isspace())


def _add_cells(builder: InventoryBuilder, words: str) -> None:
    """Add what stands between tabs, bars and wide gaps as lines: cells of a table are apart in a draft."""
    for cell in _GAP.split(words):
        builder.add(cell)
        builder.end_line()


def _add_markdown(builder: InventoryBuilder, line: str) -> None:
    words = _QUOTATION.sub("", _HEADING.sub(r"\1\2", line)).removesuffix("\\")
    for pattern in (_COMMENT, _STRUCK, _PICTURE):
        for match in pattern.finditer(words):
            void = " ".join(group for group in match.groups() if group and group.lower() not in _TAGS)
            builder.add(f" {void} ", state=State.DELETED)
        words = pattern.sub(" ", words)
    words = _AUTOLINK.sub(r"\1", _RAISED.sub(lambda match: match[1].translate(_RAISED_DIGITS), words))
    words = _CODE.sub(r"\2", words)
    while (bare := _EMPHASIS.sub(r"\2\4", words)) != words:
        words = bare
    words = _SCRIPTS.sub("", _ESCAPED.sub("", _LINK.sub(r"\1", words)))
    # Lines that are left out keep their marks
    _may_remain(builder, "".join(sign * (line.count(sign) - words.count(sign)) for sign in "#*_`~>"))
    _add_cells(builder, _ENTITY.sub(lambda match: unescape(match[0]), words))


_TAGS = frozenset({"s", "del", "strike"})
