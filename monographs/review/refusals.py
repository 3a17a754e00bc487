"""Refusals: they name the rule and what the person can do, and they are logged."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from monographs.editions.ledger import Event, append_entry
from monographs.editions.person import Person
from monographs.pages.refusals import PolicyError, log_refusal_once, mark_recorded
from monographs.rules.submit_error import SubmitError


class Rule(StrEnum):
    """The rule that a refusal rests on; the word in the ledger."""

    NOT_ALLOWED_HERE = "not_allowed_here"
    INACTIVE = "inactive"
    NOT_A_REVIEWER = "not_a_reviewer"
    CONTRIBUTED = "contributed"
    ALREADY_SIGNED = "already_signed"
    NO_CREDENTIALS = "no_credentials"
    EXPIRED = "expired"
    NOT_IN_REVIEW = "not_in_review"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105  # a rule's name
    WRONG_CODE = "wrong_code"
    CODE_MISSING = "code_missing"
    LOCKED = "locked"
    STALE = "stale"
    IN_REVIEW = "in_review"
    SCHEDULED = "scheduled"
    NOT_READY = "not_ready"
    NO_WORKFLOW = "no_workflow"
    NO_REASON = "no_reason"
    NOTHING_TO_CORRECT = "nothing_to_correct"
    NOT_SIGNED = "not_signed"
    PATH_TAKEN = "path_taken"
    NOT_PUBLIC = "not_public"
    ALREADY_PUBLIC = "already_public"
    NO_SUCH_EDITION = "no_such_edition"
    PAST = "past"
    NOT_READ = "not_read"
    NOT_TICKED = "not_ticked"
    OPEN_NOTES = "open_notes"
    NOT_TO_READ = "not_to_read"
    NOT_ON_THE_LIST = "not_on_the_list"
    CANNOT_BE_ASKED = "cannot_be_asked"
    NO_WORDS = "no_words"
    NO_SUCH_PLACE = "no_such_place"
    NOTE_CLOSED = "note_closed"
    NOTE_OPEN = "note_open"


class ReviewRefused(PolicyError):
    """An attempt that a rule forbids. ``str()`` is the message for the person."""

    def __init__(self, rule: Rule, message: str, problems: Sequence[SubmitError] = ()) -> None:
        super().__init__(message)
        self.rule = rule
        self.problems = tuple(problems)


def log_refusal(refusal: ReviewRefused, actor: Person, attempt: str, subject: Any, **data: Any) -> None:
    """Write the refusal to the ledger; called after the refused transaction was rolled back."""
    log_refusal_once(refusal, attempt, actor.username or actor.name)
    append_entry(
        Event.REFUSED,
        actor,
        {"attempt": attempt, "rule": refusal.rule.value, "message": refusal.message, **data},
        subject=subject,
    )
    mark_recorded()
