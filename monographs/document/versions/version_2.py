"""Version 2 of documents: a fourth urgency, ``call_now``, between ``call_911`` and ``call_today``."""

from pathlib import Path
from typing import Any

from monographs.document.versions.shape import Shape

NUMBER = 2
SHAPE = Shape.load(Path(__file__).with_suffix(".json"))


def upgrade(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document of version 1 in version 2."""
    return {**document, "schema_version": NUMBER}


def downgrade(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document of version 2 in the form of version 1, which may not have what it says."""
    return {**document, "schema_version": 1}
