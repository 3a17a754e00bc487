"""Unpublished drafts whose blocks stay the same while their words change, set aside and merged."""

import json
from typing import Any

from monographs.editions.contributions import contributors_now
from monographs.editions.models import ReviewKind
from monographs.models import MonographPage
from monographs.review.actions import LeaveDraft, MergeDraft, SetAside
from monographs.review.actions.set_aside import merge_of
from monographs.review.draft_merge.merge_conflict import Choice, ConflictAnswer
from monographs.review.models import SetAsideDraft, Submission
from monographs.review.policies.set_aside_policy import open_set_aside
from tests.factories import publish
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


def set_aside(page: Any, by: Any) -> SetAsideDraft:
    """Set the latest draft aside."""
    row = MonographPage.objects.get(pk=page.pk)
    return SetAside(by, row, seen=row.latest_revision_id).execute()


def merge(page: Any, by: Any, **answers: ConflictAnswer) -> SetAsideDraft:
    """Merge what is set aside into the latest draft."""
    row = MonographPage.objects.get(pk=page.pk)
    aside = open_set_aside(row.translation_key)
    return MergeDraft(
        by, row, row=aside.pk if aside else 0, seen=row.latest_revision_id, answers=answers
    ).execute()


def merge_choosing(page: Any, by: Any, choice: Choice) -> SetAsideDraft:
    """Merge what is set aside, with one choice in all conflicts."""
    row = MonographPage.objects.get(pk=page.pk)
    conflicts = merge_of(open_set_aside(row.translation_key), row).conflicts
    assert conflicts
    return merge(page, by, **{each.name: ConflictAnswer(choice) for each in conflicts})


def leave(page: Any, by: Any, reason: str = "Obsolete.") -> SetAsideDraft:
    """Leave what is set aside in the history."""
    row = MonographPage.objects.get(pk=page.pk)
    aside = open_set_aside(row.translation_key)
    return LeaveDraft(by, row, row=aside.pk if aside else 0, reason=reason).execute()


def correct(page: Any, by: Any, reviewer: Any, section: str = "how_it_is_administered") -> Submission:
    """Correct one word of the public text, and have it signed."""
    write(page, by, section, f"About {section}!", note="A mark was corrected.")
    return publish(page, by, reviewer, kind=ReviewKind.CORRECTION, reason="A slip.")


def excluded(page: Any) -> set[str]:
    """Return the user names of those who could not sign the draft."""
    return {person.username for person in contributors_now(page.translation_key)}
