"""The list of sources in a medicine's stored draft, and which sections name those of the library."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from monographs.blocks.resolve_context import split_references
from monographs.blocks.source_blocks import FROM_LIBRARY


class StoredSources:
    """The sources in the stored ``content`` of a revision of a medicine."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._sources = _children(content, "sources")
        self._sections = _children(content, "sections")

    def _of_library(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield primary key and value of each source of the library."""
        for child in self._sources:
            if child.get("type") == FROM_LIBRARY and child["value"].get("source"):
                yield int(child["value"]["source"]), child["value"]

    def sections(self) -> dict[int, list[str]]:
        """Return the sections that name each source of the library, by its primary key."""
        references = {pk: (value.get("reference") or "").strip().lower() for pk, value in self._of_library()}
        named = {
            str(child["type"]): set(split_references(child["value"].get("sources", "")))
            for child in self._sections
            if isinstance(child.get("value"), dict)
        }
        return {
            pk: [section for section, of in named.items() if reference in of]
            for pk, reference in references.items()
        }

    def replaced(self, older: int, newer: int, seen_on: date) -> dict[str, Any]:
        """Return the values of the page's fields with ``newer``, seen on a day, in the place of ``older``.

        It keeps the short name, so each section names it that named the other.
        """
        for pk, value in self._of_library():
            if pk == older:
                value.update(source=newer, date_seen=seen_on.isoformat())
        return {"sources": json.dumps(self._sources)}


def _children(content: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    stored = content.get(name) or "[]"
    return list(json.loads(stored) if isinstance(stored, str) else stored)
