"""Drafts that were set aside and brought back from the page's history instead of being merged.

Their words and deletions are found word by word (``review/authorship``). Who contributed to them other than
by typing, e.g. by a suggestion that was accepted, is found here.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from wagtail.models import Page, Revision

from monographs.editions.models import Edition
from monographs.editions.person import Person
from monographs.editions.queries import current_edition
from monographs.models import ReviewedPage
from monographs.review.authorship.stored_passages import CHANGE_NOTE, StoredPassage, passages_of
from monographs.review.models import SetAsideDraft, SetAsideStatus
from monographs.review.publication.integrity import revision_matches_hash

Contents = Counter[tuple[str, tuple[str, ...]]]


def people_of_restored_draft(page: ReviewedPage, content: Mapping[str, Any]) -> list[Person]:
    """Return who could not sign the drafts of ``page`` that were set aside and that ``content`` restores.

    Drafts that were merged are left out; one may come back while it is set aside, and after it was left in
    the history. ``content`` restores a draft if it has at least half of the passages that the draft had added
    or, where the draft had added none, lacks at least half of those that it had removed. Passages that
    patients read by now were signed and do not count. Raises one of ``UNFOLLOWABLE``.
    """
    rows = SetAsideDraft.objects.filter(key=page.translation_key).exclude(status=SetAsideStatus.MERGED)
    drafts = list(rows.select_related("revision", "base_revision"))
    if not drafts:
        return []
    model, edition = type(page), current_edition(page.translation_key)
    said = _contents(passages_of(content, model))
    found: dict[Person, None] = {}
    for row in drafts:
        before, base = (
            _contents(passages_of(each.content, model)) for each in (row.revision, row.base_revision)
        )
        if _is_back(said, before, base, _read_by_patients(page, row, edition) or base):
            found |= dict.fromkeys(row.people())
    return list(found)


def _is_back(said: Contents, set_aside: Contents, base: Contents, read: Contents) -> bool:
    """Return whether ``said`` has what ``set_aside`` changed in ``base``, but for what patients ``read``."""
    added = (set_aside - base) & (set_aside - read)
    removed = (base - set_aside) & (read - set_aside)
    if added:
        return 2 * (added & said).total() >= added.total()
    return bool(removed) and 2 * (removed & (base - said)).total() >= removed.total()


def _read_by_patients(page: ReviewedPage, row: SetAsideDraft, edition: Edition | None) -> Contents | None:
    """Return the passages of the live revision if it has a newer edition's text than the draft stems from."""
    if edition is None or edition.pk == row.base_edition_id:
        return None
    # ``page`` may come from a revision, which knows the live one of its own time
    live = Revision.objects.filter(pk__in=Page.objects.filter(pk=page.pk).values("live_revision")).first()
    if live is None or not revision_matches_hash(live, edition.sha256):
        return None
    return _contents(passages_of(live.content, type(page)))


def _contents(passages: list[StoredPassage]) -> Contents:
    return Counter(passage.content for passage in passages if passage.kind != CHANGE_NOTE)
