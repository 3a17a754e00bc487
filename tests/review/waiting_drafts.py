"""Drafts that wait, whose blocks stay the same while their words change."""

import json
from typing import Any

from monographs.models import MonographPage
from tests.review.authored_drafts import latest

LONG = "A long new explanation that the writer works on for weeks."


def write(page: Any, by: Any, section: str, *paragraphs: str, note: str = "A long change.") -> MonographPage:
    """Save the paragraphs of a section, whose block stays the same, and a sentence on what changed."""
    draft = latest(page)
    draft.change_note = note
    stored = draft.sections.get_prep_value()
    for child in stored:
        if child["type"] == section:
            child["value"]["content"][0]["value"] = "".join(f"<p>{words}</p>" for words in paragraphs)
    draft.sections = json.dumps(stored)
    draft.save_revision(user=by, clean=False)
    return latest(page)


def words_of(page: Any, section: str) -> str:
    """Return the stored text of the first block of a section of the latest draft."""
    found = next(child for child in latest(page).sections if child.block_type == section)
    return str(found.value["content"][0].value.source)
