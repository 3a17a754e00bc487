"""The package of a Word file: its parts, their types and relationships, in a zip that is always the same."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from monographs.document.parts import Figure
from monographs.presentation.word_file.docx_body import BodyWriter
from monographs.presentation.word_file.docx_comments import comments_part
from monographs.presentation.word_file.docx_markup import R, attribute, element, other_part, part, words
from monographs.presentation.word_file.docx_runs import PackageState
from monographs.presentation.word_file.docx_styles import numbering_part, styles_part
from monographs.presentation.word_file.word_content import (
    PROPERTY_AT,
    PROPERTY_AUTHOR,
    PROPERTY_KEY,
    PROPERTY_PLACES,
    PROPERTY_SHA256,
    PROPERTY_VERSION,
    WordComment,
    WordCover,
)
from monographs.redline import Redline

#: The first moment that a zip can say, so that the same text is always the same bytes.
_TIME = (1980, 1, 1, 0, 0, 0)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_TYPES = "[Content_Types].xml"
#: Twentieths of a point: A4, with margins of 2.5 cm.
_PAGE = (11906, 16838, 1418)


def word_file(
    redline: Redline,
    cover: WordCover,
    *,
    comments: Sequence[WordComment] = (),
    figures: Mapping[str, tuple[Figure, bytes]] | None = None,
    links: Mapping[str, str] | None = None,
    site_address: str = "",
) -> bytes:
    """Return a Word file with a redline as tracked changes, its sources as endnotes, and comments.

    A redline of a text with itself has no changes. ``links`` are public paths by the key of a page, below
    ``site_address``. The bytes depend on what is given only.
    """
    state = PackageState(cover, links or {}, site_address.rstrip("/"))
    writer = BodyWriter(state, figures or {})
    body = writer.body(redline, comments)
    parts = {
        "word/document.xml": part("document", element("body", body, _section_properties())),
        "word/styles.xml": styles_part(cover.language),
        "word/numbering.xml": numbering_part(state.ordered_lists),
        "word/settings.xml": part("settings", element("compat")),
        "word/footer1.xml": _footer(cover),
        "docProps/core.xml": _core_properties(cover),
        "docProps/custom.xml": _custom_properties(cover, state.places),
    }
    if writer.endnotes_part is not None:
        parts["word/endnotes.xml"] = writer.endnotes_part
    if writer.comments:
        parts["word/comments.xml"] = comments_part(writer.comments)
    pictures = {name: figures[name][1] for name in writer.pictures} if figures else {}
    return _zipped({**_with_relations(parts, writer), **{f"word/media/{n}": b for n, b in pictures.items()}})


def _section_properties() -> str:
    width, height, margin = _PAGE
    sides = dict.fromkeys(("top", "right", "bottom", "left"), margin)
    return element(
        "sectPr",
        '<w:footerReference w:type="default" r:id="footer1"/>',
        element("pgSz", w=width, h=height),
        element("pgMar", **sides, header=709, footer=709, gutter=0),
    )


def _footer(cover: WordCover) -> bytes:
    text = f"{cover.title} · {cover.standing} · SHA-256 {cover.sha256}"
    run = element("r", f'<w:t xml:space="preserve">{words(text)}</w:t>')
    return part("ftr", element("p", element("pPr", element("pStyle", val="Footer")), run))


def _core_properties(cover: WordCover) -> bytes:
    kind = 'xsi:type="dcterms:W3CDTF"'
    return other_part(
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{words(cover.title)}</dc:title><dc:creator>{words(cover.author)}</dc:creator>"
        f"<dcterms:created {kind}>{cover.moment}</dcterms:created>"
        f"<dcterms:modified {kind}>{cover.moment}</dcterms:modified></cp:coreProperties>"
    )


def _custom_properties(cover: WordCover, places: int) -> bytes:
    values = {
        PROPERTY_KEY: cover.key,
        PROPERTY_VERSION: cover.version,
        PROPERTY_SHA256: cover.sha256,
        PROPERTY_AUTHOR: cover.author,
        PROPERTY_AT: cover.moment,
        PROPERTY_PLACES: str(places),
    }
    rows = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" name="{name}">'
        f"<vt:lpwstr>{words(value)}</vt:lpwstr></property>"
        for number, (name, value) in enumerate(values.items(), 2)
    )
    names = f'xmlns="{_OFFICE}/custom-properties" xmlns:vt="{_OFFICE}/docPropsVTypes"'
    return other_part(f"<Properties {names}>{rows}</Properties>")


def _with_relations(parts: dict[str, bytes], writer: BodyWriter) -> dict[str, bytes]:
    """Add the types of the parts, and the relationships between them."""
    own = {
        "styles": "styles.xml",
        "numbering": "numbering.xml",
        "settings": "settings.xml",
        "footer": "footer1.xml",
        "endnotes": "endnotes.xml",
        "comments": "comments.xml",
    }
    document = [
        _relation(target.removesuffix(".xml"), f"{R}/{kind}", target)
        for kind, target in own.items()
        if f"word/{target}" in parts
    ]
    document += [_relation(i, f"{R}/image", f"media/{name}") for name, i in writer.pictures.items()]
    links = [
        _relation(i, f"{R}/hyperlink", address, external=True)
        for address, i in writer.state.addresses.items()
    ]
    package = [
        _relation("document", f"{R}/officeDocument", "word/document.xml"),
        _relation("core", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        _relation("custom", f"{R}/custom-properties", "docProps/custom.xml"),
    ]
    relations = {
        "_rels/.rels": _relations(package),
        "word/_rels/document.xml.rels": _relations([*document, *links]),
    }
    if links and "word/endnotes.xml" in parts:
        relations["word/_rels/endnotes.xml.rels"] = _relations(links)
    return {_TYPES: _types(parts), **relations, **parts}


def _relation(relation: str, kind: str, target: str, *, external: bool = False) -> str:
    mode = ' TargetMode="External"' if external else ""
    return f'<Relationship Id="{relation}" Type="{kind}" Target="{attribute(target)}"{mode}/>'


def _relations(rows: Sequence[str]) -> bytes:
    return other_part(f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(rows)}</Relationships>')


def _types(parts: Mapping[str, bytes]) -> bytes:
    types = {
        "word/document.xml": f"{_WORD}.document.main+xml",
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "docProps/custom.xml": "application/vnd.openxmlformats-officedocument.custom-properties+xml",
        "word/footer1.xml": f"{_WORD}.footer+xml",
    }
    endings = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
        **{ending: f"image/{ending}" for ending in ("png", "jpeg", "gif")},
    }
    rows = [f'<Default Extension="{ending}" ContentType="{kind}"/>' for ending, kind in endings.items()]
    rows += [
        f'<Override PartName="/{name}" ContentType="{types.get(name, f"{_WORD}.{_stem(name)}+xml")}"/>'
        for name in parts
    ]
    return other_part(f'<Types xmlns="{_PACKAGE}/content-types">{"".join(rows)}</Types>')


def _stem(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(".xml")


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        for name, content in parts.items():
            entry = ZipInfo(name, _TIME)
            entry.compress_type = ZIP_DEFLATED
            package.writestr(entry, content)
    return out.getvalue()
