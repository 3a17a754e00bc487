"""The screen on which editors ask reviewers for the reviews that are due, many at once."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.urls import reverse

from monographs.core.users import authenticated_user, display_name
from monographs.editions.models import Publication, PublicationState
from monographs.review.actions import AssignReview, NewReviewer
from monographs.review.assignments import assignment_stamp
from monographs.review.due_reviews.assign_form import AssignForm
from monographs.review.due_reviews.due_rows import DueRow, due_rows
from monographs.review.due_reviews.due_selection import UNASKED, DueSelection
from monographs.review.notifications.digest import deliver_terms
from monographs.review.policies.assignment_policy import review_can_be_assigned, reviewer_obstacle
from monographs.review.team.team_views import TextOutcome, TickedListView, members_of_steps

#: A ticked row: the key of the page, and the stamp of who was asked.
_TICKED = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class AssignRow:
    """A due review as editors see it: why nobody can be asked for it, and who cannot."""

    due: DueRow
    #: What the form sends for it; empty if nobody can be asked.
    choice: str
    obstacle: str
    #: Those who cannot be asked for this page, each with the reason.
    unable: tuple[str, ...]


def assign_rows(user: User, publications: list[Publication], people: list[User]) -> list[AssignRow]:
    """Return the rows of one screen; ``people`` are qualified reviewers. A fixed number of queries."""
    return [_assign_row(row, people) for row in due_rows(user, publications)]


def _assign_row(row: DueRow, people: list[User]) -> AssignRow:
    verdict = review_can_be_assigned(row.facts, has_page=row.page_id is not None)
    key, due_on = row.edition.key, row.edition.next_due
    reasons = {user: reviewer_obstacle(user, row.facts) for user in people}
    return AssignRow(
        row,
        f"{key}:{assignment_stamp(key, due_on, row.asked)}" if verdict.allowed else "",
        verdict.message,
        tuple(f"{display_name(user)} {reason}" for user, reason in reasons.items() if reason),
    )


class AssignView(TickedListView):
    """The reviews that are due with a form for those that are ticked."""

    page_title = "Ask for due reviews"
    template_name = "review/due_reviews/assign.html"
    outcome_template = "review/due_reviews/assign_outcome.html"
    nothing_ticked = "Tick the reviews to change."
    header_icon = "calendar-check"
    breadcrumb_root = ("due:list", "Reviews due")

    def list_form(self, *posted: Any) -> AssignForm:
        return AssignForm(*posted, people=members_of_steps())

    def change(self, user: User, chosen: list[str], form: AssignForm) -> list[TextOutcome]:
        return assigned(user, chosen, form.new_reviewer())

    def list_context(self, form: AssignForm) -> dict[str, Any]:
        user, query = authenticated_user(self.request), self.request.GET
        chosen = DueSelection.read(query, ("", "overdue", "year", UNASKED))
        page = chosen.page(user, query.get("p"))
        return {
            "page": page,
            "rows": assign_rows(user, list(page.object_list), form.able),
            "lists": chosen.tabs(),
            "month": chosen.month,
            "asked_of": form.people.get(str(chosen.person)),
            "query": chosen.query,
        }


def assigned(user: User, chosen: list[str], new: NewReviewer) -> list[TextOutcome]:
    """Change who is asked for the ``chosen`` reviews (key and stamp); tell people at the end."""
    seen = {UUID(found[1]): found[2] for row in chosen if (found := _TICKED.fullmatch(row))}
    current = Publication.objects.filter(key__in=seen, state=PublicationState.CURRENT)
    titles = dict(current.values_list("key", "edition__title"))
    try:
        return [
            TextOutcome.of(
                titles.get(key, "A page"),
                reverse("review:record", args=[key]),
                AssignReview(user, key, new, seen=stamp),
            )
            for key, stamp in seen.items()
        ]
    finally:
        deliver_terms(new.batch)
