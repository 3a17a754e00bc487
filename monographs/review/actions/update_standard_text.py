"""Taking over the newest version of a standard text in the draft of a page, within a bundle."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from wagtail.models import Page

from monographs.blocks.standard_text_block import TextVersion
from monographs.editions.standard_texts import current_texts
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions.change_draft import ChangeDraft, DraftChange
from monographs.review.models import ReviewBundle
from monographs.review.replacement.stored_versions import StoredVersions


@dataclass(frozen=True, slots=True)
class VersionChange(DraftChange):
    """The version of a standard text that many pages take over, with the editor's reason."""

    version: TextVersion


class UpdateStandardText(ChangeDraft):
    """Put a version of a standard text into each block of the draft of ``page`` that has another one of it.

    It must be the newest one that is signed and in use.
    """

    name = "update a standard text"

    def __init__(
        self,
        user: User,
        page: Page,
        change: VersionChange,
        *,
        revision: int,
        bundle: ReviewBundle | None = None,
    ) -> None:
        super().__init__(user, page, change, revision=revision, bundle=bundle)
        self.version = change.version

    def new_values(self, content: Mapping[str, Any], model: type[Page]) -> dict[str, Any]:
        newest = current_texts([self.version.key])
        if not any(
            (each.number, each.sha256) == (self.version.number, self.version.sha256)
            for each in newest.values()
        ):
            raise PolicyError(
                Rule.STALE, "Another version of the standard text is signed by now. Open the text again."
            )
        return StoredVersions(content, model).updated(self.version)
