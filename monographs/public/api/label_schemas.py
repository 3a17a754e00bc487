"""Schemas of the API's responses about labels, published as those of ``schemas`` are."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from monographs.document.models import Slug
from monographs.public.api.schemas import Address, Number, ResponseSchema

ChangeName = Literal["grave", "substance", "wording", "editorial"]


class CitedVersionSchema(ResponseSchema):
    """How many statements of a medicine's current edition cite a version of a label."""

    set_id: str
    version: int
    statements: int


class OtherLabelSchema(ResponseSchema):
    """A label that a medicine's page follows besides the one that its edition names."""

    set_id: str
    newest_version: Annotated[int | None, Field(description="The newest version known here.")]
    change: ChangeName | None
    changed_since: datetime | None
    answer_due: date | None


class LabelStateSchema(ResponseSchema):
    """The label that a medicine's current edition names, and whether it has changed since."""

    slug: Slug
    name: str
    path: Address
    number: Number
    set_id: Annotated[str | None, Field(description="SPL set id; null if the edition names none.")]
    rests_on: Annotated[str | None, Field(description="The version of the label that the edition names.")]
    newest_version: Annotated[int | None, Field(description="The newest version known here.")]
    newest_effective: Annotated[date | None, Field(description="The date in it; may go back.")]
    checked_at: Annotated[
        datetime | None, Field(description="When the label's source last answered; null for never.")
    ]
    gone: Annotated[bool, Field(description="Whether the source no longer knows the label.")]
    change: Annotated[
        Literal["grave", "substance", "wording"] | None,
        Field(description="How grave the change is that nobody has answered yet; null without one."),
    ]
    changed_since: Annotated[datetime | None, Field(description="Since when it is known.")]
    answer_due: date | None
    statements: Annotated[
        int | None,
        Field(description="Paragraphs, list items, side effects and table rows; null if not counted yet."),
    ]
    citing: Annotated[int | None, Field(description="How many of them cite a sentence of a label.")]
    cited: Annotated[
        tuple[CitedVersionSchema, ...],
        Field(description="By version. A statement may cite several, and versions older than `rests_on`."),
    ]
    also_follows: Annotated[
        tuple[OtherLabelSchema, ...], Field(description="Labels followed besides the one that it names.")
    ]


class LabelStatesSchema(ResponseSchema):
    """Some medicines with their labels, and the address of the next ones."""

    items: tuple[LabelStateSchema, ...]
    next: Address | None


class LabelVersionSchema(ResponseSchema):
    """A version of a label, and what rests on it."""

    set_id: str
    version: Annotated[
        int | None, Field(description="Null for medicines that follow the label and name no version of it.")
    ]
    newest_version: Annotated[int | None, Field(description="The newest version known here.")]
    effective: Annotated[date | None, Field(description="The date in this version.")]
    monographs: Annotated[int, Field(description="Medicines whose current edition rests on this version.")]
    citing_monographs: Annotated[int, Field(description="Medicines with statements that cite it.")]
    statements: Annotated[int, Field(description="Statements that cite it.")]
    waiting: Annotated[int, Field(description="Its medicines that have not answered a newer version.")]
    change: Annotated[ChangeName | None, Field(description="The gravest change that waits.")]
    changed_since: datetime | None


class LabelVersionsSchema(ResponseSchema):
    """Some versions of labels, and the address of the next ones."""

    items: tuple[LabelVersionSchema, ...]
    next: Address | None


class WaitingChangesSchema(ResponseSchema):
    """Medicines that wait for an answer to a change of one class."""

    change: ChangeName
    monographs: int
    overdue: int
    since: Annotated[datetime, Field(description="Since when the oldest is known.")]


class AnswerTimesSchema(ResponseSchema):
    """Days until a signed answer, from when a change was known here, and from the date of its label.

    Only the `dated` ones have a date of the label that is not later than when it was known.
    """

    change: Annotated[ChangeName | None, Field(description="Null for all.")]
    answered: int
    median_days: float
    percentile_90_days: Annotated[float, Field(description="The 90th percentile.")]
    dated: int
    label_median_days: float | None
    label_percentile_90_days: float | None


class LabelSummarySchema(ResponseSchema):
    """How far the labels of the medicines that are public now are covered, and how long answers took."""

    monographs: int
    statements: int
    citing: Annotated[int, Field(description="Statements that cite a sentence of a label.")]
    follow_none: Annotated[int, Field(description="Medicines that follow no label.")]
    behind: Annotated[int, Field(description="Medicines with a change that waits for an answer.")]
    waiting: tuple[WaitingChangesSchema, ...]
    answers: Annotated[
        tuple[AnswerTimesSchema, ...],
        Field(description="Of every answer that was signed, also about medicines that are no longer public."),
    ]
