"""The table of bypass routes, roles and outcomes, made from test reports."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

OPEN = "OPEN"
WIDTHS = (58, 21, 14)


@dataclass(frozen=True, slots=True, order=True)
class AttemptRow:
    """The outcome of one attempt."""

    route: str
    role: str
    outcome: str
    equal: bool

    def __str__(self) -> str:
        route, role, outcome = (
            text.ljust(width)
            for text, width in zip((self.route, self.role, self.outcome), WIDTHS, strict=True)
        )
        return f"{route} | {role} | {outcome} | {'yes' if self.equal else 'NO'}"


@dataclass(frozen=True, slots=True)
class AttemptTable:
    """All rows, sorted by route."""

    rows: list[AttemptRow]

    @classmethod
    def of(cls, reports: Iterable[Any]) -> "AttemptTable":
        """Collect the attempts among test reports, from any process."""
        facts: dict[str, dict[str, Any]] = defaultdict(dict)
        failed: set[str] = set()
        for report in reports:
            properties = dict(getattr(report, "user_properties", ()))
            if "route" in properties:
                facts[report.nodeid] |= properties
                if report.failed or hasattr(report, "wasxfail"):
                    failed.add(report.nodeid)
        return cls(sorted(_row(properties, node in failed) for node, properties in facts.items()))

    @property
    def all_closed(self) -> bool:
        """Return whether there are attempts and none of them succeeded."""
        return bool(self.rows) and all(row.equal and row.outcome != OPEN for row in self.rows)

    def write(self, terminal: Any) -> None:
        """Print every row, then the total."""
        heading = " | ".join(
            text.ljust(width) for text, width in zip(("route", "role", "outcome"), WIDTHS, strict=True)
        )
        terminal.write_line("")
        terminal.write_line(f"{heading} | public bytes equal")
        terminal.write_line("-" * (len(heading) + len(" | public bytes equal")))
        for row in self.rows:
            terminal.write_line(str(row))
        opened = sum(1 for row in self.rows if not row.equal or row.outcome == OPEN)
        terminal.write_line("")
        terminal.write_line(
            f"{len(self.rows)} attempts, {'all closed' if self.all_closed else f'{opened} open'}"
        )


def _row(properties: dict[str, Any], failed: bool) -> AttemptRow:
    outcome = OPEN if failed or not properties.get("outcome") else properties["outcome"]
    return AttemptRow(properties["route"], properties["role"], outcome, bool(properties.get("equal")))
