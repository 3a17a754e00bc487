"""Seeded faults in whose the words of a merged draft are."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from monographs.review.actions import MergeDraft, set_aside
from monographs.review.authorship.attribution import NOBODY
from monographs.review.authorship.draft_follow import FollowedDraft
from monographs.review.contributors import direct
from tests.stateful.seeded_faults import CONTRIBUTOR_SIGNED, Patch


@contextmanager
def without_authors_of_merged_words(patch: Patch) -> Iterator[None]:
    """(19) A merged draft is nobody's.

    Disabled: following both drafts, who removed signed words, and who else counts for the draft set aside.
    """
    original, made_of = direct.follow_merged, direct.revision_made_of

    def unwritten(page: Any, content: Any, merged: Any) -> Any:
        draft = original(page, content, merged)
        for number, each in enumerate(draft.state):
            words = tuple(replace(word, authors=NOBODY, gap=NOBODY) for word in each.words)
            draft.state[number] = replace(each, words=words)
        draft.removers, draft.changed = NOBODY, True
        return draft

    def of_words_only(self: FollowedDraft) -> list[Any]:
        return self._people(NOBODY.union(*(each.everybody for each in self.state)))

    patch.setattr(direct, "follow_merged", unwritten)
    patch.setattr(set_aside, "revision_made_of", lambda made: made_of(replace(made, others=())))
    patch.setattr(FollowedDraft, "authors", property(of_words_only))
    yield


@contextmanager
def choosing_is_free(patch: Patch) -> Iterator[None]:
    """(19) Who chooses between two texts is no author. Disabled: whether something was chosen."""
    original = MergeDraft._made

    def made(self: MergeDraft, row: Any, *, chose: bool) -> Any:
        return original(self, row, chose=False)

    patch.setattr(MergeDraft, "_made", made)
    yield


#: Name → the fault, and a pattern of the state machine's finding that identifies it.
MERGE_FAULTS = {
    "19 merged words are nobody's": (without_authors_of_merged_words, CONTRIBUTOR_SIGNED),
    "19 choosing between texts is free": (choosing_is_free, CONTRIBUTOR_SIGNED),
}
