"""What the look of an element says: raised, lowered, struck, hidden, bold; from its tag and its styles."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from monographs.imports.clipboard.elements import Element


class Omission(StrEnum):
    """Why words are left out of the draft."""

    STRUCK = "struck"
    DELETED = "deleted"
    HIDDEN = "hidden"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class Look:
    """The look that an element passes on to what is inside it.

    ``base``: whether bold or italic is that of a whole block, which the program may have for all its text.
    ``raised`` is "sup", "sub" or "". ``shade`` and ``ground`` are the colours of text and background, ""
    where nothing says so. ``font`` is the first font family.
    """

    bold: bool = False
    italic: bool = False
    base: bool = False
    raised: str = ""
    omitted: Omission | None = None
    inserted: bool = False
    pale: bool = False
    preformatted: bool = False
    font: str = ""
    shade: str = ""
    ground: str = ""
    href: str = ""

    def without(self, name: str) -> "Look":
        """Return this look without bold or italic."""
        return replace(self, bold=self.bold and name != "bold", italic=self.italic and name != "italic")


_LENGTH = re.compile(r"(-?\d*\.?\d+)\s*(%|em|rem|ex|ch|pt|px|pc|in|cm|mm)?")
#: Pixels per unit; a percentage is of a line of 16 pixels.
_PIXELS = {
    "%": 0.16, "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0, "pt": 4 / 3, "px": 1.0, "pc": 16.0, "in": 96.0,
    "cm": 37.8, "mm": 3.78, None: 1.0,
}  # fmt: skip
#: Pixels. Programs move characters by less to fit them into a line.
_SHIFT = 1.5
#: Pixels. Nobody can read letters below this size.
_READABLE = 1.5
#: Out of the window, to the left or above.
_FAR = -500.0
_BOLD_WEIGHT = 600
_OPAQUE = 0.05
_BOLD_TAGS = frozenset({"b", "strong"})
_ITALIC_TAGS = frozenset({"i", "em", "cite", "dfn", "var"})
_STRUCK_TAGS = frozenset({"s", "strike"})
#: Elements and attributes that change the look without a style.
_SAYING_TAGS = (
    _BOLD_TAGS
    | _ITALIC_TAGS
    | _STRUCK_TAGS
    | {"sup", "sub", "ins", "del", "pre", "textarea", "listing", "font"}
)
_SAYING_ATTRIBUTES = frozenset({"class", "hidden", "color", "face", "bgcolor"})
_RAISED_FEATURES = re.compile(r"""["'](sups|subs|sinf|ordn)["'](?!\s*(?:0|off))""")
_COLOURS = {
    "white": "ffffff", "window": "ffffff", "black": "000000", "windowtext": "000000", "red": "ff0000",
    "yellow": "ffff00", "silver": "c0c0c0", "gray": "808080", "grey": "808080", "blue": "0000ff",
    "green": "008000", "lime": "00ff00", "aqua": "00ffff", "cyan": "00ffff", "navy": "000080",
}  # fmt: skip
_RGB = re.compile(r"rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)(?:[\s,/]+([\d.]+%?))?\s*\)")
_BACKGROUND = re.compile(r"rgba?\([^)]*\)|#[0-9a-f]{3,8}\b|[a-z]+")
#: Names of classes and attributes by which Word marks what a reviewer deleted or wrote beside the text.
_DELETED = re.compile(r"\bmso-?del\b|^msodel", re.IGNORECASE)
_COMMENT_CLASSES = {"msocomtxt", "msocomanchor", "msocomoff", "msocommentreference", "msocommenttext"}


def length(value: str) -> float | None:
    """Return a CSS length in pixels; None for a word."""
    match = _LENGTH.match(value.strip())
    return float(match[1]) * _PIXELS[match[2]] if match else None


def look_of(element: Element, style: dict[str, str], outer: Look, *, inline: bool) -> Look:
    """Return the look inside ``element``, which has the declarations ``style``, in a text of ``outer``."""
    if not style and element.tag not in _SAYING_TAGS and not _SAYING_ATTRIBUTES & element.attrs.keys():
        return outer
    look = _weights(element, style, outer)
    if (look.bold, look.italic) != (outer.bold, outer.italic):
        # Chrome adds all that applied to the page around words copied from a block
        look = replace(look, base=not inline or "orphans" in style or "widows" in style)
    look = replace(
        look,
        raised=_raised(element, style, inline=inline) or outer.raised,
        font=_font(element, style) or outer.font,
        preformatted=_preformatted(element, style, outer),
        inserted=outer.inserted or element.tag == "ins" or "msoins" in _lower_classes(element),
    )
    look = _with_colours(look, element, style)
    return replace(look, omitted=outer.omitted or _omission(element, style, look))


def _lower_classes(element: Element) -> set[str]:
    return {name.lower() for name in element.classes}


def _weights(element: Element, style: dict[str, str], outer: Look) -> Look:
    bold = outer.bold or element.tag in _BOLD_TAGS
    weight = style.get("font-weight", "")
    if weight in {"normal", "lighter"}:
        bold = False
    elif weight in {"bold", "bolder"}:
        bold = True
    elif weight.isdecimal():
        bold = int(weight) >= _BOLD_WEIGHT
    italic = outer.italic or element.tag in _ITALIC_TAGS
    slant = style.get("font-style", "")
    if slant == "normal":
        italic = False
    elif slant.startswith(("italic", "oblique")):
        italic = True
    shorthand = style.get("font", "").split()
    bold = bold or "bold" in shorthand
    return replace(outer, bold=bold, italic=italic or "italic" in shorthand)


def _raised(element: Element, style: dict[str, str], *, inline: bool) -> str:
    """Return “sup” or “sub” where the element stands above or below the line."""
    if element.tag in {"sup", "sub"}:
        return element.tag
    if not inline:
        return ""
    position = style.get("vertical-align", "")
    named = {"super": "sup", "sub": "sub", "text-top": "sup", "text-bottom": "sub"}.get(position, "")
    variant = style.get("font-variant-position", "") or style.get("font-variant", "")
    feature = _RAISED_FEATURES.search(style.get("font-feature-settings", ""))
    if named and (position in {"super", "sub"} or _is_smaller(style)):
        return named
    if "super" in variant.split() or (feature and feature[1] in {"sups", "ordn"}):
        return "sup"
    if "sub" in variant.split() or feature:
        return "sub"
    up = _shift(style)
    return "sup" if up >= _SHIFT else "sub" if up <= -_SHIFT else ""


def _is_smaller(style: dict[str, str]) -> bool:
    size = style.get("font-size", "")
    return size in {"smaller", "x-small", "xx-small"} or size.endswith(("%", "em"))


def _shift(style: dict[str, str]) -> float:
    """Return by how many pixels an inline element is moved up."""
    baseline = style.get("baseline-shift", "")
    if baseline in {"super", "sub"}:
        return 4.0 if baseline == "super" else -4.0
    moves = [length(style.get(name, "")) for name in ("mso-text-raise", "vertical-align", "baseline-shift")]
    if style.get("position") == "relative":
        top, bottom = length(style.get("top", "")), length(style.get("bottom", ""))
        moves += [-top if top is not None else None, bottom]
    moved = re.search(r"translate(?:y\(|\([^,]*,)\s*([^)]*)\)", style.get("transform", ""))
    if moved:
        down = length(moved[1])
        moves.append(-down if down is not None else None)
    found = [move for move in moves if move]
    return found[0] if found else 0.0


def _font(element: Element, style: dict[str, str]) -> str:
    family = style.get("font-family") or element.attrs.get("face", "").lower()
    if not family and "font" in style:
        family = style["font"].rpartition("pt")[2].rpartition("px")[2]
    return family.split(",")[0].strip(" \"'") if family else ""


def _preformatted(element: Element, style: dict[str, str], outer: Look) -> bool:
    space = style.get("white-space", "") or style.get("white-space-collapse", "")
    if space:
        return space.startswith(("pre", "break-spaces"))
    return outer.preformatted or element.tag in {"pre", "textarea", "listing"}


def _with_colours(look: Look, element: Element, style: dict[str, str]) -> Look:
    shade = colour(style.get("color", "") or element.attrs.get("color", "")) or look.shade
    ground = (
        colour(style.get("background-color", ""))
        or next(filter(None, map(colour, _BACKGROUND.findall(style.get("background", "")))), "")
        or colour(element.attrs.get("bgcolor", ""))
        or look.ground
    )
    pale = bool(shade) and (shade == ground or (not ground and shade == "ffffff"))
    return replace(look, shade=shade, ground=ground, pale=pale)


def colour(value: str) -> str:
    """Return a CSS colour as six hexadecimal digits; empty for none, and for what is transparent."""
    value = value.strip().lower()
    if value in _COLOURS:
        return _COLOURS[value]
    if re.fullmatch(r"#[0-9a-f]{6}", value):
        return value[1:]
    if re.fullmatch(r"#[0-9a-f]{3}", value):
        return "".join(digit * 2 for digit in value[1:])
    match = _RGB.fullmatch(value)
    if match is None or match[4] in {"0", "0.0", "0%"}:
        return ""
    return "".join(f"{min(int(part), 255):02x}" for part in match.group(1, 2, 3))


def is_struck(element: Element, style: dict[str, str]) -> bool:
    """Whether a line goes through the words."""
    lines = " ".join(
        style.get(name, "")
        for name in ("text-decoration", "text-decoration-line", "-webkit-text-decoration",
                     "-webkit-text-decoration-line", "text-line-through", "text-line-through-style")
    )  # fmt: skip
    through = style.get("text-line-through", "none") not in {"none", ""}
    return element.tag in _STRUCK_TAGS or "line-through" in lines or through


def _omission(element: Element, style: dict[str, str], look: Look) -> Omission | None:
    classes = _lower_classes(element)
    if element.tag == "del" or any(_DELETED.search(name) for name in classes):
        return Omission.DELETED
    if style.get("mso-element", "").startswith("comment") or classes & _COMMENT_CLASSES:
        return Omission.COMMENT
    if style.get("mso-special-character") == "comment" or "mso-comment-continuation" in style:
        return Omission.COMMENT
    if is_hidden(element, style):
        return Omission.HIDDEN
    if is_struck(element, style):
        return Omission.STRUCK
    return Omission.HIDDEN if look.pale and look.ground and look.shade == look.ground else None


def is_hidden(element: Element, style: dict[str, str]) -> bool:
    """Whether the words cannot be seen on the page that they were copied from."""
    if "hidden" in element.attrs or style.get("display") == "none" or style.get("mso-hide") == "all":
        return True
    if style.get("visibility") in {"hidden", "collapse"} or style.get("content-visibility") == "hidden":
        return True
    opacity = style.get("opacity", "")
    seen = length(opacity)
    if seen is not None and seen / (100 if opacity.endswith("%") else 1) < _OPAQUE:
        return True
    size = length(style.get("font-size", ""))
    # Programs set text="0" sizes around images too, which hold no words
    return (size is not None and 0 <= size < _READABLE) or _is_out_of_sight(style)


def _is_out_of_sight(style: dict[str, str]) -> bool:
    if any(
        (length(style.get(name, "")) or 0) <= _FAR for name in ("left", "top", "text-indent", "margin-left")
    ):
        return True
    clip = style.get("clip", "").replace(" ", "").replace(",", "")
    path = style.get("clip-path", "").replace(" ", "")
    if style.get("position") in {"absolute", "fixed"} and clip.startswith("rect("):
        return not any(digit in clip for digit in "23456789")
    if path.startswith("inset(") and path[6:8] in {"50", "10"} and "%" in path:
        return True
    small = [length(style[name]) for name in ("width", "height", "max-height") if name in style]
    hides = "hidden" in style.get("overflow", "")
    return hides and any(size is not None and size <= _READABLE for size in small)
