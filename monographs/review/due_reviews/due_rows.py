"""Rows of the list of due reviews, read in a fixed number of queries."""

from dataclasses import dataclass

from django.contrib.auth.models import User

from monographs.core.db_clock import database_today
from monographs.editions.models import Edition, Publication
from monographs.presentation.relative_dates import due_text
from monographs.review.assignments import assignments_by_page, page_ids_of
from monographs.review.delegates import absences_today, name_with_absence
from monographs.review.models import Absence, ReviewAssignment
from monographs.review.policies.assignment_policy import reviewer_obstacle
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
    #: Who is asked for the review, if anybody.
    asked: User | None
    #: Why who is asked cannot review it any more, as the end of a sentence.
    asked_in_vain: str
    #: Their name, and that they are away if they are.
    asked_name: str

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


def due_rows(user: User, publications: list[Publication]) -> list[DueRow]:
    """Return the rows of one screen, in a fixed number of queries."""
    keys = [publication.key for publication in publications]
    facts, pages = facts_of_pages(keys), page_ids_of(keys)
    assignments = assignments_by_page(keys)
    away = absences_today() if assignments else {}
    return [
        _row(user, each, facts[each.key], pages.get(each.key), assignments.get(each.key), away)
        for each in publications
    ]


def _row(
    user: User,
    publication: Publication,
    facts: UnchangedFacts,
    page_id: int | None,
    assignment: ReviewAssignment | None,
    away: dict[int, Absence],
) -> DueRow:
    asked = assignment.reviewer if assignment else None
    return DueRow(
        page_id,
        publication.edition,
        facts,
        _obstacle(user, facts, has_page=page_id is not None),
        asked,
        reviewer_obstacle(asked, facts) if asked else "",
        name_with_absence(asked, away) if asked else "",
    )


def _obstacle(user: User, facts: UnchangedFacts, *, has_page: bool) -> str:
    if not has_page:
        return DELETED
    if message := page_allows(facts).message:
        return message
    if wrote(user, facts):
        return WROTE
    return IN_CONFLICT if is_interested(user, facts) else ""
