"""Sources of the demonstration: typed on their page, or in the library, by ``content/library.toml``.

Some statements rest on those of the library.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User

from monographs.accounts.actors import person_of
from monographs.blocks.source_blocks import FROM_LIBRARY
from monographs.document.page_statements import statements
from monographs.models import MonographPage
from monographs.source_library.models import LibrarySource
from monographs.source_library.source_citations import cite_source

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


def cite_sources(page: MonographPage, data: dict[str, Any], account: User) -> None:
    """Let each statement of a draft that begins as one of ``citations`` rest on that source of the page."""
    titles = {row["reference"]: row["title"] for row in data.get("sources", [])}
    rows = data.get("citations", [])
    for statement in statements(page.to_document()) if rows else []:
        for row in rows:
            if statement.words.startswith(row["begins"]):
                source = LibrarySource.objects.get(title=titles[row["reference"]])
                cite_source(page.translation_key, statement, source, person_of(account))
