"""Pictures of a text in a Word file."""

from monographs.presentation.word_file.docx_markup import attribute, element

#: What Word shows; other pictures are named only.
SUFFIXES = (".png", ".jpeg", ".gif")
#: English Metric Units in a pixel at 96 dots per inch, and in the width of the text.
_PIXEL, _WIDEST = 9525, 5_760_000
_PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"


def picture_markup(relation: str, number: int, size: tuple[int, int], alt: str) -> str:
    """Return a run with a picture of ``size`` pixels, no wider than the text."""
    width, height = size[0] * _PIXEL, size[1] * _PIXEL
    if width > _WIDEST:
        width, height = _WIDEST, max(height * _WIDEST // width, 1)
    name, described = f"Picture {number}", attribute(alt)
    extent = f'cx="{width}" cy="{height}"'
    return element(
        "r",
        element(
            "drawing",
            f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {extent}/>'
            f'<wp:docPr id="{number}" name="{name}" descr="{described}"/>'
            f'<a:graphic><a:graphicData uri="{_PICTURE}"><pic:pic>'
            f'<pic:nvPicPr><pic:cNvPr id="{number}" name="{name}"/><pic:cNvPicPr/></pic:nvPicPr>'
            f'<pic:blipFill><a:blip r:embed="{attribute(relation)}"/><a:stretch><a:fillRect/></a:stretch>'
            f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
            "</wp:inline>",
        ),
    )
