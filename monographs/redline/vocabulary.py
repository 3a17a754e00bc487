"""What can become of words, lines and sections, and what a reviewer must not miss."""

from collections.abc import Iterable
from enum import StrEnum

#: The note on the change itself is said of each edition anew: that it differs says nothing.
CHANGE_NOTE = "What changed"
#: The part that holds the name and the facts of a page.
PAGE = "page"


class Op(StrEnum):
    """What became of some words, or (``CHANGED``, lines only) of a line that both texts have."""

    SAME = "same"
    DELETED = "deleted"
    INSERTED = "inserted"
    CHANGED = "changed"


class Status(StrEnum):
    """What became of a section."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


class Flag(StrEnum):
    """A change that a reviewer must not miss, the most serious first; the value is what they read."""

    NUMBER = "dose or number changed"
    NEGATION = "“not” added or removed"
    URGENCY = "how soon to act changed"
    FREQUENCY = "how often changed"
    PLACE = "stands under something else"
    FIGURE = "picture changed"
    ADDRESS = "link address changed"
    SOURCE = "source changed"
    MOVED = "moved"
    SPACING = "only spacing changed"
    FORMAT = "only its form changed"


#: Flags that a line about a redline names even when something else in it is more serious.
GRAVE = (Flag.NUMBER, Flag.NEGATION, Flag.URGENCY, Flag.FREQUENCY)


def in_order(raised: Iterable[Flag]) -> tuple[Flag, ...]:
    """``raised``, each once, the most serious first."""
    found = set(raised)
    return tuple(flag for flag in Flag if flag in found)
