"""Compare accounts and rights with the ledger: finds changes by SQL or ``update()``, which send no signal."""

from dataclasses import dataclass

from monographs.accounts.audit_log import changed_aspects, recorded_states
from monographs.accounts.audit_snapshot import AuditSubject, State, all_subjects, snapshot_of
from monographs.editions.ledger import Event
from monographs.editions.repeatable_read import repeatable_read


@dataclass(frozen=True, slots=True)
class AuditDifference:
    """A state that differs from the one last recorded in the ledger."""

    subject: AuditSubject
    event: Event
    recorded: State
    found: State

    def __str__(self) -> str:
        keys = sorted({**self.recorded, **self.found})
        differences = (
            f"{key}: recorded {self.recorded.get(key)!r}, found {self.found.get(key)!r}"
            for key in keys
            if self.recorded.get(key) != self.found.get(key)
        )
        return f"{self.subject} ({self.event}) {'; '.join(differences)}"


@repeatable_read()
def audit_differences() -> list[AuditDifference]:
    """All differences between the ledger and accounts, rights and review steps, read from one snapshot."""
    recorded = recorded_states()
    subjects = [*all_subjects(), *map(AuditSubject.parse, recorded)]
    return [
        AuditDifference(subject, event, before, now)
        for subject in dict.fromkeys(subjects)
        for event, before, now in changed_aspects(recorded.get(str(subject), {}), snapshot_of(subject))
    ]
