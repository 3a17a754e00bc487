"""Drafts that were set aside and brought back from the page's history instead of being merged.

Their words and deletions are found word by word (``review/authorship``). Who contributed to them other than
by typing, e.g. by a suggestion that was accepted, is found here.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from monographs.editions.person import Person
from monographs.models import ReviewedPage
from monographs.review.authorship.stored_passages import CHANGE_NOTE, StoredPassage, passages_of
from monographs.review.models import SetAsideDraft, SetAsideStatus


def people_of_restored_draft(page: ReviewedPage, content: Mapping[str, Any]) -> list[Person]:
    """Return who could not sign the draft of ``page`` that is set aside, if ``content`` says what it says.

    It does so if it has at least half of the passages that the draft had added, or, where the draft had added
    none, lacks at least half of those that it had removed. Raises one of ``UNFOLLOWABLE``.
    """
    rows = SetAsideDraft.objects.filter(key=page.translation_key, status=SetAsideStatus.OPEN)
    row = rows.select_related("revision", "base_revision").first()
    if row is None:
        return []
    model = type(page)
    said, waiting, base = (
        _contents(passages_of(each, model))
        for each in (content, row.revision.content, row.base_revision.content)
    )
    added, removed = waiting - base, base - waiting
    if added:
        return row.people() if 2 * (added & said).total() >= added.total() else []
    return row.people() if removed and 2 * (removed & (base - said)).total() >= removed.total() else []


def _contents(passages: list[StoredPassage]) -> Counter[tuple[str, tuple[str, ...]]]:
    return Counter(passage.content for passage in passages if passage.kind != CHANGE_NOTE)
