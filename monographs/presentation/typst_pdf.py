"""Data set as a PDF by Typst: accessible (PDF/UA-1), and the same bytes for the same data.

What anybody wrote reaches Typst as strings in a data file, never as source: nothing in a text can be markup,
a command or a path.
"""

import json
import logging
import tempfile
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import typst

logger = logging.getLogger(__name__)

#: PDF/UA-1 (ISO 14289-1): tagged, titled, every picture described.
STANDARD: Final = "ua-1"
#: Pictures Typst can set, by the ending of their file.
SETS = (".png", ".jpeg", ".gif", ".webp", ".svg")


def typeset(
    source: Path,
    data: Mapping[str, Any],
    files: Mapping[str, bytes],
    *,
    at: datetime | None = None,
    system_fonts: bool = True,
) -> bytes:
    """The PDF that ``source`` makes of ``data`` (its ``data.json``) and ``files`` (bytes by name).

    ``at`` is the moment it says it was made, else now. Without ``system_fonts`` it looks the same wherever
    it is set. PDF/UA-1, unless no font here can show some letter.
    """
    with tempfile.TemporaryDirectory(prefix="typeset-") as folder:
        root = Path(folder)
        main = root / source.name
        main.write_bytes(source.read_bytes())
        (root / "data.json").write_text(json.dumps(data), encoding="utf-8")
        for name, content in files.items():
            (root / name).write_bytes(content)
        made_at = at.replace(microsecond=0) if at else None  # a PDF counts in seconds
        compiler = typst.Compiler(root=root, font_paths=_fonts(system_fonts))
        try:
            made = compiler.compile(main, format="pdf", pdf_standards=STANDARD, timestamp=made_at)
        except typst.TypstError as error:
            logger.warning("%s is no PDF/UA: %s", source.name, error)
            made = compiler.compile(main, format="pdf", timestamp=made_at)
    if not isinstance(made, bytes):
        raise TypeError(f"{source.name} became no single file")
    return made


@lru_cache(maxsize=2)
def _fonts(system: bool) -> typst.Fonts:
    """Fonts are found once in a process: looking for them takes longer than setting a page."""
    return typst.Fonts(include_system_fonts=system)
