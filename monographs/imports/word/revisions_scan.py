"""Find what a Word file holds besides plain text: tracked changes, hidden text, comments, formulas, symbols.

The body is scanned before mammoth reads it. What mammoth would skip silently is either put where it reads it,
or removed and reported.
"""

import re
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from mammoth.docx.dingbats import dingbats

from monographs.imports.word.zip_package import Parts

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_FALLBACK, _CHOICE = f"{_MC}Fallback", f"{_MC}Choice"
#: Elements that mammoth skips, although they contain ordinary text.
_WRAPPERS = {f"{_W}{name}" for name in ("fldSimple", "dir", "bdo", "ruby", "rubyBase")}
_DELETED = {f"{_W}del", f"{_W}moveFrom"}
_TRACKED = {*_DELETED, f"{_W}ins", f"{_W}moveTo"}
_FORMULAS = ("}oMath", "}oMathPara")
#: Symbol fonts, which draw other characters: an “m” in Symbol looks like “µ”.
_PICTURE_FONTS = {font for font, _ in dingbats}
_PRIVATE = range(0xF000, 0xF100)
#: Words of something left out that are quoted in the message.
_EXCERPT = 12


class RevisionsScan:
    """A scan of a file's parts: ``notes`` are messages to the user, ``parts`` what mammoth is to read."""

    def __init__(self, parts: Parts) -> None:
        self.parts = dict(parts)
        self.notes: list[str] = []
        for name in ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml"):
            if name in parts:
                self._scan_part(name)
        self._report_headers_and_footers()
        self._report_comments()

    def _scan_part(self, name: str) -> None:
        root = _root(self.parts[name])
        self._report_tracked_changes(root)
        self._resolve_alternatives(root)
        self._remove_unsupported(root)
        for run in root.iter(f"{_W}r"):
            self._replace_symbols(run)
        self.parts[name] = ElementTree.tostring(root, "utf-8", xml_declaration=True)

    def _report_tracked_changes(self, root: Element) -> None:
        if not any(element.tag in _TRACKED for element in root.iter()):
            return
        gone = [words for e in root.iter() if e.tag in _DELETED if (words := _words(e))]
        deleted = f"; deleted text was left out ({excerpts(gone)})" if gone else ""
        self.notes.append(f"it has tracked changes: inserted text was accepted{deleted}")

    def _resolve_alternatives(self, root: Element) -> None:
        """Of two alternatives mammoth reads the older one; use the newer one if only that has words."""
        for parent in list(root.iter()):
            for child in [c for c in parent if c.tag == f"{_MC}AlternateContent"]:
                older, newer = child.find(_FALLBACK), child.find(_CHOICE)
                if newer is not None and (older is None or (not _words(older) and _words(newer))):
                    newer.tag = _FALLBACK
                    if older is not None:
                        child.remove(older)

    def _remove_unsupported(self, root: Element) -> None:
        hidden: list[str] = []
        formulas: list[str] = []
        for parent in list(root.iter()):
            for child in list(parent):
                if child.tag == f"{_W}r" and _is_hidden(child):
                    hidden.append(_words(child))
                    parent.remove(child)
                elif child.tag.endswith(_FORMULAS):
                    formulas.append(_words(child))
                    parent.remove(child)
                elif child.tag == f"{_W}altChunk":
                    self.notes.append("an embedded document was not read; import it separately")
                else:
                    child.tag = _known_tag(child.tag)
        if any(hidden):
            self.notes.append(f"hidden text was left out ({excerpts([h for h in hidden if h])})")
        if formulas:
            self.notes.append(f"formulas were left out ({excerpts(formulas)}); write them as text")

    def _replace_symbols(self, run: Element) -> None:
        """Replace characters in a symbol font by the characters they look like."""
        fonts = run.find(f"{_W}rPr/{_W}rFonts")
        font = "" if fonts is None else fonts.get(f"{_W}ascii", "") or fonts.get(f"{_W}hAnsi", "")
        for text in run.iter(f"{_W}t"):
            replaced = "".join(self._replaced(font, char) for char in text.text or "")
            if text.text and replaced != text.text:
                self.notes.append(f"“{text.text}” in the font {font} was read as “{replaced}”; check it")
                text.text = replaced

    def _replaced(self, font: str, char: str) -> str:
        code = ord(char) & 0xFF if ord(char) in _PRIVATE else ord(char)
        if font in _PICTURE_FONTS and not char.isspace() and (font, code) in dingbats:
            return chr(dingbats[font, code])
        if ord(char) in _PRIVATE:
            self.notes.append(f"a character of the font “{font or 'unknown'}” could not be read; check it")
        return char

    def _report_headers_and_footers(self) -> None:
        for kind in ("header", "footer"):
            names = sorted(n for n in self.parts if n.startswith(f"word/{kind}"))
            found = dict.fromkeys(words for name in names if (words := _words(_root(self.parts[name]))))
            if found:
                self.notes.append(f"the {kind} was left out ({excerpts(list(found))})")

    def _report_comments(self) -> None:
        if "word/comments.xml" not in self.parts:
            return
        comments = [_words(comment) for comment in _root(self.parts["word/comments.xml"])]
        if comments:
            many = f"{len(comments)} comments were" if len(comments) > 1 else "a comment was"
            self.notes.append(f"{many} left out ({excerpts(comments)})")


def unread(parts: Parts, read: str) -> list[str]:
    """Return the paragraphs of the body that are not, letter by letter, in ``read``, the text as imported."""
    imported = _letters(read)
    paragraphs = ("".join(_direct_texts(p)) for p in _root(parts["word/document.xml"]).iter(f"{_W}p"))
    return [" ".join(text.split()) for text in paragraphs if _letters(text) not in imported]


def excerpts(texts: list[str]) -> str:
    """Return the first words of each text, in quotation marks."""
    return ", ".join(f"“{_excerpt(text)}”" for text in texts)


def _direct_texts(element: Element) -> Iterator[str]:
    """Yield the texts of a paragraph, without those of paragraphs nested in it."""
    for child in element:
        if child.tag in {*_DELETED, _CHOICE, f"{_W}p"}:
            continue
        if child.tag.endswith("}t"):
            yield child.text or ""
        yield from _direct_texts(child)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def _root(content: bytes) -> Element:
    # read_parts has refused document types, and with them entities
    root = ElementTree.fromstring(content)  # noqa: S314
    for element in root.iter():
        element.tag = element.tag.replace(_STRICT, _W)
        for name in [n for n in element.attrib if n.startswith(_STRICT)]:
            element.set(name.replace(_STRICT, _W), element.attrib.pop(name))
    return root


def _is_hidden(run: Element) -> bool:
    vanish = run.find(f"{_W}rPr/{_W}vanish")
    return vanish is not None and vanish.get(f"{_W}val") not in {"0", "false"}


def _words(element: Element) -> str:
    """Return the words of an element, deleted ones too, with spaces between paragraphs."""
    pieces: list[str] = []
    for child in element.iter():
        if child.tag.endswith(("}t", "}delText")):
            pieces.append(child.text or "")
        elif child.tag.endswith(("}p", "}tab", "}br")):
            pieces.append(" ")
    return " ".join("".join(pieces).split())


def _excerpt(text: str) -> str:
    words = text.split()
    return " ".join(words[:_EXCERPT]) + ("…" if len(words) > _EXCERPT else "")


def _known_tag(tag: str) -> str:
    """Return a tag whose content mammoth reads, in place of one that it skips."""
    if tag in _WRAPPERS:
        return f"{_W}smartTag"
    return f"{_W}txbxContent" if tag.endswith("}txbxContent") else tag
