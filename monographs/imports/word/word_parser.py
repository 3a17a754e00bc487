"""Parse a Word file about one medicine."""

import logging
import re
from typing import Any

import mammoth

from monographs.imports.errors import ImportRefused
from monographs.imports.name_line import name_of_file
from monographs.imports.parsed_text import Markup, ParsedMonograph, texts_of
from monographs.imports.parser import parse_units
from monographs.imports.rich_text import inline_plain
from monographs.imports.word.revisions_scan import RevisionsScan, excerpts, unread
from monographs.imports.word.word_paragraphs import WordParagraphs
from monographs.imports.word.zip_package import Parts, pack_parts, read_parts

logger = logging.getLogger(__name__)

_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name^='toc '] => p.contents:fresh
p[style-name^='TOC '] => p.contents:fresh
"""
_SYMBOL = re.compile(r"unsupported character was ignored: char (\w+) in font (.+)")


def parse_word(data: bytes, file_name: str) -> ParsedMonograph:
    """Parse a Word file. Raises ``ImportRefused`` when it is not a valid one, or has no monograph."""
    scan = RevisionsScan(read_parts(data))
    html, messages = _converted(scan.parts)
    paragraphs = WordParagraphs.of(html, name_of_file(file_name))
    parsed = parse_units(paragraphs.units, file_name)
    parsed.left_out += paragraphs.contents
    parsed.footnotes = paragraphs.footnotes
    _keep_uncited(parsed)
    parsed.notes += [*scan.notes, *paragraphs.notes, *_notes(paragraphs), *_symbols(messages)]
    parsed.notes += [
        f"“{text}” was not read completely; check it" for text in unread(scan.parts, _all_text(paragraphs))
    ]
    parsed.notes = list(dict.fromkeys(parsed.notes))
    return parsed


def _converted(parts: Parts) -> tuple[str, list[str]]:
    try:
        result = mammoth.convert_to_html(
            pack_parts(parts),
            style_map=_STYLES,
            include_embedded_style_map=False,
            external_file_access=False,
            convert_image=mammoth.images.img_element(_no_picture),
        )
    except Exception as error:  # whatever an untrusted file does to the parser, the user gets a message
        logger.warning("mammoth could not read a file", exc_info=True)
        raise ImportRefused(
            f"the Word document in this file cannot be read ({type(error).__name__}); "
            "open it in Word, save it again as .docx, then import that"
        ) from error
    return result.value, [message.message for message in result.messages]


def _no_picture(_image: Any) -> dict[str, str]:
    """Keep pictures from being opened; mammoth adds the alternative text by itself."""
    return {"src": ""}


def _keep_uncited(parsed: ParsedMonograph) -> None:
    """Move footnotes that no block of a section cites to the unplaced text, so that they are not lost."""
    placed = [*parsed.serious, *(block for blocks in parsed.sections.values() for block in blocks)]
    cited = {cite for block in placed for cite in block.cites}
    for name in [name for name in parsed.footnotes if name not in cited]:
        parsed.unplaced.append(parsed.footnotes.pop(name))


def _notes(paragraphs: WordParagraphs) -> list[str]:
    notes: list[str] = []
    if paragraphs.struck:
        notes.append(f"struck-out text was kept as plain text ({excerpts(paragraphs.struck)}); check it")
    if paragraphs.pictures:
        words = [alt for alt in paragraphs.pictures if alt]
        quoted = f" ({excerpts(words)})" if words else ""
        count = len(paragraphs.pictures)
        what, they = ("1 picture was", "it") if count == 1 else (f"{count} pictures were", "them")
        notes.append(f"{what} not imported{quoted}; add {they} in the editor")
    return notes


def _symbols(messages: list[str]) -> list[str]:
    found = (match for message in messages if (match := _SYMBOL.search(message)))
    return [f"the symbol {match[1]} of the font {match[2]} could not be read; check it" for match in found]


def _all_text(paragraphs: WordParagraphs) -> str:
    """Return the whole text that was read, in order."""
    texts = (text for unit in paragraphs.units for text in texts_of(unit.block))
    return " ".join([*(inline_plain(text, markup=Markup.HTML) for text in texts), *paragraphs.contents])
