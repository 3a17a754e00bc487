"""Which characters the fonts of PDFs have, as Typst reports it; looked up once for each character."""

import json
import tempfile
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import typst

from monographs.core.character_names import is_unseen
from monographs.presentation.typst_pdf import STANDARD, embedded_fonts

#: Each character in the styles of a leaflet. PDF/UA-1 refuses a character without a glyph.
_SOURCE = """
#set document(title: "Characters")
#set text(font: "Libertinus Serif")
#for one in json("characters.json") [#one #strong(one) #emph(one) #strong(emph(one)) #parbreak()]
"""
#: After so many of a script are missing, and none is there, the others of it are not looked for.
_ENOUGH = 3
_known: dict[str, bool] = {}


def unprintable_characters(text: str) -> set[str]:
    """Return the characters of ``text`` that no font of leaflets has. Unseen ones need none."""
    wanted = {char for char in text if not char.isascii() and not char.isspace() and not is_unseen(char)}
    unknown = sorted(wanted - _known.keys())
    if unknown:
        _ask(unknown)
    return {char for char in wanted if not _known[char]}


def _ask(characters: Iterable[str]) -> None:
    left = list(characters)
    missing: dict[str, int] = {}
    while left:
        failed = _first_missing(left)
        if failed is None:
            _known.update(dict.fromkeys(left, True))
            return
        at = left.index(failed)
        _known.update(dict.fromkeys(left[:at], True))
        _known[failed] = False
        left = left[at + 1 :]
        script = _script(failed)
        missing[script] = missing.get(script, 0) + 1
        found = any(ok for char, ok in _known.items() if _script(char) == script)
        if missing[script] >= _ENOUGH and not found:
            _known.update({char: False for char in left if _script(char) == script})
            left = [char for char in left if _script(char) != script]


def _script(char: str) -> str:
    return unicodedata.name(char, f"UNNAMED {ord(char) >> 8}").split(" ")[0]


def _first_missing(characters: list[str]) -> str | None:
    """Return the first of ``characters`` that cannot be printed, None if all can."""
    with tempfile.TemporaryDirectory(prefix="characters-") as folder:
        root = Path(folder)
        (root / "main.typ").write_text(_SOURCE, encoding="utf-8")
        (root / "characters.json").write_text(json.dumps(characters), encoding="utf-8")
        compiler = typst.Compiler(root=root, font_paths=embedded_fonts())
        try:
            compiler.compile(root / "main.typ", format="pdf", pdf_standards=STANDARD)
        except typst.TypstError as error:
            named = [char for char in characters if f'"{char}"' in str(error)]
            return named[0] if named else characters[0]
    return None
