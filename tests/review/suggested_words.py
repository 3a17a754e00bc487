"""What tests of suggestions share: suggesting, and the words of the draft."""

from typing import Any

from monographs.models import MonographPage
from monographs.review.actions import AcceptSuggestion, ChosenWords, Return, Suggest
from monographs.review.models import Submission, Suggestion
from monographs.review.suggestions.editable_passages import EditablePassage, editable_passages
from tests.factories import edit, make_monograph, make_user, submit

#: The section in which tests suggest, and what it says.
SECTION = "how_it_works"
WORDS = "It slows the growth of cancer cells over many weeks."


def text_in_review() -> Submission:
    """Return a first text in review with ``WORDS``; two reviewers and an editor have accounts."""
    writer = make_user("writer", "Medical writers")
    make_user("reviewer", "Medical reviewers", credentials="PharmD")
    make_user("reviewer2", "Medical reviewers", credentials="MD")
    make_user("editor", "Editors")
    page = make_monograph(by=writer)
    return submit(edit(page, writer, how_it_works=WORDS), writer)


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


def accept(by: Any, suggestion: Suggestion) -> Suggestion:
    """Accept a suggestion."""
    return AcceptSuggestion(by, suggestion).execute()


def give_back(submission: Submission, by: Any) -> Submission:
    """Return a text to its writer."""
    Return(by, submission, reason="See the suggestions.").execute()
    submission.refresh_from_db()
    return submission


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
