"""Writes docs/understanding-checklist.md from its answers (``make understanding-checklist``).

PEMAT-P: S. J. Shoemaker, M. S. Wolf and C. Brach, “The Patient Education Materials Assessment Tool (PEMAT)
and User’s Guide”, AHRQ 2013. CDC Clear Communication Index: C. Baur and C. Prue, Health Promotion Practice
2014;15:629–37.
"""

import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent.parent / "docs"
SOURCE, TARGET = DOCS / "understanding-checklist.toml", DOCS / "understanding-checklist.md"

YES, NO, NOT_APPLICABLE = "yes", "no", "not applicable"
#: The first item of PEMAT-P about acting.
FIRST_ACTION = 20
#: Score and the share that is aimed at.
AIMS = {"understanding": 0.95, "acting": 0.9, "CDC index": 0.9}


@dataclass(frozen=True, slots=True)
class Item:
    """One question of a checklist. ``test``: whether a test answers it, on every page."""

    id: str
    asks: str
    test: bool = False

    @property
    def score(self) -> str:
        """The score that it counts for."""
        if self.id.startswith("C"):
            return "CDC index"
        return "acting" if int(self.id[1:]) >= FIRST_ACTION else "understanding"


@dataclass(frozen=True, slots=True)
class ChecklistAnswer:
    """What a person answered, and why."""

    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """The items, and the answers of people by the slug of a medicine and the id of an item."""

    introduction: str
    items: tuple[Item, ...]
    answers: dict[str, dict[str, ChecklistAnswer]]

    @classmethod
    def load(cls) -> "Checklist":
        """Read the file. Raises ``TypeError`` for an unknown or a missing field."""
        source: dict[str, Any] = tomllib.loads(SOURCE.read_text("utf-8"))
        answers = {
            slug: {item: ChecklistAnswer(*answer) for item, answer in rows.items()}
            for slug, rows in source["answers"].items()
        }
        return cls(source["introduction"], tuple(Item(**row) for row in source["item"]), answers)

    @property
    def by_people(self) -> tuple[Item, ...]:
        """Items that no test answers."""
        return tuple(item for item in self.items if not item.test)

    def share(self, slug: str, score: str) -> float:
        """Return the share of “yes” among the items of ``score`` that apply; items of tests are “yes”."""
        answers = self.answers[slug]
        values = [YES if item.test else answers[item.id].value for item in self.items if item.score == score]
        applicable = [value for value in values if value != NOT_APPLICABLE]
        return applicable.count(YES) / len(applicable)


def document(checklist: Checklist) -> str:
    """Return the checklist as Markdown."""
    return "\n".join([checklist.introduction, *_scores(checklist), *_items(checklist), *_answers(checklist)])


def _scores(checklist: Checklist) -> Iterator[str]:
    yield "## Scores"
    yield ""
    yield f"| medicine | {' | '.join(AIMS)} |"
    yield f"| --- |{' --- |' * len(AIMS)}"
    yield f"| *aim* | {' | '.join(f'{aim:.0%}' for aim in AIMS.values())} |"
    for slug in sorted(checklist.answers):
        shares = " | ".join(f"{checklist.share(slug, score):.0%}" for score in AIMS)
        yield f"| {slug} | {shares} |"
    yield ""


def _items(checklist: Checklist) -> Iterator[str]:
    yield "## Items"
    yield ""
    yield "| item | asks | answered by |"
    yield "| --- | --- | --- |"
    for item in checklist.items:
        yield f"| {item.id} | {item.asks} | {'test' if item.test else 'a person'} |"
    yield ""


def _answers(checklist: Checklist) -> Iterator[str]:
    for slug in sorted(checklist.answers):
        yield f"## {slug.capitalize()}"
        yield ""
        yield "| item | answer | because |"
        yield "| --- | --- | --- |"
        for item in checklist.by_people:
            answer = checklist.answers[slug][item.id]
            yield f"| {item.id} | {answer.value} | {answer.reason} |"
        yield ""


if __name__ == "__main__":
    TARGET.write_text(document(Checklist.load()), "utf-8")
    sys.stdout.write(f"Wrote {TARGET.relative_to(DOCS.parent)}.\n")
