"""What signals cannot see: rows changed by SQL or ``QuerySet.update()``. Compared with the ledger."""

from dataclasses import dataclass

from monographs.accounts.state import State, Subject, every_subject, state_of
from monographs.accounts.telling import differing, told_of
from monographs.editions.ledger import Event
from monographs.editions.snapshot import one_moment


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not as the ledger told it last."""

    subject: Subject
    event: Event
    told: State
    found: State

    def __str__(self) -> str:
        columns = sorted(k for k in {**self.told, **self.found} if self.told.get(k) != self.found.get(k))
        what = "; ".join(f"{k}: told {self.told.get(k)!r}, found {self.found.get(k)!r}" for k in columns)
        return f"{self.subject} ({self.event}) {what}"


@one_moment()
def differences() -> list[Difference]:
    """Everything about accounts, rights and steps that the ledger does not tell, as of one moment."""
    told = told_of()
    gone = [Subject.parse(text) for text in told]
    return [
        Difference(subject, event, was, found)
        for subject in dict.fromkeys([*every_subject(), *gone])
        for event, was, found in differing(told.get(str(subject), {}), state_of(subject))
    ]
