"""Comparing all versions in a folder of openFDA's labels, step by step, and with steps marked by hand."""

import tomllib
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from monographs.labels import (
    ChangeClass,
    Label,
    LabelComparison,
    compare_labels,
    in_version_order,
    label_contents,
    read_label,
)

NONE = "none"
#: Classes that ask nobody to act.
QUIET = frozenset({NONE, ChangeClass.EDITORIAL.value})
#: Of the table of steps.
HEADER = "| label | step | class | marked | why | sections |\n| --- | --- | --- | --- | --- | --- |"


@dataclass(frozen=True, slots=True)
class ReplayedStep:
    """One version step: its comparison, and the class it was marked with by hand ("" if it was not)."""

    name: str
    comparison: LabelComparison
    marked: str = ""

    @property
    def found(self) -> str:
        """The class that was computed, ``none`` without a change."""
        return str(self.comparison.change_class or NONE)

    @property
    def why(self) -> str:
        """The first of its gravest changes: section, reason and words."""
        gravest = [
            (section, change)
            for section in self.comparison.sections
            if section.sections
            for change in section.changes
            if change.change_class == self.comparison.change_class
        ]
        if not gravest:
            return "no change of words in sections that a monograph rests on"
        section, change = gravest[0]
        words = ", ".join(change.reason.words)[:60]
        return f"{section.code.field}: {change.reason.why}" + (f" ({words})" if words else "")

    @property
    def sections(self) -> str:
        """The sections of a monograph that are touched, in more than form."""
        return ", ".join(self.comparison.touched) or "–"

    @property
    def row(self) -> str:
        """The step as a row of a Markdown table, with the columns of ``HEADER``."""
        old, new = self.comparison.old.version, self.comparison.new.version
        cells = (self.name, f"{old} → {new}", self.found, self.marked or "–", self.why, self.sections)
        return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


@dataclass
class ReplaySummary:
    """Counts of steps by computed class, compared with the classes marked by hand."""

    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, step: ReplayedStep) -> None:
        """Count a step that was marked."""
        if step.marked:
            self.pairs[step.marked, step.found] += 1

    @property
    def missed(self) -> int:
        """Steps marked grave and not found grave."""
        return sum(n for (marked, found), n in self.pairs.items() if marked == "grave" != found)

    @property
    def quiet(self) -> int:
        """Steps marked none or editorial."""
        return sum(n for (marked, _), n in self.pairs.items() if marked in QUIET)

    @property
    def false_alarms(self) -> int:
        """Steps marked none or editorial that would ask somebody to act."""
        return sum(n for (marked, found), n in self.pairs.items() if marked in QUIET and found not in QUIET)

    @property
    def too_grave(self) -> int:
        """Steps found grave and marked otherwise."""
        return sum(n for (marked, found), n in self.pairs.items() if found == "grave" != marked)

    @property
    def found_grave(self) -> int:
        """Marked steps that were found grave."""
        return sum(n for (_, found), n in self.pairs.items() if found == "grave")


def read_marks(path: Path) -> dict[tuple[str, int, int], str]:
    """Return the classes marked by hand, by set id and both versions."""
    steps = tomllib.loads(path.read_text("utf-8"))["step"]
    return {(step["set_id"], *step["versions"]): step["class"] for step in steps}


def replay(
    folder: Path, marks: dict[tuple[str, int, int], str], only: Collection[str] = ()
) -> Iterator[ReplayedStep]:
    """Yield each step of each label in ``folder``; ``only`` names medicines.

    The versions of one label are in memory at a time. Files are named
    ``medicine.application.setid.vN.date.openfda.json``.
    """
    for (medicine, _), paths in _by_label(folder).items():
        if only and medicine not in only:
            continue
        contents = (content for path in paths for content in label_contents(path))
        for old, new in pairwise(in_version_order(read_label(content.data) for content in contents)):
            marked = marks.get((old.set_id, old.version, new.version), "")
            yield ReplayedStep(_name(new), compare_labels(old, new), marked)


def _by_label(folder: Path) -> dict[tuple[str, str], list[Path]]:
    """Files by medicine and the start of the set id, as their names say."""
    found: dict[tuple[str, str], list[Path]] = {}
    for path in sorted(folder.glob("*.json")):
        medicine, _application, set_id, *_ = path.name.split(".")
        found.setdefault((medicine, set_id), []).append(path)
    return found


def _name(label: Label) -> str:
    return (label.names or label.generic_names or (label.set_id,))[0]
