"""The units of a document that are compared: a paragraph, a list item, an effect with its details."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from monographs.core.translation_marks import gettext_noop as _
from monographs.document.parts import (
    Advice,
    Companions,
    ConditionPart,
    DoDont,
    Effect,
    Effects,
    Figure,
    Frequency,
    Table,
    Text,
    Urgency,
)
from monographs.redline.html_lines import lines_of_html
from monographs.redline.model import LineContext, LinePlace
from monographs.redline.table_units import table_unit
from monographs.redline.unit_lines import Unit, UnitLine, pieces_of
from monographs.redline.vocabulary import ONLY_FOR

#: Kinds of text that can turn into one another: a paragraph into a heading, a list item into a paragraph.
RUNNING = frozenset({"paragraph", "heading", "bullet", "number", "item"})


def unit(kind: str, text: str, *, label: str = "", address: str = "", level: int = 0) -> Unit:
    """Return a unit of one line."""
    return Unit((UnitLine(LineContext(kind, level, label), pieces_of(text, address)),))


def units_of_parts(parts: Iterable[Any]) -> Iterator[Unit]:
    """Yield the units of ``parts`` in reading order."""
    for part in parts:
        yield from _units_of_part(part)


def _units_of_part(part: Any) -> Iterator[Unit]:
    match part:
        case Text():
            yield from units_of_html(part.html)
        case Advice():
            urgency = label_with_code(part.urgency, part.urgency_label)
            yield unit("advice", urgency, label=_("Advice"))
            yield from _at_place(units_of_html(part.html), "advice", LinePlace(name=urgency))
        case DoDont():
            yield from _at_place((unit("item", line, level=1) for line in part.do), "do", LinePlace(_("Do")))
            yield from _at_place(
                (unit("item", line, level=1) for line in part.dont), "dont", LinePlace(_("Do not"))
            )
        case Figure() | Table():
            yield _figure(part) if isinstance(part, Figure) else table_unit(part)
        case Effects():
            yield from _effects(part)
        case Companions():
            yield from (_companion(item.name, item.page, item.why) for item in part.items)
        case ConditionPart():
            name, key = part.condition_name, part.condition
            yield unit("condition", name, label=ONLY_FOR, address=f"page:{key}")
            yield from _at_place(units_of_parts(part.parts), f"condition {key}", LinePlace(ONLY_FOR, name))
        case _:
            yield unit("form", repr(part))


def units_of_html(html: str) -> Iterator[Unit]:
    """Yield a unit for each paragraph, heading and list item of sanitised HTML."""
    for context, pieces in lines_of_html(html):
        yield Unit((UnitLine(context, pieces),))


def _at_place(units: Iterable[Unit], place_key: str, place: LinePlace) -> Iterator[Unit]:
    """The same units inside ``place``."""
    for each in units:
        lines = tuple(
            replace(
                line,
                context=replace(line.context, places=(place, *line.context.places)),
                place_key=f"{place_key}/{line.place_key}" if line.place_key else place_key,
            )
            for line in each.lines
        )
        yield replace(each, lines=lines)


def label_with_code(value: Frequency | Urgency | None, label: str) -> str:
    """Return the label a patient reads, with what is stored if the label is not the usual one for it.

    The usual label of an emergency has the number of any country; its code, which names one, is not shown.
    """
    if value is None:
        return label
    if isinstance(value, Urgency):
        usual, stored = value.is_worded(label), f"urgency {value.rank} of {len(Urgency)}"
    else:
        usual, stored = label == value.label, value.value.replace("_", " ")
    return label if usual else f"{label} ({stored})".strip()


def _effects(part: Effects) -> Iterator[Unit]:
    place = LinePlace(_("Serious side effects") if part.group == "serious" else _("Common side effects"))
    units: list[Unit] = [unit("heading", part.heading, level=3)] if part.heading else []
    units += units_of_html(part.html)
    units += [_effect(item) for item in part.items]
    yield from _at_place(units, part.group, place)


def _effect(effect: Effect) -> Unit:
    details = {
        _("Explanation"): effect.explanation,
        _("How often"): label_with_code(effect.frequency, effect.frequency_label),
        _("How soon to act"): label_with_code(effect.urgency, effect.urgency_label),
        _("What to do"): effect.what_to_do,
    }
    return _with_details(UnitLine(LineContext("effect"), pieces_of(effect.name)), details)


def _companion(name: str, page: str | None, why: str) -> Unit:
    return _with_details(
        UnitLine(LineContext("companion"), pieces_of(name, f"page:{page}" if page else "")), {_("Why"): why}
    )


def _figure(figure: Figure) -> Unit:
    head = UnitLine(LineContext("figure", label=_("Picture")), pieces_of(figure.file_name))
    return _with_details(
        head,
        {
            _("Size in pixels"): f"{figure.width} × {figure.height}",
            _("Alternative text"): figure.alt,
            _("Caption"): figure.caption,
        },
    )


def _with_details(head: UnitLine, details: Mapping[str, str]) -> Unit:
    lines = (
        UnitLine(LineContext("detail", label=label), pieces_of(text))
        for label, text in details.items()
        if text
    )
    return Unit((head, *lines))


def units_of_sources(sources: Iterable[Any]) -> Iterator[Unit]:
    """Yield a unit for each source."""
    for source in sources:
        head = UnitLine(
            LineContext("source", label=_("Source")), pieces_of(f"{source.number}. {source.title}")
        )
        yield _with_details(
            head,
            {
                _("Publisher"): source.publisher,
                _("Address"): source.address,
                _("Date seen"): source.date_seen.isoformat() if source.date_seen else "",
            },
        )
