"""The table of doors, from the reports of the tests that tried them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

OPEN = "OPEN"
WIDTHS = (58, 21, 14)


@dataclass(frozen=True, slots=True, order=True)
class AttemptRow:
    """What came of one attempt."""

    door: str
    role: str
    outcome: str
    equal: bool

    def __str__(self) -> str:
        door, role, outcome = (
            text.ljust(width)
            for text, width in zip((self.door, self.role, self.outcome), WIDTHS, strict=True)
        )
        return f"{door} | {role} | {outcome} | {'yes' if self.equal else 'NO'}"


@dataclass(frozen=True, slots=True)
class AttemptTable:
    """All rows, by door."""

    rows: list[AttemptRow]

    @classmethod
    def of(cls, reports: Iterable[Any]) -> "AttemptTable":
        """From test reports, whichever process made them."""
        facts: dict[str, dict[str, Any]] = defaultdict(dict)
        failed: set[str] = set()
        for report in reports:
            properties = dict(getattr(report, "user_properties", ()))
            if "door" in properties:
                facts[report.nodeid] |= properties
                if report.failed or hasattr(report, "wasxfail"):
                    failed.add(report.nodeid)
        return cls(sorted(_row(told, node in failed) for node, told in facts.items()))

    @property
    def all_closed(self) -> bool:
        """Whether there are doors, and none is open."""
        return bool(self.rows) and all(row.equal and row.outcome != OPEN for row in self.rows)

    def write(self, terminal: Any) -> None:
        """Print every row, and the sum last."""
        heading = " | ".join(
            text.ljust(width) for text, width in zip(("door", "role", "outcome"), WIDTHS, strict=True)
        )
        terminal.write_line("")
        terminal.write_line(f"{heading} | public bytes equal")
        terminal.write_line("-" * (len(heading) + len(" | public bytes equal")))
        for row in self.rows:
            terminal.write_line(str(row))
        opened = sum(1 for row in self.rows if not row.equal or row.outcome == OPEN)
        terminal.write_line("")
        terminal.write_line(
            f"{len(self.rows)} doors, {'all closed' if self.all_closed else f'{opened} open'}"
        )


def _row(told: dict[str, Any], failed: bool) -> AttemptRow:
    outcome = OPEN if failed or not told.get("outcome") else told["outcome"]
    return AttemptRow(told["door"], told["role"], outcome, bool(told.get("equal")))
