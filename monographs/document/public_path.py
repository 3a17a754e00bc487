"""Public paths as patterns: ``/medicines/{slug}/``, where a name in braces is a field of the document.

Each document type has one (``BaseDocument.path_pattern``). Paths of documents and pages, the routes of the
public site and the database's check of an edition's path are made from it. ``verify_export.py``, which runs
without this project, has the one copy.
"""

from collections.abc import Iterator
from string import Formatter
from typing import Any


def pattern_pieces(pattern: str) -> Iterator[tuple[str, str]]:
    """The pieces of ``pattern`` in order: literal text and the field after it ("" after the last one)."""
    for text, name, _, _ in Formatter().parse(pattern):
        yield text, name or ""


def fill_pattern(pattern: str, source: Any) -> str:
    """Return the path that ``pattern`` gives with the attributes of ``source`` (a document or a page)."""
    return "".join(
        text + (str(getattr(source, name)) if name else "") for text, name in pattern_pieces(pattern)
    )
