"""A redline as plain data."""

from dataclasses import dataclass
from itertools import groupby

from monographs.redline.summary import summarize
from monographs.redline.vocabulary import HEADINGS, Flag, Op, Status, in_order

#: Between the lines of a text, and in a run where one line became two or two became one.
BREAK = "\u2029"
#: A line broken inside a paragraph (HTML's ``br``).
LINE_BREAK = "\u2028"


@dataclass(frozen=True, slots=True)
class Form:
    """How words look and where they lead.

    ``marks`` are the tags they stand in (strong, em, sub, sup, a), sorted. ``address`` is where a link leads:
    an address, or ``page:`` and the key of a page of ours.
    """

    marks: tuple[str, ...] = ()
    address: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one line that share a fate.

    ``was`` is the form that words which stayed had before, if it was another. ``came`` says that deleted or
    inserted words of a moved line were not written or struck, but came from elsewhere or went there.
    """

    op: Op
    text: str
    flags: tuple[Flag, ...] = ()
    form: Form = Form()
    was: Form | None = None
    came: bool = False

    @property
    def changed(self) -> bool:
        """Whether a reader has anything to notice here."""
        return self.op is not Op.SAME or self.was is not None

    @property
    def marks(self) -> tuple[str, ...]:
        """Tags the words stand in."""
        return self.form.marks

    @property
    def address(self) -> str:
        """Where a link leads."""
        return self.form.address


@dataclass(frozen=True, slots=True)
class LinePlace:
    """What lines stand under: ``ours`` are words of this room, ``own`` are the document's."""

    ours: str = ""
    own: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, [self.ours, self.own]))


@dataclass(frozen=True, slots=True)
class LineContext:
    """What a line is and where it stands, as far as its own words do not say so.

    ``kind``: paragraph, heading, bullet, number (of a numbered list), item (of do and don't), advice,
    condition, effect, companion, figure, source, detail (of one of these), cited (a section's source),
    field, mark (a field that is set), section, form. ``level``: of a heading (3, 4) or a list (from 1).
    ``label``: the name of a field. ``places``: what it stands under, from outside in, as a patient reads it
    (*Serious side effects*, *Do not*, *Only for multiple myeloma*).
    """

    kind: str = "paragraph"
    level: int = 0
    label: str = ""
    places: tuple[LinePlace, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, list item, heading or field.

    ``was`` is where and what it was before, if that is another. ``move`` is the same number (from 1) at both
    ends of a move within a section: a deleted line at the old place, an inserted one at the new.
    """

    op: Op
    runs: tuple[Run, ...]
    stand: LineContext = LineContext()
    was: LineContext | None = None
    flags: tuple[Flag, ...] = ()
    move: int = 0

    @property
    def kind(self) -> str:
        """What it is."""
        return self.stand.kind

    @property
    def label(self) -> str:
        """The name of a field."""
        return self.stand.label

    @property
    def places(self) -> tuple[LinePlace, ...]:
        """What it stands under."""
        return self.stand.places

    @property
    def level(self) -> int:
        """Of a heading or list."""
        return self.stand.level

    @property
    def changed(self) -> bool:
        """Whether a reader has anything to notice here."""
        return self.op is not Op.SAME

    @property
    def stretches(self) -> list[tuple[Op, list[Run]]]:
        """Its runs, neighbours of the same fate together."""
        return [(op, list(runs)) for op, runs in groupby(self.runs, key=lambda run: run.op)]

    def text(self, without: Op) -> str:
        """Its words, but for those ``without`` stands for: without INSERTED is the old text."""
        return "".join(run.text for run in self.runs if run.op is not without)


@dataclass(frozen=True, slots=True)
class SectionRedline:
    """One section, or one of the parts beside sections: ``page`` (name and facts), ``body``, ``sources``.

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

    @property
    def is_ours(self) -> bool:
        """Whether its heading is a word of this room, not of the document."""
        return self.anchor in HEADINGS

    @property
    def old_text(self) -> str:
        """What it said before: same and deleted words, a ``BREAK`` between lines."""
        return self._text(Op.INSERTED)

    @property
    def new_text(self) -> str:
        """What it says now: same and inserted words, a ``BREAK`` between lines."""
        return self._text(Op.DELETED)

    def _text(self, without: Op) -> str:
        lines = (line for line in self.lines if line.op is not without and line.kind != "form")
        return BREAK.join(line.text(without) for line in lines)


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
    def unchanged(self) -> tuple[SectionRedline, ...]:
        """The sections that do not."""
        return tuple(section for section in self.sections if not section.changed)

    @property
    def flags(self) -> tuple[Flag, ...]:
        """Every flag raised, each once, the most serious first."""
        return in_order({flag for section in self.sections for flag in section.flags})

    def summary(self) -> str:
        """What changed, in one short line of plain text, for lists and the subjects of letters."""
        if self.first:
            return "First edition of this page."
        return summarize(self.changed)
