"""Conflicts of a merge, which a person decides, and the decisions."""

from dataclasses import dataclass, field
from enum import StrEnum
from html import escape
from typing import Any

from monographs.review.draft_merge.plain_values import LISTS, elements, name_of_element, opened


class Absent:
    """The type of ``ABSENT``."""

    def __repr__(self) -> str:
        return "ABSENT"


#: Stands for what a side does not have.
ABSENT = Absent()


class ConflictKind(StrEnum):
    """What both sides did to one place."""

    CHANGED = "changed"
    DELETED = "deleted"
    ORDER = "order"


class Choice(StrEnum):
    """The text that a person chooses for a conflict."""

    BASE = "base"
    SET_ASIDE = "set_aside"
    LATEST = "latest"
    ANEW = "anew"


@dataclass(frozen=True, slots=True)
class ConflictAnswer:
    """What a person chose; ``words`` if they wrote it anew, as plain text."""

    choice: Choice
    words: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place that both sides changed, or that one deleted and the other changed; or two orders of children.

    ``name`` is the same whenever the same three texts are merged; ``place`` names field and blocks. A side
    that has nothing there is ``ABSENT``.
    """

    name: str
    place: tuple[str, ...]
    kind: ConflictKind
    base: Any
    set_aside: Any
    latest: Any

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Return what may be chosen."""
        if self.kind == ConflictKind.ORDER:
            return (Choice.SET_ASIDE, Choice.LATEST)
        if self.kind == ConflictKind.DELETED:
            return (Choice.SET_ASIDE, Choice.LATEST)
        base = () if self.base is ABSENT else (Choice.BASE,)
        anew = (Choice.ANEW,) if _can_be_written(self.set_aside) and _can_be_written(self.latest) else ()
        return (*base, Choice.SET_ASIDE, Choice.LATEST, *anew)


@dataclass(slots=True)
class Merge:
    """The merged value and the conflicts in reading order; ``value`` counts once ``open`` is empty."""

    value: Any = None
    conflicts: list[Conflict] = field(default_factory=list)
    open: list[Conflict] = field(default_factory=list)


def written_anew(words: str, like: str) -> str:
    """Return plain ``words`` as a text of the form of ``like``: a paragraph's tag stays."""
    words = " ".join(words.split()) if elements(like) else words.strip()
    if not elements(like):
        return words
    start, _, end = opened(like)
    return f"{start}{escape(words, quote=False)}{end}"


def _can_be_written(value: Any) -> bool:
    """Whether a person can write it as plain words: a plain text, or one paragraph."""
    if not isinstance(value, str):
        return False
    split = elements(value)
    return "<" not in value if split is None else len(split) == 1 and name_of_element(value) not in LISTS
