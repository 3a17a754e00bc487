"""Logos: small pictures that the style sheet and the leaflet carry in themselves, so that a page loads none.

A browser shows them as pictures, in which scripts do not run and nothing is loaded. What could do either is
refused all the same, and so are words, which need a font that not every device has.
"""

import base64
import re
import struct
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from lxml import etree

from monographs.core.brand.brand_error import BrandError

#: Bytes of a logo, which every reader loads with the style sheet, and of an icon, which each page carries.
LOGO_BYTES, ICON_BYTES = 4_000, 1_000
_PNG = b"\x89PNG\r\n\x1a\n"
_ELEMENTS = frozenset(
    "svg g defs title desc path rect circle ellipse line polyline polygon use symbol clipPath mask "
    "linearGradient radialGradient stop".split()
)
#: Left unescaped in a ``data:`` address within double quotes.
_PLAIN = " !$&'()*+,-./:;=@_~"
_NUMBER = re.compile(r"\s*([0-9.]+)(?:px)?\s*")


@dataclass(frozen=True)
class Logo:
    """A picture and its proportions. ``suffix``: ``.svg`` or ``.png``."""

    content: bytes
    suffix: str
    width: float
    height: float

    @property
    def ratio(self) -> float:
        """Width by height."""
        return self.width / self.height

    @cached_property
    def address(self) -> str:
        """The picture as a ``data:`` address, without double quotes."""
        if self.suffix == ".svg":
            text = " ".join(self.content.decode().split()).replace('"', "'")
            return f"data:image/svg+xml,{quote(text, safe=_PLAIN)}"
        return f"data:image/png;base64,{base64.b64encode(self.content).decode()}"


def read_logo(path: Path, most: int) -> Logo:
    """Return the picture at ``path``, of at most ``most`` bytes. Raises ``BrandError``."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BrandError(f"{path.name}: the file cannot be read ({error.strerror}).") from error
    if len(content) > most:
        raise BrandError(
            f"{path.name} has {len(content):,} bytes, more than {most:,}, and every reader would load it. "
            "Simplify the drawing; an SVG of flat shapes is smallest."
        )
    if content.startswith(_PNG) and path.suffix == ".png":
        return Logo(content, ".png", *struct.unpack(">II", content[16:24]))
    if path.suffix == ".svg":
        return _svg(path.name, content)
    raise BrandError(f"{path.name} is neither an SVG file (.svg) nor a PNG file (.png).")


def _svg(name: str, content: bytes) -> Logo:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BrandError(f"{name} is no SVG file: {error}.") from error
    if root.getroottree().docinfo.doctype:
        raise BrandError(f"{name} declares a document type. Take out the line that begins with <!DOCTYPE.")
    for element in root.iter():
        _check(name, element)
    if etree.QName(root).localname != "svg":
        raise BrandError(f"{name} is no SVG file: it begins with <{etree.QName(root).localname}>.")
    return Logo(etree.tostring(root), ".svg", *_size(name, root))


def _check(name: str, element: etree._Element) -> None:
    tag = etree.QName(element).localname if isinstance(element.tag, str) else "an entity"
    if tag not in _ELEMENTS:
        hint = "Convert text to paths." if tag == "text" else "Export it as plain SVG, without it."
        raise BrandError(f"{name} has <{tag}>, which a logo here cannot have. {hint}")
    for attribute, value in element.attrib.items():
        local = etree.QName(attribute).localname.lower()
        outside = local == "href" and not value.strip().startswith("#")
        loads = re.search(r"url\(\s*['\"]?(?!#)|@import|javascript:|expression\(", value, re.IGNORECASE)
        if local.startswith("on") or outside or loads:
            raise BrandError(
                f"{name}: {local}=“{value[:40]}” of <{tag}> runs a script or loads another file. Take it out."
            )


def _size(name: str, root: etree._Element) -> tuple[float, float]:
    box = (root.get("viewBox") or "").replace(",", " ").split()
    sizes = box[2:] if len(box) == 4 else [root.get("width") or "", root.get("height") or ""]  # noqa: PLR2004
    found = [_NUMBER.fullmatch(size) for size in sizes]
    width, height = (float(match[1]) if match else 0.0 for match in found)
    if not (width and height):
        raise BrandError(
            f"{name} does not say how large it is. Give it a viewBox, e.g. viewBox=“0 0 120 40”."
        )
    return width, height
