"""What answers a search for programs: the same that answers one on the page."""

from typing import Any

from monographs.reading.encoding import encode
from monographs.reading.listing import Entry, matching
from monographs.reading.lookup import read_names


def find(query: str) -> tuple[str | None, tuple[Entry, ...]]:
    """The name that was searched for instead, if any, and what was found, best first."""
    return None, matching(read_names().entries, query)


def search_json(query: str) -> str:
    """What was found."""
    corrected, entries = find(query)
    return encode({"query": query, "corrected": corrected, "results": [_result(e) for e in entries]})


def _result(entry: Entry) -> dict[str, Any]:
    return {
        "slug": entry.path.strip("/").rpartition("/")[2],
        "name": entry.title,
        "brand_names": entry.brand_names,
        "path": entry.path,
        "kind": entry.kind,
        "summary": entry.summary,
    }
