"""Styles of a Word file: how characters look, after document defaults, styles and their bases.

The order of precedence and the rule of toggle properties are those of ECMA-376 Part 1, 17.7.2 and 17.7.3.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from monographs.imports.word.word_package import child_at

#: Each style of a chain turns them the other way round: bold in a bold paragraph is not bold.
_TOGGLES = ("b", "i", "strike", "vanish")
_FALSE = frozenset({"0", "false", "off"})
#: Half-points. Less is not seen as raised or lowered; equations and large letters are moved by one or two.
_LEAST_POSITION = 2
_W = "w:"
WHITE = "FFFFFF"
#: The colour of what is behind text is not known, as in tables, whose styles colour their cells.
UNKNOWN_GROUND = "?"
#: Theme colours that are white unless the document has a theme of its own making.
_LIGHT = frozenset({"background1", "bg1", "light1", "lt1"})
#: Attributes that make a theme colour darker or lighter, of a text and of a fill.
_SHADES = {
    False: (("theme", "Shade"), ("theme", "Tint")),
    True: (("theme", "FillShade"), ("theme", "FillTint")),
}
#: Half-points. Nobody can read letters of less than two points.
_LEAST_SIZE = 4

RunProperties = dict[str, str]
#: Parts of a table whose cells a table style can give a look of their own.
TablePlaces = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CharacterLook:
    """How characters look. ``position`` is their distance above the line in half-points."""

    bold: bool = False
    italic: bool = False
    script: str = ""
    position: int = 0
    struck: bool = False
    hidden: bool = False
    font: str = ""


@dataclass(slots=True)
class WordStyle:
    """A style: its own properties of characters, and its element of paragraph properties."""

    name: str = ""
    base: str = ""
    kind: str = ""
    run: RunProperties = field(default_factory=dict)
    paragraph: Element | None = None
    places: dict[str, RunProperties] = field(default_factory=dict)


def run_properties(element: Element | None) -> RunProperties:
    """Return the properties in a ``w:rPr``: the name of each with its value, “1” where it has none."""
    found: RunProperties = {}
    for child in element if element is not None else ():
        name = str(child.tag).removeprefix(_W)
        if name == "rFonts":
            fonts = (child.get(f"w:{kind}") for kind in ("ascii", "hAnsi", "cs", "eastAsia"))
            if font := next((font for font in fonts if font), ""):
                found["font"] = font
        elif name in {"color", "shd"}:
            found[name] = colour_of(child)
        elif name in {
            "sz",
            "highlight",
            *_TOGGLES,
            "dstrike",
            "vertAlign",
            "position",
            "rStyle",
            "del",
            "ins",
            "rtl",
        }:
            found[name] = child.get("w:val", "1")
    return found


def colour_of(element: Element) -> str:
    """Return the colour of a ``w:color``, or the fill of a ``w:shd``, as six digits; empty for none."""
    is_fill = str(element.tag) == "w:shd"
    theme = element.get("w:themeFill" if is_fill else "w:themeColor", "")
    if theme in _LIGHT and not any(element.get(f"w:{name}{part}") for name, part in _SHADES[is_fill]):
        return WHITE
    value = element.get("w:fill" if is_fill else "w:val", "").upper()
    return value if value != "AUTO" else ""


def is_on(value: str | None) -> bool:
    """Whether a property that is present with ``value`` is switched on."""
    return value is not None and value.lower() not in _FALSE


class WordStyles:
    """The styles of a file, by their ids."""

    def __init__(self, root: Element | None) -> None:
        self.defaults: RunProperties = {}
        self.page = WHITE
        self._styles: dict[str, WordStyle] = {}
        self._default_ids: dict[str, str] = {}
        self._resolved: dict[str, RunProperties] = {}
        if root is None:
            return
        self.defaults = run_properties(child_at(root, "w:docDefaults/w:rPrDefault/w:rPr"))
        for element in root.iter("w:style"):
            self._add(element)

    def _add(self, element: Element) -> None:
        style_id, kind = element.get("w:styleId", ""), element.get("w:type", "paragraph")
        name, base = child_at(element, "w:name"), child_at(element, "w:basedOn")
        self._styles[style_id] = WordStyle(
            "" if name is None else name.get("w:val", ""),
            "" if base is None else base.get("w:val", ""),
            kind,
            run_properties(child_at(element, "w:rPr")),
            child_at(element, "w:pPr"),
            {
                place.get("w:type", ""): run_properties(child_at(place, "w:rPr"))
                for place in element.iter("w:tblStylePr")
            },
        )
        if is_on(element.get("w:default", "0")):
            self._default_ids[kind] = style_id

    def default_id(self, kind: str) -> str:
        """Return the id of the style that applies where none is named."""
        return self._default_ids.get(kind, "")

    def chain(self, style_id: str) -> list[WordStyle]:
        """Return a style and the styles it is based on, the base last."""
        found: dict[str, WordStyle] = {}
        while style_id in self._styles and style_id not in found:
            found[style_id] = self._styles[style_id]
            style_id = found[style_id].base
        return list(found.values())

    def names(self, style_id: str) -> list[str]:
        """Return the names of a style and its bases in lower case."""
        return [style.name.lower() for style in self.chain(style_id)]

    def run_of(self, style_id: str) -> RunProperties:
        """Return the properties that a style gives to characters, those of its bases included."""
        if style_id not in self._resolved:
            self._resolved[style_id] = _merged(style.run for style in reversed(self.chain(style_id)))
        return self._resolved[style_id]

    def table_run(self, style_id: str, places: TablePlaces) -> RunProperties:
        """Return what a table style gives to the characters in ``places`` of a table."""
        chain = list(reversed(self.chain(style_id)))
        parts = [style.places[place] for place in places for style in chain if place in style.places]
        return _merged([self.run_of(style_id), *parts])

    def ground_of(self, properties: Element | None, style_id: str) -> str:
        """Return the colour of a paragraph's shading, its own or its style's; empty where it has none."""
        shadings = [properties, *(style.paragraph for style in self.chain(style_id))]
        for holder in shadings:
            shading = child_at(holder, "w:shd") if holder is not None else None
            if shading is not None:
                return colour_of(shading)
        return ""

    def look(
        self, direct: RunProperties, paragraph_style: str, table: RunProperties, ground: str = ""
    ) -> CharacterLook:
        """Return the look of a run with ``direct`` properties in a paragraph, which may be in a table.

        ``ground`` is the colour behind the paragraph, empty for that of the page.
        """
        character_style = direct.get("rStyle") or self.default_id("character")
        levels = [table, self.run_of(paragraph_style), self.run_of(character_style)]
        merged = _merged([self.defaults, *levels, direct])

        def toggled(name: str) -> bool:
            if name in direct:
                return is_on(direct[name])
            # A style chain that sets it turns round what the level below shows
            return is_on(self.defaults.get(name)) or sum(is_on(level.get(name)) for level in levels) % 2 == 1

        script = merged.get("vertAlign", "")
        return CharacterLook(
            bold=toggled("b"),
            italic=toggled("i"),
            script={"superscript": "sup", "subscript": "sub"}.get(script, ""),
            position=_position(merged.get("position", "0")),
            struck=toggled("strike") or is_on(merged.get("dstrike")),
            hidden=toggled("vanish") or _cannot_be_seen(merged, ground or self.page),
            font=merged.get("font", ""),
        )


def _cannot_be_seen(merged: RunProperties, ground: str) -> bool:
    """Whether letters have the colour of what is behind them, or are too small to be read."""
    size = merged.get("sz", "")
    if size.isdecimal() and int(size) < _LEAST_SIZE:
        return True
    if merged.get("highlight", "none") not in {"none", "white"}:
        return False
    return bool(merged.get("color")) and merged["color"] == (merged.get("shd") or ground)


def _merged(levels: Iterable[RunProperties]) -> RunProperties:
    merged: RunProperties = {}
    for level in levels:
        merged |= level
    return merged


def _position(value: str) -> int:
    """Return half-points of ``w:position``, which strict files give with a unit."""
    points = value.strip().lower()
    factor = 2 if points.endswith("pt") else 1
    try:
        half_points = float(points.removesuffix("pt")) * factor
    except ValueError:
        return 0
    return int(half_points) if abs(half_points) >= _LEAST_POSITION else 0
