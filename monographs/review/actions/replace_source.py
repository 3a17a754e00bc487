"""Replacing a source by the newer one in the draft of a page, within a bundle."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from wagtail.models import Page

from monographs.core.db_clock import database_today
from monographs.pages.refusals import PolicyError, Rule
from monographs.presentation.moments import long_day_text
from monographs.review.actions.change_draft import ChangeDraft, DraftChange
from monographs.review.models import ReviewBundle
from monographs.review.replacement.stored_sources import StoredSources
from monographs.source_library.models import LibrarySource

NOT_IN_DRAFT = "Its draft does not have this source from the library."
ONLY_CITED = "Only statements rest on it: choose the newer one beside them in the editor."
HAS_BOTH = "Its draft has the newer one, too: take the older one out in the editor."


@dataclass(frozen=True, slots=True)
class SourceReplacement(DraftChange):
    """The source that many pages show instead of ``older``, and when the editor looked at it."""

    older: LibrarySource
    newer: LibrarySource
    seen_on: date


def newest_of(source: LibrarySource) -> LibrarySource | None:
    """Return the newest source that superseded ``source``; None if there is none, or it is gone."""
    newest = source.later()[-1]
    return None if newest == source or newest.gone_since else newest


def reason_against_day(source: LibrarySource, day: date) -> str:
    """Return why ``source`` cannot have been seen on ``day``; empty if it can."""
    if day > database_today():
        return "That day is to come. Say when you looked at it."
    if source.published_on and day < source.published_on:
        return f"It is of {long_day_text(source.published_on)}: nobody looked at it before."
    return ""


def reason_against_draft(
    found: Collection[int], older: LibrarySource, newer: LibrarySource, *, is_cited: bool = False
) -> str:
    """Return why the draft with the sources ``found`` is left as it is; empty if it can be changed.

    ``is_cited``: statements of the draft cite the older one.
    """
    if older.pk not in found:
        return ONLY_CITED if is_cited else NOT_IN_DRAFT
    return HAS_BOTH if newer.pk in found else ""


class ReplaceSource(ChangeDraft):
    """Put the newest source into the draft of ``page`` where it has one that was superseded by it.

    What its statements cite, and the version of the label that it names, stay.
    """

    name = "replace a source"

    def __init__(
        self,
        user: User,
        page: Page,
        change: SourceReplacement,
        *,
        revision: int,
        bundle: ReviewBundle | None = None,
    ) -> None:
        super().__init__(user, page, change, revision=revision, bundle=bundle)
        self.replacement = change

    def new_values(self, content: Mapping[str, Any], model: type[Page]) -> dict[str, Any]:
        change = self.replacement
        older = LibrarySource.objects.filter(pk=change.older.pk).first()
        newer = newest_of(older) if older else None
        if older is None or newer is None or newer != change.newer:
            raise PolicyError(Rule.STALE, "Another source supersedes it by now, or none. Open it again.")
        if reason := reason_against_day(newer, change.seen_on):
            raise PolicyError(Rule.PAST, reason)
        stored = StoredSources(content)
        if reason := reason_against_draft(stored.sections(), older, newer):
            raise PolicyError(Rule.NOT_ALLOWED_HERE, reason)
        return stored.replaced(older.pk, newer.pk, change.seen_on)
