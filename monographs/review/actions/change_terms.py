"""Changing who is asked to review a submission and by when, and reminding them, during the review."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import User

from monographs.core.db_clock import database_today
from monographs.editions.ledger import Event, append_entry
from monographs.pages.refusals import PolicyError, Rule
from monographs.presentation.moments import long_day_text
from monographs.review import notifications
from monographs.review.actions.base import SubmissionAction
from monographs.review.models import Submission
from monographs.review.policies.terms_policy import people_to_ask, user_can_change_terms
from monographs.review.submission_state.submission_terms import (
    names_of,
    record_reminder,
    terms_record,
    terms_stamp,
    terms_text,
)


class AskedChange(StrEnum):
    """How the list of reviewers who are asked changes."""

    KEEP = "keep"
    ADD = "add"
    REPLACE = "replace"


class DueChange(StrEnum):
    """How the due date changes."""

    KEEP = "keep"
    SET = "set"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class NewTerms:
    """What an editor chose for one or more submissions: ``reviewers`` and ``due_on`` as their changes say.

    ``batch`` names the choice, so that each person is told once about all submissions it was made for.
    """

    batch: str
    asked: AskedChange = AskedChange.KEEP
    reviewers: Sequence[User] = ()
    due: DueChange = DueChange.KEEP
    due_on: date | None = None
    remind: bool = False

    def asked_of(self, before: Iterable[User]) -> list[User]:
        """Return who is asked, where ``before`` were."""
        match self.asked:
            case AskedChange.KEEP:
                return list(before)
            case AskedChange.ADD:
                return list({user.pk: user for user in [*before, *self.reviewers]}.values())
            case AskedChange.REPLACE:
                return list(self.reviewers)

    def due_of(self, before: date | None) -> date | None:
        """Return the due date, where ``before`` was."""
        match self.due:
            case DueChange.KEEP:
                return before
            case DueChange.SET:
                return self.due_on
            case DueChange.REMOVE:
                return None


class ChangeTerms(SubmissionAction[str]):
    """Change the terms of a submission in review without recalling it; returns what was done, as a sentence.

    ``seen`` is the stamp of the terms on the editor's screen (``terms_stamp``): terms that somebody else
    changed meanwhile, or a step that was signed, are not overwritten.
    """

    name = "change terms"

    def __init__(self, user: User, submission: Submission, terms: NewTerms, *, seen: str) -> None:
        super().__init__(user, submission)
        self.terms = terms
        self.seen = seen

    def perform(self) -> str:
        submission = self.locked()
        user_can_change_terms(self.user, submission).enforce()
        before = list(submission.reviewers.all())
        if self.seen != terms_stamp(submission, before):
            raise PolicyError(
                Rule.STALE,
                f"It changed meanwhile. {terms_text(before, submission.due_on)} Look at it again.",
            )
        asked, due_on = self.terms.asked_of(before), self.terms.due_of(submission.due_on)
        added = [user for user in asked if user not in before]
        self._check(submission, added, due_on)
        changed = set(asked) != set(before) or due_on != submission.due_on
        if not (changed or self.terms.remind):
            raise PolicyError(
                Rule.NOTHING_CHANGED, f"Nothing was left to change. {terms_text(before, due_on)}"
            )
        old_due = submission.due_on
        if changed:
            self._store(submission, before, asked, due_on)
        reminded = notifications.terms_changed(
            submission, self.actor, before=before, old_due=old_due, terms_batch=self.terms.batch,
            remind=self.terms.remind,
        )  # fmt: skip
        if reminded:
            record_reminder(self.actor, submission.key, self._entry(submission), reminded)
        elif not changed:
            raise PolicyError(
                Rule.CANNOT_BE_ASKED, "Nobody who can sign it has an email address, so nobody was reminded."
            )
        sentences = [terms_text(asked, due_on), _reminded_text(self.terms.remind, reminded)]
        return " ".join(filter(None, sentences))

    def _check(self, submission: Submission, added: list[User], due_on: date | None) -> None:
        if self.terms.due == DueChange.SET and due_on and due_on < database_today():
            raise PolicyError(Rule.PAST, f"{long_day_text(due_on)} has passed. Choose today or a later day.")
        possible = people_to_ask(submission) if added else []
        if wrong := names_of(user for user in added if user not in possible):
            raise PolicyError(
                Rule.CANNOT_BE_ASKED, f"{wrong} cannot sign this text, so cannot be asked to review it."
            )

    def _store(
        self, submission: Submission, before: list[User], asked: list[User], due_on: date | None
    ) -> None:
        old = terms_record(before, submission.due_on)
        submission.reviewers.set(asked)
        submission.due_on = due_on
        submission.save(update_fields=["due_on"])
        data = self._entry(submission) | {"before": old, "after": terms_record(asked, due_on)}
        append_entry(Event.TERMS_CHANGED, self.actor, data, submission.key)

    def _entry(self, submission: Submission) -> dict[str, Any]:
        return {"submission": str(submission.uuid)}


def _reminded_text(wanted: bool, reminded: Sequence[User]) -> str:
    if not wanted:
        return ""
    return f"Reminded: {names_of(reminded)}." if reminded else "Nobody who can sign it has an email address."
