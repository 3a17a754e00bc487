"""What answers a search for programs: the same that answers one on the page."""

from typing import Any

from monographs.reading.listing import Entry, matching
from monographs.reading.lookup import read_names


def search(query: str) -> dict[str, Any]:
    """Pages for ``query``, best first, in the shape of ``schemas.Search``."""
    entries = matching(read_names().entries, query)
    return {"query": query, "corrected": None, "results": [_result(entry) for entry in entries]}


def _result(entry: Entry) -> dict[str, Any]:
    return {
        "slug": entry.path.strip("/").rpartition("/")[2],
        "name": entry.title,
        "brand_names": entry.brand_names,
        "path": entry.path,
        "anchor": "",
        "kind": entry.kind,
        "summary": entry.summary,
        "why": None,
    }
