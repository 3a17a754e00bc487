"""Inventories of HTML: the rich text of a draft, and what a clipboard holds."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from monographs.imports.inventory import Inventory, InventoryBuilder, Script, State

_RAISED = re.compile(
    r"vertical-align\s*:\s*(?:super|text-top|[1-9][\d.]*(?:%|pt|px|em|ex|rem))", re.IGNORECASE
)
_LOWERED = re.compile(r"vertical-align\s*:\s*(?:sub|text-bottom|-[\d.]+(?:%|pt|px|em|ex|rem))", re.IGNORECASE)
_STRUCK = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_STRUCK_TAGS = frozenset({"s", "strike"})
_SKIPPED = frozenset({"script", "style", "head", "title", "template", "xml"})
_VOID = frozenset(
    {"br", "hr", "img", "input", "meta", "link", "col", "wbr", "area", "base", "embed", "source"}
)
#: Elements that stand in a line; every other one begins and ends a line.
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small span "
    "strike strong sub sup time tt u var wbr".split()
)


@dataclass(frozen=True, slots=True)
class _Style:
    """What the open elements say about the characters in them."""

    tag: str = ""
    script: Script = Script.LINE
    state: State = State.LIVE
    skipped: bool = False


class HtmlInventory(HTMLParser):
    """Reader of the inventory of HTML; styles count where they are in ``style`` attributes."""

    def __init__(self, builder: InventoryBuilder) -> None:
        super().__init__(convert_charrefs=True)
        self._builder = builder
        self._open = [_Style()]

    @classmethod
    def of(cls, html: str) -> Inventory:
        """Return the inventory of ``html``."""
        builder = InventoryBuilder()
        cls.add_to(builder, html)
        return builder.build()

    @classmethod
    def add_to(cls, builder: InventoryBuilder, html: str) -> None:
        """Add the words of ``html`` to an inventory, as lines of their own."""
        reader = cls(builder)
        reader.feed(html)
        reader.close()
        builder.end_line()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _INLINE:
            self._builder.end_line()
        if tag in _VOID:
            return
        above, given = self._open[-1], {name: value or "" for name, value in attrs}
        css = given.get("style", "")
        self._open.append(
            _Style(
                tag,
                self._script(tag, css, above),
                self._state(tag, css, above, hidden="hidden" in given),
                above.skipped or tag in _SKIPPED,
            )
        )

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _INLINE:
            self._builder.end_line()

    def handle_endtag(self, tag: str) -> None:
        if tag not in _INLINE:
            self._builder.end_line()
        for n in range(len(self._open) - 1, 0, -1):
            if self._open[n].tag == tag:
                del self._open[n:]
                return

    def handle_data(self, data: str) -> None:
        style = self._open[-1]
        if not style.skipped:
            self._builder.add(data, script=style.script, state=style.state)

    @staticmethod
    def _script(tag: str, css: str, above: _Style) -> Script:
        if tag == "sup" or _RAISED.search(css):
            return Script.RAISED
        return Script.LOWERED if tag == "sub" or _LOWERED.search(css) else above.script

    @staticmethod
    def _state(tag: str, css: str, above: _Style, *, hidden: bool) -> State:
        if above.state is not State.LIVE:
            return above.state
        if hidden or _HIDDEN.search(css):
            return State.HIDDEN
        if tag == "del":
            return State.DELETED
        return State.STRUCK if tag in _STRUCK_TAGS or _STRUCK.search(css) else State.LIVE
