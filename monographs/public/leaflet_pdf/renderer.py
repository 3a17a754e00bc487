"""Render a leaflet as a PDF: the same bytes for the same data on every machine."""

from io import BytesIO
from pathlib import Path

import segno
from PIL import Image

from monographs.document.parts import Figure
from monographs.editions.figure_files import figure_bytes
from monographs.presentation.typst_pdf import typeset
from monographs.public.leaflet_pdf.content import Leaflet, logo_file_name
from monographs.public.leaflet_pdf.part_nodes import figure_file_name

_SOURCE = Path(__file__).with_name("leaflet.typ")
#: The code stays readable with a quarter of it damaged, by a crease or a stain (ISO/IEC 18004, level Q).
_ERROR_CORRECTION = "q"
#: Width of the white border in modules, as ISO/IEC 18004 requires.
_QUIET_ZONE = 4


def leaflet_pdf(leaflet: Leaflet) -> bytes:
    """Return the leaflet as PDF/UA-1, dated to the publication of its edition.

    Raises ``FigureFileError`` if the file of a signed figure is missing or changed.
    """
    files = {figure_file_name(figure): _figure_file(figure) for figure in leaflet.document.figures()}
    files["address.svg"] = _qr_code(leaflet.address)
    if logo := logo_file_name(leaflet.brand):
        files[logo] = leaflet.brand.logos["paper"].content
    return typeset(_SOURCE, leaflet.data(), files, at=leaflet.edition.published_at, system_fonts=False)


def _qr_code(address: str) -> bytes:
    out = BytesIO()
    code = segno.make(address, error=_ERROR_CORRECTION, micro=False)
    code.save(out, kind="svg", border=_QUIET_ZONE, xmldecl=False)
    return out.getvalue()


def _figure_file(figure: Figure) -> bytes:
    content = figure_bytes(figure.file_name)
    if figure_file_name(figure) == figure.file_name:
        return content
    out = BytesIO()
    with Image.open(BytesIO(content)) as picture:
        picture.save(out, "PNG")
    return out.getvalue()
