"""The labels of a redline, translated. The text of documents stays as it was signed.

``monographs.redline`` marks its labels for translation (``core.translation_marks.gettext_noop``).
"""

from django.utils.translation import gettext

from monographs.redline import ONLY_FOR, Line, LinePlace, Op, SectionRedline


def translated(words: str) -> str:
    """Return a label, status or flag of the redline in the current language."""
    return gettext(words) if words else ""


def section_heading(section: SectionRedline) -> str:
    """Return a section's heading: text of its document, or the translated label of another part."""
    return translated(section.heading) if section.has_builtin_heading else section.heading


def places_label(places: tuple[LinePlace, ...]) -> str:
    """Return the places that lines are under, outermost first; "" for none."""
    return " · ".join(_place(each) for each in places)


def _place(place: LinePlace) -> str:
    if place.label == ONLY_FOR:
        return gettext("Only for %(condition)s") % {"condition": place.name}
    return " ".join(filter(None, [translated(place.label), place.name]))


def move_label(line: Line) -> str:
    """Return which end of which move a line is; "" if it was not moved."""
    if not line.move:
        return ""
    away, here = gettext("Moved away (move %(number)s)"), gettext("Moved here (move %(number)s)")
    return (away if line.op is Op.DELETED else here) % {"number": line.move}


def picture_alt(op: Op) -> str:
    """Return the alternative text that tells an old picture from a new one."""
    match op:
        case Op.DELETED:
            return gettext("The old picture")
        case Op.INSERTED:
            return gettext("The new picture")
    return gettext("The picture")
