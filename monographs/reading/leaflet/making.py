"""A leaflet's bytes: the same for the same edition in the same surroundings, on whatever machine."""

import logging
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
from PIL import Image

from monographs.document.parts import Figure
from monographs.editions.figures import FigureLost, figure_bytes
from monographs.reading.leaflet.content import Leaflet
from monographs.showing.typesetting import SETS, typeset

logger = logging.getLogger(__name__)

_SOURCE = Path(__file__).with_name("leaflet.typ")
#: A quarter of the code may be lost to a crease or a stain and it still leads there (ISO/IEC 18004, level Q).
_ERROR_CORRECTION = "q"
#: White modules around the code, as ISO/IEC 18004 asks.
_QUIET_ZONE = 4


def leaflet_pdf(leaflet: Leaflet) -> bytes:
    """The PDF (PDF/UA-1), made at the moment its edition was published."""
    pictures = dict(_pictures(leaflet.document.figures()))
    data = leaflet.data()
    for node in _figures(data["warnings"] + data["sections"]):
        node["file"] = name if (name := _set_as(node["file"])) in pictures else ""
    files = {**pictures, "address.svg": _code(leaflet.address)}
    return typeset(_SOURCE, data, files, at=leaflet.edition.published_at, system_fonts=False)


def _code(address: str) -> bytes:
    out = BytesIO()
    code = segno.make(address, error=_ERROR_CORRECTION, micro=False)
    code.save(out, kind="svg", border=_QUIET_ZONE, xmldecl=False)
    return out.getvalue()


def _set_as(file_name: str) -> str:
    """The name under which Typst is given a figure: one it cannot set becomes a PNG."""
    return file_name if file_name.endswith(SETS) else f"{file_name}.png"


def _pictures(figures: list[Figure]) -> Iterator[tuple[str, bytes]]:
    for figure in figures:
        try:
            content = figure_bytes(figure.file_name)
        except FigureLost as error:
            logger.error("a leaflet cannot show what was signed: %s", error)
            continue
        name = _set_as(figure.file_name)
        yield name, content if name == figure.file_name else _as_png(content)


def _as_png(content: bytes) -> bytes:
    out = BytesIO()
    with Image.open(BytesIO(content)) as picture:
        picture.save(out, "PNG")
    return out.getvalue()


def _figures(nodes: Any) -> Iterator[dict[str, Any]]:
    """Every figure in the leaflet's data, however deep."""
    match nodes:
        case {"is": "figure"}:
            yield nodes
        case dict():
            for value in nodes.values():
                yield from _figures(value)
        case list():
            for value in nodes:
                yield from _figures(value)
