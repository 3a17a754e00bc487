"""The lines and sections of a redline as plain data."""

from dataclasses import dataclass
from itertools import groupby

from monographs.redline.vocabulary import HEADINGS, Flag, Op, Status

#: Between the lines of a text, and in a run where one line became two or two became one.
BREAK = "\u2029"
#: Words up to which an old and a new text read well in one line.
_SHORT = 3
#: A line broken inside a paragraph (HTML's ``br``).
LINE_BREAK = "\u2028"


@dataclass(frozen=True, slots=True)
class Form:
    """The formatting and link target of some words.

    ``marks`` are the tags around them (strong, em, sub, sup, a), sorted. ``address`` is a link's target: an
    address, or ``page:`` and the key of a page of this site.
    """

    marks: tuple[str, ...] = ()
    address: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive words of one line with the same operation.

    ``old_form`` is the earlier form of unchanged words if it differed. ``moved`` is true for deleted or
    inserted words that moved with their line instead of being deleted or written.
    """

    op: Op
    text: str
    flags: tuple[Flag, ...] = ()
    form: Form = Form()
    old_form: Form | None = None
    moved: bool = False

    @property
    def changed(self) -> bool:
        """Whether the words or their form differ."""
        return self.op is not Op.SAME or self.old_form is not None

    @property
    def marks(self) -> tuple[str, ...]:
        """The tags around the words."""
        return self.form.marks

    @property
    def address(self) -> str:
        """The target of a link, "" outside links."""
        return self.form.address


@dataclass(frozen=True, slots=True)
class LinePlace:
    """What lines are under: ``label`` is translatable, ``name`` is text of the document."""

    label: str = ""
    name: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, [self.label, self.name]))


@dataclass(frozen=True, slots=True)
class LineContext:
    """The kind of a line and its place in the document.

    ``kind``: paragraph, heading, bullet, number (of a numbered list), item (of do and don't), advice,
    condition, table (its caption), column and row (cells that name one), cell, effect, companion, figure,
    source, detail (of one of these), cited (a section's source), field, mark (a field that is set), section,
    form. ``level``: of a heading (3, 4) or a list (from 1). ``label``: the name of a field. ``places``: what
    the line is under, outermost first, as a patient reads it (*Serious side effects*, *Do not*, *Only for
    multiple myeloma*).
    """

    kind: str = "paragraph"
    level: int = 0
    label: str = ""
    places: tuple[LinePlace, ...] = ()


@dataclass(frozen=True, slots=True)
class TableCell:
    """The place of a line in a table: the table's number in its section, and its row and column.

    All are counted from 1, rows and columns over those of both texts in the order in which they are shown.
    """

    table: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, list item, heading or field.

    ``old_context`` is the earlier context if it differed. ``move`` is the same number (from 1) at both ends
    of a move within a section: a deleted line at the old place, an inserted one at the new. ``cell``: the
    place of a cell of a table; an empty cell has no runs.
    """

    op: Op
    runs: tuple[Run, ...]
    context: LineContext = LineContext()
    old_context: LineContext | None = None
    flags: tuple[Flag, ...] = ()
    move: int = 0
    cell: TableCell | None = None

    @property
    def kind(self) -> str:
        """See ``LineContext``."""
        return self.context.kind

    @property
    def label(self) -> str:
        """See ``LineContext``."""
        return self.context.label

    @property
    def places(self) -> tuple[LinePlace, ...]:
        """See ``LineContext``."""
        return self.context.places

    @property
    def level(self) -> int:
        """See ``LineContext``."""
        return self.context.level

    @property
    def changed(self) -> bool:
        """Whether the line differs."""
        return self.op is not Op.SAME

    @property
    def rewritten(self) -> bool:
        """Whether it is shown as an old and a new passage, because next to nothing of it is left."""
        words = [len(self.text(op).split()) for op in (Op.INSERTED, Op.DELETED)]
        return (
            self.op is Op.CHANGED and min(words) > _SHORT and all(run.op is not Op.SAME for run in self.runs)
        )

    @property
    def runs_by_op(self) -> list[tuple[Op, list[Run]]]:
        """The runs in order, consecutive ones with the same operation grouped."""
        return [(op, list(runs)) for op, runs in groupby(self.runs, key=lambda run: run.op)]

    def text(self, without: Op) -> str:
        """Return the text without the runs of one operation: without INSERTED it is the old text."""
        return "".join(run.text for run in self.runs if run.op is not without)


@dataclass(frozen=True, slots=True)
class SectionRedline:
    """One section compared, or another part of a page: ``page`` (name and facts), ``body``, ``sources``.

    ``anchor`` is its stable identifier. ``digest`` is the SHA-256 (64 hexadecimal digits) of both its texts:
    a reviewer who has read a change need not read one with the same digest again.
    """

    anchor: str
    heading: str
    status: Status
    lines: tuple[Line, ...]
    flags: tuple[Flag, ...]
    digest: str

    @property
    def changed(self) -> bool:
        """Whether the section differs."""
        return self.status is not Status.UNCHANGED

    @property
    def has_builtin_heading(self) -> bool:
        """Whether the heading is a label of this package and not text of the document."""
        return self.anchor in HEADINGS

    @property
    def old_text(self) -> str:
        """The old text: unchanged and deleted words, with a ``BREAK`` between lines."""
        return self._text(Op.INSERTED)

    @property
    def new_text(self) -> str:
        """The new text: unchanged and inserted words, with a ``BREAK`` between lines."""
        return self._text(Op.DELETED)

    def _text(self, without: Op) -> str:
        lines = (line for line in self.lines if line.op is not without and line.kind != "form")
        return BREAK.join(line.text(without) for line in lines)
