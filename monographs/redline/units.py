"""What documents say, as units that are compared: a paragraph, a list item, an effect with its details."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from monographs.document.parts import (
    Advice,
    Companions,
    ConditionPart,
    DoDont,
    Effect,
    Effects,
    Figure,
    Frequency,
    Text,
    Urgency,
)
from monographs.redline.html_lines import lines_of_html
from monographs.redline.model import Form, LineContext, LinePlace
from monographs.redline.tokens import Pieces, Token, tokens_of
from monographs.redline.vocabulary import ONLY_FOR
from monographs.redline.vocabulary import gettext_noop as _

#: Kinds whose words may become one another's: a paragraph a heading, a list item a paragraph.
RUNNING = frozenset({"paragraph", "heading", "bullet", "number", "item"})

_ONE_WORD = frozenset({"Picture", "Date seen", "How often", "How soon to act", "Advice"})


@dataclass(frozen=True)
class UnitLine:
    """One line of one document. ``ground`` tells places apart whatever they are called."""

    stand: LineContext
    pieces: Pieces
    ground: str = ""

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Its words; what a label names whole (a band, a date, a file) is one."""
        if self.stand.label in _ONE_WORD and len(self.pieces) == 1:
            return (Token(self.text, "", self.pieces),)
        return tokens_of(self.pieces)

    @cached_property
    def text(self) -> str:
        """Its text as it stands."""
        return "".join(text for text, _ in self.pieces)


@dataclass(frozen=True)
class Unit:
    """Lines that belong together and move together; most have one."""

    lines: tuple[UnitLine, ...]

    @property
    def kind(self) -> str:
        """The kind of its first line."""
        return self.lines[0].stand.kind

    @property
    def ground(self) -> str:
        """Where it stands."""
        return self.lines[0].ground

    @cached_property
    def words(self) -> tuple[str, ...]:
        """All its words without spaces."""
        return tuple(token.word for line in self.lines for token in line.tokens if token.word)

    @cached_property
    def says(self) -> tuple[Any, ...]:
        """Equal for two units that say the same in the same form, wherever they stand."""
        return tuple(
            (line.stand.kind, line.stand.level, line.stand.label, line.pieces) for line in self.lines
        )

    @cached_property
    def whole(self) -> tuple[Any, ...]:
        """Equal for two units that nobody could tell apart, but for the name of the place they stand in."""
        return (self.ground, self.says)


def plain(text: str, address: str = "") -> Pieces:
    """Words in one form."""
    return ((text, Form(("a",), address) if address else Form()),) if text else ()


def unit(kind: str, text: str, *, label: str = "", address: str = "", level: int = 0) -> Unit:
    """A unit of one line."""
    return Unit((UnitLine(LineContext(kind, level, label), plain(text, address)),))


def units_of_parts(parts: Iterable[Any]) -> Iterator[Unit]:
    """What the parts of a section say, in reading order."""
    for part in parts:
        yield from _units_of_part(part)


def _units_of_part(part: Any) -> Iterator[Unit]:
    match part:
        case Text():
            yield from _rich(part.html)
        case Advice():
            said = coded(part.urgency, part.urgency_label)
            yield unit("advice", said, label=_("Advice"))
            yield from _under(_rich(part.html), "advice", LinePlace(own=said))
        case DoDont():
            yield from _under((unit("item", line, level=1) for line in part.do), "do", LinePlace(_("Do")))
            yield from _under(
                (unit("item", line, level=1) for line in part.dont), "dont", LinePlace(_("Do not"))
            )
        case Figure():
            yield _figure(part)
        case Effects():
            yield from _effects(part)
        case Companions():
            yield from (_companion(item.name, item.page, item.why) for item in part.items)
        case ConditionPart():
            name, key = part.condition_name, part.condition
            yield unit("condition", name, label=ONLY_FOR, address=f"page:{key}")
            yield from _under(units_of_parts(part.parts), f"condition {key}", LinePlace(ONLY_FOR, name))
        case _:
            yield unit("form", repr(part))


def _rich(html: str) -> Iterator[Unit]:
    for stand, pieces in lines_of_html(html):
        yield Unit((UnitLine(stand, pieces),))


def _under(units: Iterable[Unit], ground: str, place: LinePlace) -> Iterator[Unit]:
    """The same units with the place they stand in."""
    for each in units:
        yield Unit(
            tuple(
                replace(
                    line,
                    stand=replace(line.stand, places=(place, *line.stand.places)),
                    ground=f"{ground}/{line.ground}" if line.ground else ground,
                )
                for line in each.lines
            )
        )


def coded(value: Frequency | Urgency | None, label: str) -> str:
    """The label a patient reads; with the band or step itself where the two do not say the same."""
    if value is None:
        return label
    if label == value.label:
        return label
    return f"{label} ({value.value})".strip()


def _effects(part: Effects) -> Iterator[Unit]:
    place = LinePlace(_("Serious side effects") if part.group == "serious" else _("Common side effects"))
    own: list[Unit] = [unit("heading", part.heading, level=3)] if part.heading else []
    own += _rich(part.html)
    own += [_effect(item) for item in part.items]
    yield from _under(own, part.group, place)


def _effect(effect: Effect) -> Unit:
    details = {
        _("Explanation"): effect.explanation,
        _("How often"): coded(effect.frequency, effect.frequency_label),
        _("How soon to act"): coded(effect.urgency, effect.urgency_label),
        _("What to do"): effect.what_to_do,
    }
    return _with_details(UnitLine(LineContext("effect"), plain(effect.name)), details)


def _companion(name: str, page: str | None, why: str) -> Unit:
    return _with_details(
        UnitLine(LineContext("companion"), plain(name, f"page:{page}" if page else "")), {_("Why"): why}
    )


def _figure(figure: Figure) -> Unit:
    head = UnitLine(LineContext("figure", label=_("Picture")), plain(figure.file_name))
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
        UnitLine(LineContext("detail", label=label), plain(text)) for label, text in details.items() if text
    )
    return Unit((head, *lines))


def units_of_sources(sources: Iterable[Any]) -> Iterator[Unit]:
    """The sources of a document."""
    for source in sources:
        head = UnitLine(LineContext("source", label=_("Source")), plain(f"{source.number}. {source.title}"))
        yield _with_details(
            head,
            {
                _("Publisher"): source.publisher,
                _("Address"): source.address,
                _("Date seen"): source.date_seen.isoformat() if source.date_seen else "",
            },
        )
