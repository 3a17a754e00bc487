"""The redline's own words in the reader's language. What documents say stays as it was signed.

The redline marks its words where it says them (``redline.vocabulary.gettext_noop``).
"""

from django.utils.translation import gettext

from monographs.redline import ONLY_FOR, Line, LinePlace, Op, SectionRedline


def translated(words: str) -> str:
    """A label, status or flag of the redline in the reader's language."""
    return gettext(words) if words else ""


def heading(section: SectionRedline) -> str:
    """What a section is called: in its document's words, or in ours for what stands beside sections."""
    return translated(section.heading) if section.is_ours else section.heading


def place(places: tuple[LinePlace, ...]) -> str:
    """What lines stand under, from outside in; empty for nothing."""
    return " · ".join(_place(each) for each in places)


def _place(found: LinePlace) -> str:
    if found.ours == ONLY_FOR:
        return gettext("Only for %(condition)s") % {"condition": found.own}
    return " ".join(filter(None, [translated(found.ours), found.own]))


def move(line: Line) -> str:
    """Which end of which move a line is; empty if it is none."""
    if not line.move:
        return ""
    went, came = gettext("Moved away (move %(number)s)"), gettext("Moved here (move %(number)s)")
    return (went if line.op is Op.DELETED else came) % {"number": line.move}


def picture(op: Op) -> str:
    """Which of two pictures this is, as its text for those who do not see it."""
    match op:
        case Op.DELETED:
            return gettext("The old picture")
        case Op.INSERTED:
            return gettext("The new picture")
    return gettext("The picture")
