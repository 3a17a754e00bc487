"""Kinds of files by their first bytes, and what to do with those that cannot be imported.

What a file is, is in its bytes; its name may say otherwise.
"""

from io import BytesIO
from zipfile import BadZipFile, ZipFile

from monographs.imports.errors import ImportRefused

SAVE_AS_WORD = "save it as a Word document (.docx), then import that"
_OPEN = f"open it in Word, {SAVE_AS_WORD}"
_MACROS = "this file may hold macros; open it in Word and save it as a Word document (.docx), without macros"
#: By suffix, for files whose bytes say nothing else.
_BY_SUFFIX = {
    ".doc": "this is an old Word file; open it in Word and save it as a Word document (.docx)",
    ".dot": "this is an old Word template; open it in Word and save it as a Word document (.docx)",
    ".docm": _MACROS,
    ".dotm": _MACROS,
    ".odt": f"this is an OpenDocument file; open it in LibreOffice or Word, {SAVE_AS_WORD}",
    ".ott": f"this is an OpenDocument template; open it in LibreOffice or Word, {SAVE_AS_WORD}",
    ".rtf": "this is an RTF file; open it in Word and save it as a Word document (.docx)",
    ".pages": "this is a Pages file; open it in Pages and export it to Word (.docx), then import that",
    ".wps": f"this is a Works file; {_OPEN}",
    ".wpd": f"this is a WordPerfect file; {_OPEN}",
    ".pdf": "a PDF has no paragraphs to import; ask for the Word document it was made from",
    ".html": "a web page cannot be imported; copy its text and paste it",
    ".htm": "a web page cannot be imported; copy its text and paste it",
    ".mht": f"this is a web page; {_OPEN}",
    ".xlsx": "this is a spreadsheet; copy its cells into a Word document (.docx), then import that",
    ".xls": "this is a spreadsheet; copy its cells into a Word document (.docx), then import that",
    ".csv": "this is a spreadsheet; copy its cells into a Word document (.docx), then import that",
    ".pptx": "this is a presentation; copy its text into a Word document (.docx), then import that",
    ".epub": "this is an e-book; copy its text into a Word document (.docx), then import that",
    ".zip": "this is a zip archive; unpack it, and import the files in it",
}
_PDF = f"this is a PDF; {_BY_SUFFIX['.pdf']}, and import that"
_WEB_PAGE = f"this is a web page, not a Word document; {_OPEN}, or copy its text and paste it"
#: How files begin, in lower case, after white space.
_STARTS = {
    b"{\\rtf": f"this is an RTF file, not a Word document; {_OPEN}",
    b"<!doctype html": _WEB_PAGE,
    b"<html": _WEB_PAGE,
    b"mime-version:": _WEB_PAGE,
    b"<?xml": f"this is an XML file, not a Word document; {_OPEN}",
    b"\xffwpc": f"this is a WordPerfect file; {_OPEN}",
    b"\x89png": "this is a picture; import the Word document or the text it was made from",
    b"\xff\xd8\xff": "this is a picture; import the Word document or the text it was made from",
    b"gif8": "this is a picture; import the Word document or the text it was made from",
    b"\x1f\x8b": "this is a compressed file; unpack it, and import the files in it",
    b"rar!": "this is a compressed file; unpack it, and import the files in it",
    b"7z\xbc\xaf": "this is a compressed file; unpack it, and import the files in it",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Names of the streams in old Office files, as they are stored.
_STREAMS = {
    "EncryptedPackage": "this file is protected by a password; save it in Word without one, then import it",
    "WordDocument": f"this is an old Word file (.doc); {_OPEN}",
    "PowerPoint Document": _BY_SUFFIX[".pptx"],
    "Workbook": _BY_SUFFIX[".xlsx"],
    "__substg1.0": "this is an email; copy its text and paste it",
}
#: What is in other zip files: the start of a name, and what to say.
_PACKAGES = {
    "xl/": _BY_SUFFIX[".xlsx"],
    "ppt/": _BY_SUFFIX[".pptx"],
    "Index/Document.iwa": _BY_SUFFIX[".pages"],
    "Index.zip": _BY_SUFFIX[".pages"],
    "index.xml": _BY_SUFFIX[".pages"],
    "META-INF/container.xml": _BY_SUFFIX[".epub"],
    "content.xml": _BY_SUFFIX[".odt"],
}
#: Bytes in which the mark of a PDF may be.
_PDF_START = 1024


def is_word_package(data: bytes) -> bool:
    """Whether a file is a zip with Office's relationships, and none of another program."""
    if not data.startswith(b"PK"):
        return False
    try:
        with ZipFile(BytesIO(data)) as package:
            names = {name.replace("\\", "/").lstrip("/").lower() for name in package.namelist()}
    except (BadZipFile, ValueError, OSError):
        return True  # its reader says what is damaged
    office = "_rels/.rels" in names and not any(name.startswith(("xl/", "ppt/")) for name in names)
    return office or any(name.startswith("word/") for name in names)


def refuse_other_kinds(data: bytes, suffix: str) -> None:
    """Raise ``ImportRefused``, with what to do, for a file that is neither a text nor a Word file."""
    start = data[:_PDF_START].lstrip().lower()
    if data.startswith(_OLE):
        raise ImportRefused(_ole_message(data, suffix))
    if b"%pdf-" in start:
        raise ImportRefused(_BY_SUFFIX[".pdf"] if suffix == ".pdf" else _PDF)
    if suffix in {".docm", ".dotm"}:
        raise ImportRefused(_MACROS)
    if data.startswith(b"PK"):
        raise ImportRefused(_package_message(data))
    for sign, message in _STARTS.items():
        if start.removeprefix(b"\xef\xbb\xbf").startswith(sign) and (sign != b"<?xml" or suffix != ".txt"):
            raise ImportRefused(_BY_SUFFIX.get(suffix, message) if suffix in {".rtf", ".html"} else message)
    if suffix in _BY_SUFFIX:
        raise ImportRefused(_BY_SUFFIX[suffix])


def _ole_message(data: bytes, suffix: str) -> str:
    for stream, message in _STREAMS.items():
        if stream.encode("utf-16-le") in data:
            return message
    return _BY_SUFFIX[".doc"] if suffix == ".doc" else _STREAMS["WordDocument"]


def _package_message(data: bytes) -> str:
    with ZipFile(BytesIO(data)) as package:
        names = package.namelist()
    for start, message in _PACKAGES.items():
        if any(name.startswith(start) for name in names):
            return message
    return "there is no Word document in this file, which is a zip archive; unpack it, and import the files in it"
