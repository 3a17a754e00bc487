"""The labels and codes of a redline in words of the current language. The text of documents stays as signed.

``monographs.redline`` marks its labels for translation (``core.translation_marks.gettext_noop``).
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_noop as _

from monographs.presentation.moments import long_day_text
from monographs.redline import ONLY_FOR, Line, LinePlace, Op, SectionRedline


def translated(words: str) -> str:
    """Return a label, status or flag of the redline in the current language."""
    return gettext(words) if words else ""


def in_words(line: Line) -> Line:
    """Return a line whose codes (yes, a language, a day, a file's name) are words that people read."""
    words = _WORDS_OF_CODES.get("mark" if line.kind == "mark" else line.label)
    if words is None:
        return line
    return replace(line, runs=tuple(replace(run, text=words(run.text)) for run in line.runs))


def _language_name(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def _day(text: str) -> str:
    try:
        return long_day_text(date.fromisoformat(text))
    except ValueError:
        return text


def _list_name(code: str) -> str:
    return translated(_LISTS.get(code, code))


def _file_name(name: str) -> str:
    """The name of a file without most of its hash: two pictures are told apart, and seen beside it."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem[:_DIGITS]}…{dot}{ending}" if len(stem) > _DIGITS else name


#: Digits of a picture's hash that are shown.
_DIGITS = 8
_LISTS = {"medicines": _("Medicines"), "classes": _("Drug classes"), "conditions": _("Conditions")}
#: By the kind or the label of lines whose text is one code.
_WORDS_OF_CODES: dict[str, Callable[[str], str]] = {
    "mark": translated,
    "Language": _language_name,
    "Collection": _list_name,
    "Date seen": _day,
    "Picture": _file_name,
}


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
