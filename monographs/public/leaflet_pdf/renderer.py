"""A leaflet's bytes: the same for the same edition in the same surroundings, on whatever machine."""

from io import BytesIO
from pathlib import Path

import segno
from PIL import Image

from monographs.document.parts import Figure
from monographs.editions.figure_files import figure_bytes
from monographs.presentation.typst_pdf import typeset
from monographs.public.leaflet_pdf.content import Leaflet, file_of

_SOURCE = Path(__file__).with_name("leaflet.typ")
#: A quarter of the code may be lost to a crease or a stain and it still leads there (ISO/IEC 18004, level Q).
_ERROR_CORRECTION = "q"
#: White modules around the code, as ISO/IEC 18004 asks.
_QUIET_ZONE = 4


def leaflet_pdf(leaflet: Leaflet) -> bytes:
    """The PDF (PDF/UA-1), made at the moment its edition was published.

    Raises ``FigureLost`` if a picture that was signed is not there: half a page is no leaflet.
    """
    files = {file_of(figure): _picture(figure) for figure in leaflet.document.figures()}
    files["address.svg"] = _code(leaflet.address)
    return typeset(_SOURCE, leaflet.data(), files, at=leaflet.edition.published_at, system_fonts=False)


def _code(address: str) -> bytes:
    out = BytesIO()
    code = segno.make(address, error=_ERROR_CORRECTION, micro=False)
    code.save(out, kind="svg", border=_QUIET_ZONE, xmldecl=False)
    return out.getvalue()


def _picture(figure: Figure) -> bytes:
    content = figure_bytes(figure.file_name)
    if file_of(figure) == figure.file_name:
        return content
    out = BytesIO()
    with Image.open(BytesIO(content)) as picture:
        picture.save(out, "PNG")
    return out.getvalue()
