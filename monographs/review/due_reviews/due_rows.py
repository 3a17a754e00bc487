"""Rows of the list of due reviews, read in a fixed number of queries."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import QuerySet
from wagtail.models import Page

from monographs.core.db_clock import database_today
from monographs.editions.models import Edition, Publication, PublicationState
from monographs.presentation.relative_dates import due_text
from monographs.review.policies.unchanged_policy import (
    UnchangedFacts,
    facts_of_pages,
    is_interested,
    page_allows,
    wrote,
)
from monographs.review.policy import IN_CONFLICT
from monographs.review.replacement.draft_obstacles import DELETED

#: Said of a page of which no page is left in the admin, so that nothing can be signed.
WROTE = "You wrote it, so somebody else reviews it."


@dataclass(frozen=True, slots=True)
class DueRow:
    """A page that patients read and whose review is due; ``obstacle`` says why it cannot be signed."""

    page_id: int | None
    edition: Edition
    facts: UnchangedFacts
    obstacle: str

    @property
    def late(self) -> bool:
        """Whether the day has passed."""
        return self.edition.next_due < database_today()

    @property
    def due_text(self) -> str:
        """The day relative to today."""
        return due_text(self.edition.next_due)

    @property
    def ready(self) -> bool:
        """Whether nothing keeps the user from reviewing it now."""
        return not self.obstacle


def due_publications(until: date) -> QuerySet[Publication]:
    """Return the publications whose review is due by ``until``, the earliest first."""
    current = Publication.objects.filter(state=PublicationState.CURRENT, edition__next_due__lte=until)
    order = ("edition__next_due", "edition__title", "path")
    return current.select_related("edition").defer("edition__canonical").order_by(*order)


def due_rows(user: User, publications: list[Publication]) -> list[DueRow]:
    """Return the rows of one screen, in a fixed number of queries."""
    keys = [publication.key for publication in publications]
    facts, pages = facts_of_pages(keys), _page_ids(keys)
    return [
        DueRow(
            pages.get(each.key),
            each.edition,
            facts[each.key],
            _obstacle(user, facts[each.key], has_page=each.key in pages),
        )
        for each in publications
    ]


def _obstacle(user: User, facts: UnchangedFacts, *, has_page: bool) -> str:
    if not has_page:
        return DELETED
    if message := page_allows(facts).message:
        return message
    if wrote(user, facts):
        return WROTE
    return IN_CONFLICT if is_interested(user, facts) else ""


def _page_ids(keys: list[UUID]) -> dict[UUID, int]:
    pages = Page.objects.filter(translation_key__in=keys, alias_of=None)
    return dict(pages.values_list("translation_key", "pk"))
