"""Typesetting data as a PDF with Typst: accessible (PDF/UA-1), and the same bytes for the same data.

Texts reach Typst as strings in a data file, never as source: nothing in a text can be markup, a command or a
path.
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
#: Suffixes of image files that Typst supports.
IMAGE_SUFFIXES = (".png", ".jpeg", ".gif", ".webp", ".svg")


def typeset(
    source: Path,
    data: Mapping[str, Any],
    files: Mapping[str, bytes],
    *,
    at: datetime | None = None,
    system_fonts: bool = True,
) -> bytes:
    """Compile the Typst file ``source`` with ``data`` (its ``data.json``) and ``files`` (bytes by name).

    ``at`` is the creation time in the file, by default now. Without ``system_fonts`` the result is the same
    on every machine. The result is PDF/UA-1 unless a character is in none of the fonts, which is logged as an
    error. Raises ``TypeError``
    if the source produces several files.
    """
    with tempfile.TemporaryDirectory(prefix="typeset-") as folder:
        root = Path(folder)
        main = root / source.name
        main.write_bytes(source.read_bytes())
        (root / "data.json").write_text(json.dumps(data), encoding="utf-8")
        for name, content in files.items():
            (root / name).write_bytes(content)
        made_at = at.replace(microsecond=0) if at else None  # a PDF has times in seconds
        compiler = typst.Compiler(root=root, font_paths=_fonts(system=system_fonts))
        try:
            pdf, warnings = compiler.compile_with_warnings(
                main, format="pdf", pdf_standards=STANDARD, timestamp=made_at
            )
            for warning in warnings:  # e.g. that page numbers did not settle, so that they are wrong
                logger.warning("The PDF of “%s”: %s", data.get("title", source.name), warning.message)
        except typst.TypstError as error:
            # Patients must get the text all the same; the rule on letters keeps this from new editions
            title = data.get("title", source.name)
            logger.error("The PDF of “%s” is not accessible (PDF/UA): %s", title, error)
            pdf = compiler.compile(main, format="pdf", timestamp=made_at)
    if not isinstance(pdf, bytes):
        raise TypeError(f"{source.name} did not produce a single file")
    return pdf


def embedded_fonts() -> typst.Fonts:
    """Return the fonts that Typst brings along, those of leaflets."""
    return _fonts(system=False)


@lru_cache(maxsize=2)
def _fonts(*, system: bool) -> typst.Fonts:
    """Fonts, searched for once per process: the search takes longer than typesetting a page."""
    return typst.Fonts(include_system_fonts=system)
