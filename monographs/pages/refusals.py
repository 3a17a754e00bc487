"""Refused attempts: the error that states the rule, and capturing its message for the person and the log.

Wagtail answers every ``PermissionDenied`` with “you do not have permission to access this area”. The user
should read which rule applied and what they can do, and the ledger should keep it, so messages are captured
until the request ends (``review/wagtail_integration/refusal_middleware.py``). Outside a request nothing is
captured, and the refusal is logged at once.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum

from django.core.exceptions import PermissionDenied

logger = logging.getLogger(__name__)


class Rule(StrEnum):
    """The rule behind a refusal; the value is what the ledger stores."""

    NOT_ALLOWED_HERE = "not_allowed_here"
    INACTIVE = "inactive"
    NOT_A_REVIEWER = "not_a_reviewer"
    CONTRIBUTED = "contributed"
    ALREADY_SIGNED = "already_signed"
    NO_CREDENTIALS = "no_credentials"
    EXPIRED = "expired"
    SIGN_IN_CHANGED = "sign_in_changed"
    NOT_CONFIRMED = "not_confirmed"
    OWN_PROPOSAL = "own_proposal"
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
    SECOND_PERSON = "second_person"
    NOT_A_CORRECTION = "not_a_correction"
    NOTHING_CHANGED = "nothing_changed"
    NOT_UNCHANGED = "not_unchanged"
    EDIT_OR_SIGN = "edit_or_sign"
    NOT_SIGNED = "not_signed"
    PATH_TAKEN = "path_taken"
    NAME_TAKEN = "name_taken"
    NOT_PUBLIC = "not_public"
    ALREADY_PUBLIC = "already_public"
    NO_SUCH_EDITION = "no_such_edition"
    PAST = "past"
    OUT_OF_RANGE = "out_of_range"
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
    OPEN_SUGGESTIONS = "open_suggestions"
    SUGGESTION_ANSWERED = "suggestion_answered"
    PASSAGE_CHANGED = "passage_changed"
    HAD_AN_EDITION = "had_an_edition"
    NOT_AN_EDITOR = "not_an_editor"
    ALREADY_RETIRED = "already_retired"
    ALREADY_PROPOSED = "already_proposed"
    NOT_PROPOSED = "not_proposed"
    NOT_GRAVE = "not_grave"
    IN_A_BUNDLE = "in_a_bundle"
    NOT_IN_THE_BUNDLE = "not_in_the_bundle"
    BUNDLE_PART = "bundle_part"
    TOO_MANY = "too_many"
    LABEL_CHANGE_OPEN = "label_change_open"
    SOURCE_TASK_OPEN = "source_task_open"
    STANDARD_TEXT = "standard_text"
    CLAIMED = "claimed"
    ALREADY_SET_ASIDE = "already_set_aside"
    NOT_SET_ASIDE = "not_set_aside"
    OPEN_CONFLICTS = "open_conflicts"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    NO_CONFLICT = "no_conflict"
    NOT_INVITED = "not_invited"
    NOT_VOUCHED = "not_vouched"


class PolicyError(PermissionDenied):
    """An attempt that a rule forbids. ``message`` says what is wrong and what the user can do."""

    def __init__(self, rule: Rule, message: str) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        capture_refusal(message)


@dataclass(slots=True)
class RefusalCapture:
    """Refusals and errors of one request."""

    refusals: list[str] = field(default_factory=list)
    #: Error messages shown to the user, Wagtail's and ours.
    errors: list[str] = field(default_factory=list)
    #: Whether a refusal is in the ledger already.
    recorded: bool = False


_CAPTURE: ContextVar[RefusalCapture | None] = ContextVar("refusals", default=None)


@contextmanager
def capture_refusals() -> Iterator[RefusalCapture]:
    """Capture refusals and error messages until the context ends."""
    capture = RefusalCapture()
    token = _CAPTURE.set(capture)
    try:
        yield capture
    finally:
        _CAPTURE.reset(token)


def capture_refusal(message: str) -> None:
    """Add the message of a refusal to the current capture, if there is one."""
    if capture := _CAPTURE.get():
        capture.refusals.append(message)


def capture_error(message: str) -> None:
    """Add an error message shown to the user to the current capture, if there is one."""
    if capture := _CAPTURE.get():
        capture.errors.append(message)


def was_refused() -> bool:
    """Return whether the current request met a refusal or showed an error so far."""
    capture = _CAPTURE.get()
    return capture is not None and bool(capture.refusals or capture.errors)


def mark_recorded() -> None:
    """Mark the current request's refusal as recorded in the ledger."""
    if capture := _CAPTURE.get():
        capture.recorded = True


def log_refusal_once(refusal: PermissionDenied, attempt: str, username: str = "") -> None:
    """Log ``refusal`` once, however many callers pass it on; ``username`` is empty for code without a user.

    During a request the middleware logs it instead, because it also knows the address.
    """
    logged = any(getattr(error, "is_logged", False) for error in (refusal, refusal.__cause__))
    refusal.__dict__["is_logged"] = True
    if not logged and _CAPTURE.get() is None:
        logger.warning("refused %s by %s: %s", attempt, username or "code", " ".join(str(refusal).split()))
