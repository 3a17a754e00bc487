"""People by value, so that renaming an account later does not change who did something."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Person:
    """The person behind an event. ``id`` is None for a script without a user."""

    id: int | None
    username: str
    name: str
    credentials: str = ""
    field: str = ""

    def as_record(self) -> dict[str, Any]:
        """Plain data for the ledger."""
        return asdict(self)

    def __str__(self) -> str:
        return f"{self.name}, {self.credentials}" if self.credentials else self.name


#: The actor of events without a user: the scheduler, commands, start-up.
SYSTEM = Person(id=None, username="", name="system")
