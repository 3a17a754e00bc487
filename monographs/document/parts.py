"""The parts of a section: text, advice, do and don't, figures, effects, companions."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, model_validator

from monographs.core.translation_marks import gettext_noop
from monographs.document.frozen_model import FrozenModel
from monographs.document.html import STORED, Html, inline_html

Key = Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
#: More columns cannot be read on a phone or a printed leaflet.
MAX_TABLE_COLUMNS = 6
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Urgency(StrEnum):
    """How soon to act. Four steps, said in words and shape and never by colour alone."""

    CALL_911 = "call_911"
    CALL_NOW = "call_now"
    CALL_TODAY = "call_today"
    NEXT_VISIT = "next_visit"

    @property
    def label(self) -> str:
        """The label in English where the emergency number is 911. A site's own: ``urgency_words``."""
        return self.label_with("911")

    @property
    def wording(self) -> str:
        """The English label, to be translated, with ``{number}`` in place of the emergency number."""
        return _URGENCY_LABELS[self]

    @property
    def rank(self) -> int:
        """How urgent it is, from 1 (most) to 4."""
        return list(Urgency).index(self) + 1

    @property
    def calls_care_team(self) -> bool:
        """Whether it says to call people who may not answer."""
        return self in (Urgency.CALL_NOW, Urgency.CALL_TODAY)

    def label_with(self, emergency_number: str) -> str:
        """Return the English label where ``emergency_number`` is dialled in emergencies."""
        return self.wording.format(number=emergency_number)

    def is_worded(self, label: str) -> bool:
        """Whether ``label`` is the usual English one, with whatever emergency number."""
        before, number, after = self.wording.partition("{number}")
        between = label.removeprefix(before).removesuffix(after)
        return label == before + between + after and bool(between.strip()) == bool(number)


_URGENCY_LABELS = {
    Urgency.CALL_911: gettext_noop("Call {number} now"),
    Urgency.CALL_NOW: gettext_noop("Call now, day or night"),
    Urgency.CALL_TODAY: gettext_noop("Call your care team today"),
    Urgency.NEXT_VISIT: gettext_noop("Tell your care team at your next visit"),
}
#: Where a document lacks its signed label and the site's emergency number is not known.
EMERGENCY_WITHOUT_NUMBER = "Get emergency help now"


class Frequency(StrEnum):
    """How often a side effect is seen.

    The fixed bands of the European Commission's guideline on the summary of product characteristics
    (revision 2, September 2009, section 4.8), which leaflets repeat.
    """

    VERY_COMMON = "very_common"
    COMMON = "common"
    UNCOMMON = "uncommon"
    RARE = "rare"
    VERY_RARE = "very_rare"
    NOT_KNOWN = "not_known"

    @property
    def label(self) -> str:
        """The label a patient reads, with the number."""
        return _FREQUENCY_LABELS[self]


_FREQUENCY_LABELS = {
    Frequency.VERY_COMMON: "Very common: more than 1 in 10 people",
    Frequency.COMMON: "Common: up to 1 in 10 people",
    Frequency.UNCOMMON: "Uncommon: up to 1 in 100 people",
    Frequency.RARE: "Rare: up to 1 in 1,000 people",
    Frequency.VERY_RARE: "Very rare: up to 1 in 10,000 people",
    Frequency.NOT_KNOWN: "Not known how often",
}


class Text(FrozenModel):
    """Paragraphs and lists."""

    kind: Literal["text"] = "text"
    html: Html


class Advice(FrozenModel):
    """A box that says what to do and how soon."""

    kind: Literal["advice"] = "advice"
    urgency: Urgency
    urgency_label: str
    html: Html


class DoDont(FrozenModel):
    """Two short lists: what to do, what not to do."""

    kind: Literal["do_dont"] = "do_dont"
    do: tuple[str, ...] = ()
    dont: tuple[str, ...] = ()


class Table(FrozenModel):
    """A table: the names of its columns, and rows of as many cells, all of inline HTML.

    ``header`` is empty in a table without a header row. With ``row_headers`` the first column names the rows.
    """

    kind: Literal["table"] = "table"
    caption: str = ""
    header: tuple[Html, ...] = ()
    row_headers: bool = False
    rows: tuple[tuple[Html, ...], ...]

    @model_validator(mode="after")
    def _require_grid(self, info: ValidationInfo) -> "Table":
        if info.context == STORED:
            return self
        if not self.rows:
            raise ValueError("a table has at least one row besides its header row")
        if len({len(row) for row in self.all_rows}) > 1:
            raise ValueError("the rows of a table must have as many cells as its header row")
        if any(inline_html(cell) != cell for row in self.all_rows for cell in row):
            raise ValueError("a cell of a table holds no paragraphs, lists and headings")
        return self

    @property
    def all_rows(self) -> tuple[tuple[Html, ...], ...]:
        """The header row, if there is one, and the rows below it."""
        return (self.header, *self.rows) if self.header else self.rows

    @property
    def column_count(self) -> int:
        """How many columns it has."""
        return max(map(len, self.all_rows), default=0)

    @property
    def cells(self) -> tuple[Html, ...]:
        """Every cell in reading order."""
        return tuple(cell for row in self.all_rows for cell in row)


class Figure(FrozenModel):
    """A picture pinned by the hash of its bytes. Width and height are in pixels."""

    kind: Literal["figure"] = "figure"
    sha256: Sha256
    media_type: Literal["image/png", "image/jpeg", "image/webp", "image/gif", "image/avif"]
    width: Annotated[int, Field(ge=1)]
    height: Annotated[int, Field(ge=1)]
    alt: str
    caption: str = ""

    @property
    def file_name(self) -> str:
        """The name under which the file is stored and served."""
        return f"{self.sha256}.{self.media_type.removeprefix('image/')}"


class Effect(FrozenModel):
    """One side effect."""

    name: str
    explanation: str = ""
    frequency: Frequency | None = None
    frequency_label: str = ""
    what_to_do: str = ""
    urgency: Urgency | None = None
    urgency_label: str = ""


class Effects(FrozenModel):
    """A group of side effects, common or serious."""

    kind: Literal["effects"] = "effects"
    group: Literal["common", "serious"]
    heading: str = ""
    html: Html = ""
    items: tuple[Effect, ...] = ()

    @property
    def calls_care_team(self) -> bool:
        """Whether one of them says to call people who may not answer."""
        return any(effect.urgency.calls_care_team for effect in self.items if effect.urgency)


class Companion(FrozenModel):
    """A medicine (or treatment) that this one is used or tested with."""

    name: str
    page: Key | None = None
    why: str = ""


class Companions(FrozenModel):
    """The list of companions of a section."""

    kind: Literal["companions"] = "companions"
    items: tuple[Companion, ...] = ()


CommonPart = Annotated[Text | Advice | DoDont | Table | Figure, Field(discriminator="kind")]


class ConditionPart(FrozenModel):
    """Parts that apply to one condition only."""

    kind: Literal["for_condition"] = "for_condition"
    condition: Key
    condition_name: str
    parts: tuple[CommonPart, ...]


Part = Annotated[
    Text | Advice | DoDont | Table | Figure | ConditionPart | Effects | Companions,
    Field(discriminator="kind"),
]
