"""Asking somebody for the review of a page that is due, or nobody any more, and reminding who is asked."""

import uuid
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.models import User
from wagtail.models import Page

from monographs.accounts.actors import person_of
from monographs.editions.models import Edition
from monographs.pages.refusals import PolicyError, Rule
from monographs.review import notifications
from monographs.review.actions.base import Action
from monographs.review.actions.open_review import workflow_of
from monographs.review.assignments import assignment_stamp, assignments_by_page, store_assignment
from monographs.review.policies.assignment_policy import (
    review_can_be_assigned,
    reviewer_obstacle,
    user_can_assign_reviews,
)
from monographs.review.policies.unchanged_policy import UnchangedFacts, facts_of_pages
from monographs.review.record_locks import lock_rows
from monographs.review.submission_state.submission_terms import names_of, record_reminder, terms_text


class ReviewerChange(StrEnum):
    """How the reviewer who is asked changes."""

    KEEP = "keep"
    ASK = "ask"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class NewReviewer:
    """What an editor chose for one or more due reviews; ``reviewer`` is asked if ``change`` says so.

    ``batch`` names the choice, so that each person is told once about all reviews it was made for.
    """

    batch: str
    change: ReviewerChange = ReviewerChange.KEEP
    reviewer: User | None = None
    remind: bool = False

    def after(self, before: User | None) -> User | None:
        """Return who is asked, where ``before`` was."""
        match self.change:
            case ReviewerChange.KEEP:
                return before
            case ReviewerChange.ASK:
                return self.reviewer
            case ReviewerChange.NOBODY:
                return None


class AssignReview(Action[str]):
    """Change who is asked for the next review of the page ``key``; returns what was done, as a sentence.

    ``seen`` is the stamp of what was on the editor's screen (``assignment_stamp``): what somebody else
    changed meanwhile is not overwritten, and no review is asked for that was made meanwhile.
    """

    name = "assign review"

    def __init__(self, user: User, key: uuid.UUID, new: NewReviewer, *, seen: str) -> None:
        super().__init__(user)
        self.key = key
        self.new = new
        self.seen = seen

    def subject(self) -> uuid.UUID:
        return self.key

    def perform(self) -> str:
        lock_rows(self.key)
        user_can_assign_reviews(self.user).enforce()
        page = Page.objects.filter(translation_key=self.key, alias_of=None).first()
        facts = facts_of_pages([self.key])[self.key]
        review_can_be_assigned(facts, has_page=page is not None).enforce()
        edition = facts.edition
        if edition is None or page is None:  # as the policy said
            raise PolicyError(Rule.NOT_PUBLIC, "No review of this page is due.")
        now = assignments_by_page([self.key]).get(self.key)
        before = now.reviewer if now else None
        if self.seen != assignment_stamp(self.key, edition.next_due, before):
            raise PolicyError(Rule.STALE, f"It changed meanwhile. {_text(before, edition)} Look at it again.")
        after = self.new.after(before)
        if before == after and not self.new.remind:
            raise PolicyError(Rule.NOTHING_CHANGED, f"Nothing was left to change. {_text(before, edition)}")
        if before != after:
            self._check(after, facts, page)
            store_assignment(self.actor, self.key, edition.next_due, before=before, after=after)
        reminded = self._tell(edition, page.pk, before, after)
        names = names_of(reminded)
        return " ".join(filter(None, [_text(after, edition), f"Reminded: {names}." if names else ""]))

    def _check(self, chosen: User | None, facts: UnchangedFacts, page: Page) -> None:
        if chosen is None:
            return
        # As they are under the lock: credentials may have ended meanwhile
        person = User.objects.select_related("reviewer_profile").get(pk=chosen.pk)
        _, tasks = workflow_of(page)
        if obstacle := reviewer_obstacle(person, facts, tasks[0]):
            raise PolicyError(Rule.CANNOT_BE_ASKED, f"{person_of(person).name} {obstacle}.")

    def _tell(self, edition: Edition, page_id: int, before: User | None, after: User | None) -> list[User]:
        """Notify people; return who was reminded. Raises ``PolicyError`` if nothing else was wanted."""
        reminded = notifications.review_assigned(
            edition, page_id, self.actor, before=before, after=after, batch=self.new.batch,
            remind=self.new.remind,
        )  # fmt: skip
        if reminded:
            record_reminder(self.actor, self.key, {"due_on": edition.next_due.isoformat()}, reminded)
        elif before == after:
            raise PolicyError(Rule.CANNOT_BE_ASKED, _nobody_reminded(after))
        return reminded


def _text(asked: User | None, edition: Edition) -> str:
    return terms_text([asked] if asked else [], edition.next_due)


def _nobody_reminded(asked: User | None) -> str:
    if asked is None:
        return "Nobody is asked for its review, so nobody was reminded."
    return f"{person_of(asked).name} cannot be reached by email, so nobody was reminded."
