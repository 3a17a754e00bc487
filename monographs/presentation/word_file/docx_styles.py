"""The styles and lists of our Word files.

No style is bold: bold in a file is bold of the text. Word draws headings by size and colour.
"""

from collections.abc import Callable, Iterable

from monographs.presentation.word_file.docx_markup import element, part
from monographs.presentation.word_file.word_content import CITE_STYLE, LABEL_STYLE, PLACE_STYLE

_DARK, _GREY = "1F3864", "595959"
_INDENT = 360
_LIST_LEVELS = 9
BULLETS = 1
#: Paragraph styles: id, name in Word, size in half-points, colour, space before and after in twentieths of a
#: point, outline level.
_PARAGRAPHS = (
    ("Title", "Title", 44, _DARK, 0, 120, None),
    ("Heading1", "heading 1", 32, _DARK, 360, 120, 0),
    ("Heading2", "heading 2", 28, _DARK, 240, 80, 1),
    ("Heading3", "heading 3", 24, _DARK, 200, 60, 2),
    ("MonographEffect", "Monograph effect", 26, _DARK, 160, 40, None),
    ("MonographDetail", "Monograph detail", 22, "", 0, 40, None),
    ("MonographFact", "Monograph fact", 20, "", 0, 40, None),
    ("MonographAdvice", "Monograph advice", 26, "9C0006", 200, 60, None),
    (PLACE_STYLE, "Monograph place", 20, _GREY, 160, 40, None),
    ("ListParagraph", "List Paragraph", 22, "", 0, 60, None),
    ("Caption", "caption", 20, _GREY, 160, 60, None),
    ("MonographCell", "Monograph cell", 20, "", 20, 20, None),
    ("EndnoteText", "endnote text", 20, "", 0, 20, None),
    ("CommentText", "annotation text", 20, "", 0, 40, None),
    ("Footer", "footer", 16, _GREY, 0, 0, None),
)


def styles_part(language: str) -> bytes:
    """Return the part with the styles, for a text in ``language``."""
    defaults = element(
        "docDefaults",
        element(
            "rPrDefault",
            element(
                "rPr",
                element("rFonts", ascii="Calibri", hAnsi="Calibri", cs="Calibri"),
                element("sz", val=22),
                element("lang", val=language),
            ),
        ),
        element("pPrDefault", element("pPr", element("spacing", after=120, line=276, lineRule="auto"))),
    )
    normal = element(
        "style",
        element("name", val="Normal"),
        element("qFormat"),
        type="paragraph",
        default=1,
        styleId="Normal",
    )
    return part(
        "styles", "".join((defaults, normal, *map(_paragraph_style, _PARAGRAPHS), *_character_styles()))
    )


def _paragraph_style(row: tuple[str, str, int, str, int, int, int | None]) -> str:
    style_id, name, size, colour, before, after, outline = row
    outlined = [element("keepNext")] if outline is not None else []
    level = [element("outlineLvl", val=outline)] if outline is not None else []
    spacing = element("spacing", before=before, after=after)
    run = [element("color", val=colour)] if colour else []
    return element(
        "style",
        element("name", val=name),
        element("basedOn", val="Normal"),
        element("qFormat"),
        element("pPr", *outlined, spacing, *level),
        element("rPr", *run, element("sz", val=size)),
        type="paragraph",
        styleId=style_id,
    )


def _character_styles() -> Iterable[str]:
    looks = {
        (LABEL_STYLE, "Monograph label"): element("color", val=_GREY),
        ("Hyperlink", "Hyperlink"): element("color", val="0563C1") + element("u", val="single"),
        (CITE_STYLE, "endnote reference"): element("vertAlign", val="superscript"),
        ("CommentReference", "annotation reference"): element("sz", val=16),
    }
    for (style_id, name), look in looks.items():
        yield element(
            "style", element("name", val=name), element("rPr", look), type="character", styleId=style_id
        )


def numbering_part(ordered_lists: int) -> bytes:
    """Return the part with one list of bullets and ``ordered_lists`` that each count from 1."""
    bullets = _abstract(0, "bullet", lambda level: "•◦▪"[level % 3])
    numbers = _abstract(1, "decimal", lambda level: f"%{level + 1}.")
    lists = [element("num", element("abstractNumId", val=0), numId=BULLETS)]
    restart = "".join(
        element("lvlOverride", element("startOverride", val=1), ilvl=level) for level in range(_LIST_LEVELS)
    )
    lists += [
        element("num", element("abstractNumId", val=1), restart, numId=BULLETS + number)
        for number in range(1, ordered_lists + 1)
    ]
    return part("numbering", "".join((bullets, numbers, *lists)))


def _abstract(number: int, kind: str, text_of: Callable[[int], str]) -> str:
    levels = [
        element(
            "lvl",
            element("start", val=1),
            element("numFmt", val=kind),
            element("lvlText", val=text_of(level)),
            element("lvlJc", val="left"),
            element("pPr", element("ind", left=_INDENT * (level + 1), hanging=_INDENT)),
            ilvl=level,
        )
        for level in range(_LIST_LEVELS)
    ]
    return element("abstractNum", element("multiLevelType", val="multilevel"), *levels, abstractNumId=number)
