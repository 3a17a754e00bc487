"""What tests of suggestions share: suggesting, and the words of the draft."""

from typing import Any

from monographs.models import MonographPage
from monographs.review.actions import ChosenWords, Suggest
from monographs.review.models import Submission, Suggestion
from monographs.review.suggestions.editable_passages import EditablePassage, editable_passages

#: The section in which tests suggest.
SECTION = "how_it_works"


def suggest(
    by: Any,
    submission: Submission,
    old: str,
    new: str,
    *,
    section: str = SECTION,
    reason: str = "Plainer.",
    **chosen: Any,
) -> Suggestion:
    """Suggest ``new`` instead of ``old`` as the reviewer ``by``."""
    where = ChosenWords(section, old, **chosen)
    return Suggest(by, submission.key, where, words=new, reason=reason, submission=submission).execute()


def draft_of(page: Any) -> MonographPage:
    """Return the newest draft of a page."""
    return MonographPage.objects.get(pk=page.pk).get_latest_revision_as_object()


def passages_of_draft(page: Any, section: str = SECTION) -> list[EditablePassage]:
    """Return the passages of one section of the newest draft."""
    draft = MonographPage.objects.get(pk=page.pk)
    found = editable_passages(draft.get_latest_revision().content, MonographPage)
    return [each for each in found if each.section == section]


def words_of_draft(page: Any, section: str = SECTION) -> list[str]:
    """Return the words of each passage of one section of the newest draft."""
    return [each.words for each in passages_of_draft(page, section)]
