"""From the bytes of a Word file to what it says about one medicine."""

import logging
import re
from typing import Any

import mammoth

from monographs.imports.errors import ImportRefused
from monographs.imports.parsed_text import Markup, ParsedMonograph, texts_of
from monographs.imports.parser import name_of_file, parse_units
from monographs.imports.rich_text import inline_plain
from monographs.imports.word.revisions_scan import RevisionsScan, excerpts, unread
from monographs.imports.word.word_paragraphs import WordParagraphs
from monographs.imports.word.zip_package import Parts, packed, read_parts

logger = logging.getLogger(__name__)

_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name^='toc '] => p.contents:fresh
p[style-name^='TOC '] => p.contents:fresh
"""
_SYMBOL = re.compile(r"unsupported character was ignored: char (\w+) in font (.+)")


def parse_word(data: bytes, file_name: str) -> ParsedMonograph:
    """What a Word file says. Raises ``ImportRefused`` when it is none, or holds no monograph."""
    looked = RevisionsScan(read_parts(data))
    html, messages = _converted(looked.parts)
    paragraphs = WordParagraphs.of(html, name_of_file(file_name))
    parsed = parse_units(paragraphs.units, file_name)
    parsed.left_out += paragraphs.contents
    parsed.footnotes = paragraphs.footnotes
    _keep_uncited(parsed)
    parsed.notes += [*looked.notes, *paragraphs.notes, *_told(paragraphs), *_symbols(messages)]
    parsed.notes += [
        f"“{text}” was not read whole; check it" for text in unread(looked.parts, _all(paragraphs))
    ]
    parsed.notes = list(dict.fromkeys(parsed.notes))
    return parsed


def _converted(parts: Parts) -> tuple[str, list[str]]:
    try:
        result = mammoth.convert_to_html(
            packed(parts),
            style_map=_STYLES,
            include_embedded_style_map=False,
            external_file_access=False,
            convert_image=mammoth.images.img_element(_no_picture),
        )
    except Exception as error:  # a stranger's file; whatever it does to the parser, the person gets an answer
        logger.warning("mammoth could not read a file", exc_info=True)
        raise ImportRefused(
            f"the Word document in this file cannot be read ({type(error).__name__}); "
            "open it in Word, save it again as .docx, then import that"
        ) from error
    return result.value, [message.message for message in result.messages]


def _no_picture(_image: Any) -> dict[str, str]:
    """Pictures are never opened; mammoth adds the alternative text by itself."""
    return {"src": ""}


def _keep_uncited(parsed: ParsedMonograph) -> None:
    """Footnotes that no placed paragraph cites would be lost with it: they have no place either."""
    placed = [*parsed.serious, *(block for blocks in parsed.sections.values() for block in blocks)]
    cited = {cite for block in placed for cite in block.cites}
    for name in [name for name in parsed.footnotes if name not in cited]:
        parsed.unplaced.append(parsed.footnotes.pop(name))


def _told(paragraphs: WordParagraphs) -> list[str]:
    told: list[str] = []
    if paragraphs.struck:
        told.append(f"struck-out text was kept as plain words ({excerpts(paragraphs.struck)}); check it")
    if paragraphs.pictures:
        words = [alt for alt in paragraphs.pictures if alt]
        said = f" ({excerpts(words)})" if words else ""
        many = len(paragraphs.pictures)
        what, they = ("1 picture was", "it") if many == 1 else (f"{many} pictures were", "them")
        told.append(f"{what} not imported{said}; add {they} in the editor")
    return told


def _symbols(messages: list[str]) -> list[str]:
    found = (match for message in messages if (match := _SYMBOL.search(message)))
    return [
        f"the symbol {match[1]} of the typeface {match[2]} could not be read; check it" for match in found
    ]


def _all(paragraphs: WordParagraphs) -> str:
    """Every word that was read, in order."""
    texts = (text for unit in paragraphs.units for text in texts_of(unit.block))
    return " ".join([*(inline_plain(text, markup=Markup.HTML) for text in texts), *paragraphs.contents])
