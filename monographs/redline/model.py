"""A redline as plain data."""

from dataclasses import dataclass
from enum import StrEnum


class Op(StrEnum):
    """What became of some words."""

    SAME = "same"
    DELETED = "deleted"
    INSERTED = "inserted"


class Status(StrEnum):
    """What became of a section."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


class Flag(StrEnum):
    """A change that a reviewer must not miss; the value is what they read."""

    NUMBER = "dose or number changed"
    NEGATION = "“not” added or removed"
    FREQUENCY = "how often changed"
    URGENCY = "how soon to act changed"
    ADDRESS = "link address changed"
    FIGURE = "picture changed"
    FORMAT = "only its form changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one line that share a fate. ``marks`` are tags they stand in (strong, em, sub, sup, a)."""

    op: Op
    text: str
    flags: tuple[Flag, ...] = ()
    marks: tuple[str, ...] = ()
    address: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, list item, heading or field. ``label`` says what it is where the words do not."""

    op: Op
    runs: tuple[Run, ...]
    kind: str = "paragraph"
    label: str = ""
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionRedline:
    """One section, or one of the parts beside sections (the name and facts of the page, its sources).

    ``anchor`` names it for good, ``digest`` is SHA-256 (64 hexadecimal digits) of both its texts: the same
    digest means that whoever has read this change has nothing more to read.
    """

    anchor: str
    heading: str
    status: Status
    lines: tuple[Line, ...]
    flags: tuple[Flag, ...]
    digest: str

    @property
    def changed(self) -> bool:
        """Whether there is anything to read."""
        return self.status is not Status.UNCHANGED


@dataclass(frozen=True, slots=True)
class Redline:
    """Two documents compared, in the order of the new one; what was removed stands where it was."""

    sections: tuple[SectionRedline, ...]
    first: bool

    @property
    def changed(self) -> tuple[SectionRedline, ...]:
        """The sections that differ."""
        return tuple(section for section in self.sections if section.changed)

    @property
    def flags(self) -> tuple[Flag, ...]:
        """Every flag raised, each once, the most serious first."""
        raised = {flag for section in self.sections for flag in section.flags}
        return tuple(flag for flag in Flag if flag in raised)

    def summary(self) -> str:
        """What changed, in a line of plain text, for lists and letters."""
        if self.first:
            return "First edition of this page."
        if not self.changed:
            return "The text is unchanged."
        said = f"Changed: {', '.join(section.heading for section in self.changed)}."
        return f"{said} Look for: {', '.join(self.flags)}." if self.flags else said
