"""Writes docs/safety-case.md from docs/safety-case.toml (``make safety-case``)."""

import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent.parent / "docs"
SOURCE, TARGET = DOCS / "safety-case.toml", DOCS / "safety-case.md"

SEVERITIES = ("minor", "significant", "considerable", "major", "catastrophic")
LIKELIHOODS = ("very low", "low", "medium", "high", "very high")
#: Risk from 1 to 5 by likelihood (rows) and severity: the matrix in NHS Digital's guidance to DCB0129.
RISKS = {
    "very high": (3, 4, 4, 5, 5),
    "high": (2, 3, 3, 4, 5),
    "medium": (2, 2, 3, 3, 4),
    "low": (1, 2, 2, 3, 4),
    "very low": (1, 1, 2, 2, 3),
}
#: The highest risk that is accepted without the deploying organisation's own decision.
ACCEPTABLE = 2


@dataclass(frozen=True, slots=True)
class Rating:
    """Severity and likelihood of a hazard, and the risk that follows from them."""

    severity: str
    likelihood: str

    @property
    def risk(self) -> int:
        """From 1 (lowest) to 5."""
        return RISKS[self.likelihood][SEVERITIES.index(self.severity)]

    def __str__(self) -> str:
        return f"{self.severity}, {self.likelihood}: **{self.risk}**"


@dataclass(frozen=True, slots=True)
class Hazard:
    """One row of the hazard log. ``open`` says why it is not controlled yet; empty if it is."""

    id: str
    title: str
    causes: tuple[str, ...]
    effect: str
    before: Rating
    after: Rating
    controls: tuple[str, ...]
    tests: tuple[str, ...]
    open: str = ""

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Hazard":
        """Return the hazard in a row of the file. Raises ``TypeError`` for an unknown or a missing field."""
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in row.items()
        }
        for name in ("before", "after"):
            values[name] = Rating(*row[name])
        return cls(**values)


def hazards() -> list[Hazard]:
    """Return the hazard log."""
    return [Hazard.of(dict(row)) for row in _source()["hazard"]]


def _source() -> dict[str, Any]:
    return tomllib.loads(SOURCE.read_text("utf-8"))


def document(log: list[Hazard]) -> str:
    """Return the safety case as Markdown."""
    return "\n".join([*_introduction(log), *_summary(log), "## Hazard log", "", *_entries(log)])


def _introduction(log: list[Hazard]) -> Iterator[str]:
    open_count = sum(bool(hazard.open) for hazard in log)
    introduction: str = _source()["introduction"]
    for name, count in (("total", len(log)), ("open", open_count), ("controlled", len(log) - open_count)):
        introduction = introduction.replace(f"{{{name}}}", str(count))
    yield introduction


def _summary(log: list[Hazard]) -> Iterator[str]:
    yield "## Residual risk"
    yield ""
    yield (
        f"Risks above {ACCEPTABLE} after the controls, and every open hazard, are for the deploying "
        "organisation to accept or not, with its own clinical safety officer."
    )
    yield ""
    yield "| hazard | risk before | risk after | state |"
    yield "| --- | --- | --- | --- |"
    for hazard in log:
        state = "**open**" if hazard.open else "controlled"
        link = f"[{hazard.id}](#{hazard.id.lower()}) {hazard.title}"
        yield f"| {link} | {hazard.before.risk} | {hazard.after.risk} | {state} |"
    yield ""


def _entries(log: list[Hazard]) -> Iterator[str]:
    for hazard in log:
        yield f'<a id="{hazard.id.lower()}"></a>'
        yield ""
        yield f"### {hazard.id} {hazard.title}"
        yield ""
        yield f"- **Causes:** {'; '.join(hazard.causes)}."
        yield f"- **Effect on patients:** {hazard.effect}"
        yield f"- **Risk before controls** (severity, likelihood): {hazard.before}"
        yield f"- **Controls:** {'; '.join(hazard.controls) or 'none yet'}."
        yield f"- **Risk after controls:** {hazard.after}"
        yield f"- **Proved by:** {', '.join(f'`{test}`' for test in hazard.tests) or 'nothing yet'}"
        if hazard.open:
            yield f"- **Open:** {hazard.open}"
        yield ""


if __name__ == "__main__":
    TARGET.write_text(document(hazards()), "utf-8")
    sys.stdout.write(f"Wrote {TARGET.relative_to(DOCS.parent)}.\n")
