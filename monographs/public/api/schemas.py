"""Schemas of the API's responses. An edition's ``document`` is the text that was signed, of any version.

Names (without *Schema*), docstrings and field descriptions are published in the OpenAPI document.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from monographs.document.frozen_model import FrozenModel
from monographs.document.models import Reference, Slug
from monographs.document.parts import Key, Sha256, Urgency

Number = Annotated[int, Field(ge=1, description="Editions of a medicine count from 1.")]
UrgencyName = Annotated[Urgency, Field(description="How soon to act.")]
Address = Annotated[str, Field(description="An address on this site, from its root.")]


class ResponseSchema(FrozenModel):
    """Base class of the schemas. Published under the name of the class without *Schema*."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        # Before pydantic derives titles and references from the name
        cls.__name__ = cls.__qualname__ = cls.__name__.removesuffix("Schema")
        super().__init_subclass__(**kwargs)


class SignatureSchema(ResponseSchema):
    """One reviewer's approval, as they were named on the day."""

    name: str
    credentials: str
    field: str
    step: Annotated[str, Field(description="The step of the review it was given for, by its place.")]
    meaning: Annotated[str, Field(description="What the reviewer declared by it.")]
    sha256: Annotated[Sha256, Field(description="The hash of the text it was given to.")]
    signed_at: datetime


class LaterWithdrawalSchema(ResponseSchema):
    """That an edition which came after this one was withdrawn, so that this one may be wrong as well."""

    number: Number
    reason: str
    advice: str


class EditionSchema(ResponseSchema):
    """A signed text and what proves it. Never changes, but for `later_withdrawal`."""

    slug: Slug
    number: Number
    sha256: Annotated[Sha256, Field(description="SHA-256 of `document` as canonical JSON (RFC 8785).")]
    published_at: datetime
    last_reviewed: date
    next_due: date
    review_kind: Annotated[str, Field(description="`full_review`, or `correction`: then dates stayed.")]
    restores: Annotated[
        int | None, Field(description="The earlier edition whose text this one brought back.")
    ]
    later_withdrawal: Annotated[
        LaterWithdrawalSchema | None,
        Field(
            description="Why a later edition was withdrawn; null without, or if this text was signed since."
        ),
    ]
    signatures: tuple[SignatureSchema, ...]
    document: Annotated[
        dict[str, Any],
        Field(description="The text as it was signed, in the version it was signed in (`schema_version`)."),
    ]


class PreparedSentenceSchema(ResponseSchema):
    """What patients read near the top of a page while a grave change of its label is not answered."""

    text: str
    set_id: Annotated[str, Field(description="The label that changed, and the version that changed it.")]
    version: int
    effective: Annotated[date | None, Field(description="The date that this version names.")]


class MonographSchema(EditionSchema):
    """The current edition of a medicine, and where it is read."""

    path: Annotated[Address, Field(description="Where patients read it.")]
    links: Annotated[
        dict[Key, str],
        Field(
            description="Where pages that the document names by key are read today; others are not public."
        ),
    ]
    prepared_sentence: Annotated[
        PreparedSentenceSchema | None,
        Field(description="Show it with the text: the page is being checked. A reviewer signed it."),
    ]


class SummarySchema(ResponseSchema):
    """A medicine in a list."""

    slug: Slug
    name: str
    brand_names: tuple[str, ...]
    summary: str
    path: Address
    drug_class: Reference | None
    conditions: tuple[Reference, ...]
    routes: tuple[str, ...]
    number: Number
    sha256: Sha256
    published_at: datetime
    last_reviewed: date
    next_due: date


class MonographsSchema(ResponseSchema):
    """Some medicines, and the address of the next ones."""

    items: tuple[SummarySchema, ...]
    next: Address | None


class EditionsSchema(ResponseSchema):
    """Some editions, newest first, and the address of the earlier ones."""

    items: tuple[EditionSchema, ...]
    next: Address | None


class RunSchema(ResponseSchema):
    """Words, and whether they are those that were found."""

    text: str
    marked: bool


class WhySchema(ResponseSchema):
    """Why a page was found: by a name, or by words of its text."""

    kind: str
    label: str
    heading: str
    urgency: UrgencyName | None = None
    text: Annotated[
        tuple[RunSchema, ...], Field(description="Begins with the urgency and the *Do not* of its words.")
    ]


class PassageSchema(ResponseSchema):
    """A passage of a signed text that answers a question, whole."""

    anchor: Annotated[str, Field(description="The section it is in.")]
    heading: str
    urgency: UrgencyName | None
    urgency_label: str
    condition: Annotated[str, Field(description="The condition it is only for, if it is.")]
    text: Annotated[str, Field(description="Begins with the urgency, and means the same by itself.")]


class AnswerSchema(ResponseSchema):
    """What the page of a medicine says to a question that names it."""

    slug: Slug
    name: str
    path: Address
    status: Annotated[
        Literal["answered", "partly", "not_answered"],
        Field(description="With `partly`, say what is `missing`; with `not_answered`, whom to ask."),
    ]
    missing: Annotated[tuple[str, ...], Field(description="Words of the question of which nothing is said.")]
    passages: tuple[PassageSchema, ...]


class HelpLineSchema(ResponseSchema):
    """A telephone line. ``name`` is empty for the emergency number."""

    number: str
    name: str


class HelpSchema(ResponseSchema):
    """Telephone lines to show before all else: the query speaks of suicide, an overdose or poisoning."""

    for_: Annotated[tuple[Literal["suicide", "poison"], ...], Field(alias="for")]
    lines: tuple[HelpLineSchema, ...]


class WithdrawnSchema(ResponseSchema):
    """Why a page was withdrawn, and what a patient can do."""

    reason: str
    advice: str


class ResultSchema(ResponseSchema):
    """Something found."""

    slug: Slug
    name: str
    brand_names: tuple[str, ...]
    path: Address
    anchor: Annotated[str, Field(description="The section that was found, if it was one.")]
    kind: Annotated[str, Field(description="What the page is about, for example `monograph` or `condition`.")]
    summary: str
    why: WhySchema
    withdrawn: Annotated[
        WithdrawnSchema | None,
        Field(description="For a medicine whose page was withdrawn: no text is public."),
    ]


class SearchSchema(ResponseSchema):
    """What was found, best first."""

    query: str
    corrected: Annotated[
        str | None,
        Field(description="The name that was searched for instead, if it is unmistakably the one meant."),
    ]
    known_but_absent: Annotated[
        str | None,
        Field(description="The name in the query of a medicine that has no page. It is never corrected."),
    ]
    did_you_mean: Annotated[
        tuple[str, ...],
        Field(description="Names like the query, of the first results. Ask the reader before using one."),
    ]
    other_medicines: Annotated[
        tuple[str, ...],
        Field(description="Names of medicines without a page that the query may mean."),
    ]
    results: tuple[ResultSchema, ...]
    answers: Annotated[
        tuple[AnswerSchema, ...], Field(description="To a question that names a medicine; else empty.")
    ] = ()
    help: HelpSchema | None = None


class ParameterErrorSchema(ResponseSchema):
    """What is wrong with one parameter."""

    parameter: str
    detail: str


class ProblemSchema(ResponseSchema):
    """Why there is no answer (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: Annotated[tuple[ParameterErrorSchema, ...], Field(description="With 422.")] = ()
    reason: Annotated[str, Field(description="With 410: why it was withdrawn.")] = ""
    advice: Annotated[str, Field(description="With 410: what a patient can do.")] = ""
    location: Annotated[Any, Field(description="With 301: where it is now.")] = None
