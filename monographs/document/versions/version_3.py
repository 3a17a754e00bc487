"""Version 3 of documents.

It adds standard texts, a kind of document of their own, and which editions of them a text includes: medicines
always say so, classes and conditions if there are any.
"""

from pathlib import Path
from typing import Any

from monographs.document.versions.shape import Shape

NUMBER = 3
#: A field that version 2 does not have.
STANDARD_TEXTS = "standard_texts"
SHAPE = Shape.load(Path(__file__).with_suffix(".json"))


def upgrade(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document of version 2 in version 3."""
    added: dict[str, Any] = {STANDARD_TEXTS: []} if document["kind"] == "monograph" else {}
    return {**document, **added, "schema_version": NUMBER}


def downgrade(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document of version 3 in the form of version 2, which may lack some of its content."""
    unsaid = document.get(STANDARD_TEXTS) == []
    kept = {name: value for name, value in document.items() if not (unsaid and name == STANDARD_TEXTS)}
    return {**kept, "schema_version": 2}
