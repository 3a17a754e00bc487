"""Sources of the demonstration: typed on their page, or in the library, by ``content/library.toml``."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from monographs.blocks.source_blocks import FROM_LIBRARY
from monographs.source_library.models import LibrarySource

LIBRARY = Path(__file__).parent / "content" / "library.toml"


@cache
def _library() -> dict[str, dict[str, Any]]:
    return {row["title"]: row for row in tomllib.loads(LIBRARY.read_text("utf-8"))["sources"]}


def source_block(row: dict[str, Any]) -> dict[str, Any]:
    """Return the stored block of a page's source; one of the library is added there if it is missing."""
    seen = str(row["date_seen"])
    if row["title"] not in _library():
        return {"type": "source", "value": {**row, "date_seen": seen}}
    values = _library()[row["title"]] | {"publisher": row["publisher"], "address": row["address"]}
    source = LibrarySource.objects.filter(title=row["title"]).first()
    if source is None:
        source = LibrarySource(**values)
        source.full_clean(exclude=["digest"])
        source.save()
    return {
        "type": FROM_LIBRARY,
        "value": {"reference": row["reference"], "source": source.pk, "date_seen": seen},
    }
