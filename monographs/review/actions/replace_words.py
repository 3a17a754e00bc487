"""Replacing words in the draft of a page, and submitting it within a bundle."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from wagtail.models import Page

from monographs.review.actions.change_draft import ChangeDraft, DraftChange
from monographs.review.models import ReviewBundle
from monographs.review.replacement.draft_texts import StoredTexts
from monographs.review.replacement.word_pattern import Replacement


@dataclass(frozen=True, slots=True)
class WordChange(DraftChange):
    """The words that an editor replaces on many pages, with the editor's reason."""

    replacement: Replacement


class ReplaceWords(ChangeDraft):
    """Replace words in the draft of ``page``; ``numbers`` are of their occurrences in ``revision``."""

    name = "replace words"

    def __init__(  # what was searched, and what becomes of it
        self,
        user: User,
        page: Page,
        change: WordChange,
        *,
        revision: int,
        numbers: set[int],
        bundle: ReviewBundle | None = None,
    ) -> None:
        super().__init__(user, page, change, revision=revision, bundle=bundle)
        self.replacement = change.replacement
        self.numbers = numbers

    def new_values(self, content: Mapping[str, Any], model: type[Page]) -> dict[str, Any]:
        return StoredTexts(content, model).replaced(self.replacement, self.numbers)
