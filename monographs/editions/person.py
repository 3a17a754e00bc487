"""People as the record keeps them: by value, so that a later rename does not rewrite history."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Person:
    """Who did something. ``id`` is None for a script without a named user."""

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


#: Who acts when nobody does: a scheduler, a start-up.
SYSTEM = Person(id=None, username="", name="system")
