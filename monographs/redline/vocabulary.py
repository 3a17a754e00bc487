"""Operations, statuses and flags of a redline, and its labels."""

from collections.abc import Iterable
from enum import StrEnum

from monographs.core.translation_marks import gettext_noop as _

#: Label of the change note, which is written anew for each edition: a difference in it has no meaning.
CHANGE_NOTE = _("What changed")
#: Label before the name of a condition.
ONLY_FOR = _("Only for")
#: The value shown for a boolean field that is true.
YES = _("yes")
#: The other parts of a page and their headings: name and facts, the text of a page without sections, sources.
PAGE, BODY, SOURCES = "page", "body", "sources"
HEADINGS = {PAGE: _("About the page"), BODY: _("Text"), SOURCES: _("Sources")}


class Op(StrEnum):
    """The operation on some words, or (``CHANGED``, lines only) on a line that both texts have."""

    SAME = "same"
    DELETED = "deleted"
    INSERTED = "inserted"
    CHANGED = "changed"


class Status(StrEnum):
    """The status of a section in a comparison."""

    UNCHANGED = _("unchanged")
    CHANGED = _("changed")
    ADDED = _("added")
    REMOVED = _("removed")
    MOVED = _("moved")


class Flag(StrEnum):
    """A kind of change that a reviewer must not miss, the most serious first; the value is its label."""

    NUMBER = _("dose or number changed")
    NEGATION = _("“not” added or removed")
    URGENCY = _("how soon to act changed")
    FREQUENCY = _("how often changed")
    PLACE = _("stands under something else")
    ROW_ADDED = _("row added to a table")
    ROW_REMOVED = _("row removed from a table")
    COLUMN_ADDED = _("column added to a table")
    COLUMN_REMOVED = _("column removed from a table")
    FIGURE = _("picture changed")
    ADDRESS = _("link address changed")
    SOURCE = _("source changed")
    MOVED = _("moved")
    SPACING = _("only spacing changed")
    FORMAT = _("only its form changed")


#: Flags that a summary names even if another flag is more serious.
SERIOUS = (
    *(Flag.NUMBER, Flag.NEGATION, Flag.URGENCY, Flag.FREQUENCY),
    *(Flag.ROW_ADDED, Flag.ROW_REMOVED, Flag.COLUMN_ADDED, Flag.COLUMN_REMOVED),
)


def in_order(raised: Iterable[Flag]) -> tuple[Flag, ...]:
    """Return each flag once, the most serious first."""
    unique = set(raised)
    return tuple(flag for flag in Flag if flag in unique)
