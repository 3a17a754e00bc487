"""How characters of a Word file look: raised, lowered, struck or hidden, for its inventory."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from monographs.imports.inventory import Script
from monographs.imports.word_source.source_parts import attribute, below, local, value_below

_OFF = {"0", "false", "off"}
_MOST_BASES = 50
#: Half-points; see ``w:position``.
_LEAST = 2
_SMALLEST = 4


@dataclass(frozen=True, slots=True)
class SourceLook:
    """The look of a run."""

    script: Script = Script.LINE
    position: float = 0
    struck: bool = False
    hidden: bool = False
    font: str = ""


def _given(properties: Element | None, name: str) -> str | None:
    return None if properties is None else value_below(properties, name)


def _on(value: str | None) -> bool:
    return value is not None and value.lower() not in _OFF


class SourceLooks:
    """The styles of a file."""

    def __init__(self, styles: Element | None) -> None:
        self.page = "FFFFFF"
        everything = list(styles) if styles is not None else []
        self._styles = {attribute(s, "styleId"): s for s in everything if local(s) == "style"}
        defaults = next((s for s in everything if local(s) == "docDefaults"), None)
        self._document = below(defaults, "rPrDefault", "rPr") if defaults is not None else None
        self._defaults = {
            attribute(s, "type"): style_id
            for style_id, s in self._styles.items()
            if _on(attribute(s, "default", "0"))
        }

    def default(self, kind: str) -> str:
        """Return the id of the default style of a kind."""
        return self._defaults.get(kind, "")

    def bases(self, style_id: str) -> list[Element]:
        """Return a style and its bases, the style first."""
        found: list[Element] = []
        while style_id in self._styles and len(found) < _MOST_BASES:
            found.append(self._styles[style_id])
            style_id = value_below(found[-1], "basedOn") or ""
        return found

    def title(self, style_id: str) -> list[str]:
        """Return the names of a style and its bases."""
        return [(value_below(style, "name") or "").lower() for style in self.bases(style_id)]

    def _of_style(self, style_id: str, name: str, places: tuple[str, ...] = ()) -> str | None:
        """Return what the nearest style of a chain says, parts of tables before the whole table."""
        chain = self.bases(style_id)
        for place in reversed(places):
            for style in chain:
                for part in style:
                    if local(part) == "tblStylePr" and attribute(part, "type") == place:
                        value = _given(below(part, "rPr"), name)
                        if value is not None:
                            return value
        for style in chain:
            value = _given(below(style, "rPr"), name)
            if value is not None:
                return value
        return None

    def look(
        self,
        run: Element | None,
        paragraph: str,
        table: tuple[str, tuple[str, ...]] = ("", ()),
        ground: str = "",
    ) -> SourceLook:
        """Return the look of a run, by its properties and the styles of its paragraph and table.

        ``ground``: the colour behind the paragraph, “?” if it is not known, empty for that of the page.
        """
        character = _given(run, "rStyle") or self.default("character")

        def levels(name: str) -> list[str | None]:
            return [
                self._of_style(table[0], name, table[1]),
                self._of_style(paragraph, name),
                self._of_style(character, name),
            ]

        def nearest(name: str) -> str | None:
            order = [_given(run, name), *reversed(levels(name)), _given(self._document, name)]
            return next((value for value in order if value is not None), None)

        def toggle(name: str) -> bool:
            direct = _given(run, name)
            if direct is not None:
                return _on(direct)
            if _on(_given(self._document, name)):
                return True
            return [_on(value) for value in levels(name)].count(True) % 2 == 1

        holders = [run]
        for style_id in (character, paragraph, table[0]):
            holders += [below(style, "rPr") for style in self.bases(style_id)]
        holders.append(self._document)
        size, marker = nearest("sz") or "", nearest("highlight") or "none"
        behind = _nearest_colour(holders, "shd", "fill") or ground or self.page
        unseen = marker in {"none", "white"} and _nearest_colour(holders, "color", "val") == behind
        align = nearest("vertAlign")
        return SourceLook(
            script={"superscript": Script.RAISED, "subscript": Script.LOWERED}.get(align or "", Script.LINE),
            position=_half_points(nearest("position")),
            struck=toggle("strike") or _on(nearest("dstrike")),
            hidden=toggle("vanish") or unseen or (size.isdecimal() and int(size) < _SMALLEST),
            font=self._font(run, [table[0], paragraph, character]),
        )

    def ground(self, properties: Element | None, paragraph: str) -> str:
        """Return the colour of a paragraph's shading, empty where it has none."""
        for holder in [properties, *(below(style, "pPr") for style in self.bases(paragraph))]:
            shading = below(holder, "shd") if holder is not None else None
            if shading is not None:
                return _colour(shading, "fill")
        return ""

    def _font(self, run: Element | None, styles: list[str]) -> str:
        chains = [style for style_id in reversed(styles) for style in self.bases(style_id)]
        places = [run, *(below(style, "rPr") for style in chains), self._document]
        for place in places:
            fonts = below(place, "rFonts") if place is not None else None
            for kind in ("ascii", "hAnsi", "cs", "eastAsia") if fonts is not None else ():
                if font := attribute(fonts, kind):  # type: ignore[arg-type]
                    return font
        return ""


def _nearest_colour(holders: list[Element | None], name: str, key: str) -> str:
    for holder in holders:
        found = below(holder, name) if holder is not None else None
        if found is not None:
            return _colour(found, key)
    return ""


def _colour(element: Element, key: str) -> str:
    theme = attribute(element, "themeFill" if key == "fill" else "themeColor")
    changed = [name for name in element.attrib if name.endswith(("Shade", "Tint"))]
    if theme in {"background1", "bg1", "light1", "lt1"} and not changed:
        return "FFFFFF"
    return attribute(element, key).upper().replace("AUTO", "")


def _half_points(value: str | None) -> float:
    text = (value or "0").strip().lower()
    try:
        found = float(text[:-2]) * 2 if text.endswith("pt") else float(text)
    except ValueError:
        return 0
    return found if abs(found) >= _LEAST else 0
