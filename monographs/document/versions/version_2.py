"""Version 2 of documents.

It adds a fourth urgency, ``call_now``, between ``call_911`` and ``call_today``, tables, optional sections,
and to the home page what to do if nobody answers a call.
"""

from pathlib import Path
from typing import Any

from monographs.document.versions.shape import Shape

NUMBER = 2
#: A field of the home page that version 1 does not have.
NOBODY_ANSWERS = "if_nobody_answers"
SHAPE = Shape.load(Path(__file__).with_suffix(".json"))


def upgrade(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document of version 1 in version 2."""
    added = {NOBODY_ANSWERS: ""} if document["kind"] == "home" else {}
    return {**document, **added, "schema_version": NUMBER}


def downgrade(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document of version 2 in the form of version 1, which may lack some of its content."""
    unsaid = document.get(NOBODY_ANSWERS) == ""
    kept = {name: value for name, value in document.items() if not (unsaid and name == NOBODY_ANSWERS)}
    return {**kept, "schema_version": 1}
