"""Recording refused attempts in the ledger."""

import uuid

from monographs.editions.ledger import Event, append_entry
from monographs.editions.person import Person
from monographs.pages.refusals import PolicyError, log_refusal_once, mark_recorded


def record_refusal(refusal: PolicyError, actor: Person, attempt: str, subject: uuid.UUID | str) -> None:
    """Log ``refusal`` and record it in the ledger; call it after the refused transaction was rolled back.

    ``subject`` is the key of the page the attempt was about, empty where there is none.
    """
    log_refusal_once(refusal, attempt, actor.username or actor.name)
    append_entry(
        Event.REFUSED,
        actor,
        {"attempt": attempt, "rule": refusal.rule.value, "message": refusal.message},
        subject=subject,
    )
    mark_recorded()
