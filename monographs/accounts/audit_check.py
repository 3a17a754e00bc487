"""What signals cannot see: rows changed by SQL or ``QuerySet.update()``. Compared with the ledger."""

from dataclasses import dataclass

from monographs.accounts.audit_log import changed_aspects, recorded_states
from monographs.accounts.audit_snapshot import AuditSubject, State, all_subjects, snapshot_of
from monographs.editions.ledger import Event
from monographs.editions.repeatable_read import repeatable_read


@dataclass(frozen=True, slots=True)
class AuditDifference:
    """Something that is not as the ledger told it last."""

    subject: AuditSubject
    event: Event
    told: State
    found: State

    def __str__(self) -> str:
        columns = sorted(k for k in {**self.told, **self.found} if self.told.get(k) != self.found.get(k))
        what = "; ".join(f"{k}: told {self.told.get(k)!r}, found {self.found.get(k)!r}" for k in columns)
        return f"{self.subject} ({self.event}) {what}"


@repeatable_read()
def audit_differences() -> list[AuditDifference]:
    """Everything about accounts, rights and steps that the ledger does not tell, as of one moment."""
    told = recorded_states()
    gone = [AuditSubject.parse(text) for text in told]
    return [
        AuditDifference(subject, event, was, found)
        for subject in dict.fromkeys([*all_subjects(), *gone])
        for event, was, found in changed_aspects(told.get(str(subject), {}), snapshot_of(subject))
    ]
