"""Who is asked for a review and by when: terms that editors change, and what is said and recorded of them."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User

from monographs.accounts.actors import person_of
from monographs.document.canonical import canonical_json, sha256_hex
from monographs.editions.ledger import Event, append_entry
from monographs.editions.person import Person
from monographs.presentation.moments import long_day_text
from monographs.review.models import Submission


def terms_stamp(submission: Submission, named: Iterable[User]) -> str:
    """Return the hash of a submission's step and terms, by which a change made meanwhile is noticed."""
    state = submission.workflow_state
    step = state.current_task_state_id if state else None
    due = submission.due_on.isoformat() if submission.due_on else None
    return sha256_hex(canonical_json([submission.pk, step, sorted(user.pk for user in named), due]))


def terms_text(asked: Iterable[User], due_on: date | None) -> str:
    """Return who is asked for a review, and by when, as a sentence."""
    due = f"due {long_day_text(due_on)}" if due_on else "no due date"
    return f"Asked: {names_of(asked) or 'nobody in particular'}; {due}."


def names_of(people: Iterable[User]) -> str:
    """Return the names of ``people`` in a line."""
    return ", ".join(person_of(user).name for user in people)


def record_reminder(actor: Person, key: UUID, of: dict[str, Any], reminded: Iterable[User]) -> None:
    """Record who was reminded of a review; ``of`` says of which."""
    people = [person_of(user).as_record() for user in reminded]
    append_entry(Event.REMINDED, actor, of | {"reviewers": people}, key)


def terms_record(named: Iterable[User], due_on: date | None) -> dict[str, Any]:
    """Return the terms as the ledger stores them: people by value, in the order of their accounts."""
    people = sorted(named, key=lambda user: user.pk)
    return {
        "reviewers": [person_of(user).as_record() for user in people],
        "due_on": due_on.isoformat() if due_on else None,
    }
