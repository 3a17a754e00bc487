"""What can become of words, lines and sections, and what a reviewer must not miss."""

from collections.abc import Iterable
from enum import StrEnum


def gettext_noop(words: str) -> str:
    """The same words, marked for the catalogue: whoever shows them says them in a reader's language."""
    return words


_ = gettext_noop

#: The note on the change itself is said of each edition anew: that it differs says nothing.
CHANGE_NOTE = _("What changed")
#: Said before the name of a condition.
ONLY_FOR = _("Only for")
#: What a field says that is set, and says no more.
YES = _("yes")
#: The parts beside sections: name and facts, a page's own text, the sources; and what they are called.
PAGE, BODY, SOURCES = "page", "body", "sources"
HEADINGS = {PAGE: _("About the page"), BODY: _("Text"), SOURCES: _("Sources")}


class Op(StrEnum):
    """What became of some words, or (``CHANGED``, lines only) of a line that both texts have."""

    SAME = "same"
    DELETED = "deleted"
    INSERTED = "inserted"
    CHANGED = "changed"


class Status(StrEnum):
    """What became of a section."""

    UNCHANGED = _("unchanged")
    CHANGED = _("changed")
    ADDED = _("added")
    REMOVED = _("removed")
    MOVED = _("moved")


class Flag(StrEnum):
    """A change that a reviewer must not miss, the most serious first; the value is what they read."""

    NUMBER = _("dose or number changed")
    NEGATION = _("“not” added or removed")
    URGENCY = _("how soon to act changed")
    FREQUENCY = _("how often changed")
    PLACE = _("stands under something else")
    FIGURE = _("picture changed")
    ADDRESS = _("link address changed")
    SOURCE = _("source changed")
    MOVED = _("moved")
    SPACING = _("only spacing changed")
    FORMAT = _("only its form changed")


#: Flags that a line about a redline names even when something else in it is more serious.
GRAVE = (Flag.NUMBER, Flag.NEGATION, Flag.URGENCY, Flag.FREQUENCY)


def in_order(raised: Iterable[Flag]) -> tuple[Flag, ...]:
    """``raised``, each once, the most serious first."""
    found = set(raised)
    return tuple(flag for flag in Flag if flag in found)
