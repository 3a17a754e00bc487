"""Taking over the newer names of other pages in the draft of a medicine, within a bundle."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from wagtail.models import Page

from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions.change_draft import ChangeDraft, DraftChange
from monographs.review.draft_state.draft_difference import UNPUBLISHED_DRAFT, DraftDifference
from monographs.review.draft_state.older_names import names_stamp, older_names_in
from monographs.review.models import ReviewBundle

#: Said of a medicine whose own words have the older name.
NAME_TYPED = "Its draft says what patients read: the name is part of its own words. Change it in the editor."


@dataclass(frozen=True, slots=True)
class NewName(DraftChange):
    """The name that a page (``key``) has now, which medicines take over, with the editor's reason."""

    key: UUID
    name: str


class TakeOverNames(ChangeDraft):
    """Submit the draft of ``page`` with the signed names that other pages have now.

    Only a draft that says what patients read but for such names, one of them that of the change. The draft
    has all newer names by itself, so all of them are submitted; ``seen`` is the stamp of those on the screen.
    """

    name = "take over names"

    def __init__(
        self,
        user: User,
        page: Page,
        change: NewName,
        *,
        revision: int,
        seen: str,
        bundle: ReviewBundle | None = None,
    ) -> None:
        super().__init__(user, page, change, revision=revision, bundle=bundle)
        self.named = change
        self.seen = seen

    def new_values(self, content: Mapping[str, Any], model: type[Page]) -> dict[str, Any]:
        return {}  # names are no values of the medicine's own: its draft has them whenever it is read

    def check_difference(self, difference: DraftDifference) -> None:
        """Raise ``PolicyError`` for a draft that differs in more than names, or in others than were seen."""
        if difference.waits:
            raise PolicyError(Rule.NOT_UNCHANGED, UNPUBLISHED_DRAFT)
        if not difference.differs:
            raise PolicyError(Rule.NOTHING_CHANGED, NAME_TYPED)
        if not any((each.key, each.new) == (self.named.key, self.named.name) for each in difference.names):
            raise PolicyError(
                Rule.STALE, "Its draft has another name by now. Open the list of its older names again."
            )
        key = self.page.translation_key
        if names_stamp(older_names_in([key]).get(key, ())) != self.seen:
            raise PolicyError(
                Rule.STALE, "Another name in it changed, too. Open the list of its older names again."
            )
