"""Sample documents for the style guide: of an invented medicine, with every kind of part."""

from datetime import UTC, date, datetime
from urllib.parse import quote

from monographs.document import (
    SECTION_HEADINGS,
    HomeDocument,
    MonographDocument,
    Section,
    SectionType,
)
from monographs.document.models import Identifiers, Link, Reference, Source
from monographs.document.parts import (
    Advice,
    Companion,
    Companions,
    ConditionPart,
    DoDont,
    Effect,
    Effects,
    Figure,
    Frequency,
    Part,
    Table,
    Text,
    Urgency,
)
from monographs.document.sections import SERIOUS_HEADING
from monographs.public.queries import ReadEdition

_KEY = "00000000-0000-4000-8000-00000000000{}"
_CLASS, _FIRST, _SECOND, _OTHER = (_KEY.format(n) for n in (1, 2, 3, 4))

#: Public paths of the pages that the sample links to.
LINKS = {
    _CLASS: "/classes/sample-class/",
    _FIRST: "/conditions/sample-condition/",
    _SECOND: "/conditions/another-condition/",
    _OTHER: "/medicines/otherumab/",
}
#: The sample figure has no file; it is shown from a data URL.
_FIGURE = "0" * 64
FIGURES = {
    _FIGURE: "data:image/svg+xml,"
    + quote(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 64 32'>"
        "<rect width='64' height='32' fill='#b9dcd1'/>"
        "<path d='M8 24 24 8l10 10 8-6 14 12z' fill='#07372f'/></svg>"
    )
}


def _text(html: str) -> Text:
    return Text(html=html)


def _advice(urgency: Urgency, text: str) -> Advice:
    return Advice(urgency=urgency, urgency_label=urgency.label, html=f"<p>{text}</p>")


def _effect(
    name: str, what_to_do: str, urgency: Urgency | None = None, frequency: Frequency | None = None
) -> Effect:
    return Effect(
        name=name,
        explanation="What it feels like, in a sentence or two.",
        frequency=frequency,
        frequency_label=frequency.label if frequency else "",
        what_to_do=what_to_do,
        urgency=urgency,
        urgency_label=urgency.label if urgency else "",
    )


def _section(kind: SectionType, *parts: Part, sources: tuple[int, ...] = (1,)) -> Section:
    return Section(type=kind, heading=SECTION_HEADINGS[kind], parts=parts, sources=sources)


def _for_condition(condition: str, name: str, text: str) -> ConditionPart:
    return ConditionPart(condition=condition, condition_name=name, parts=(_text(f"<p>{text}</p>"),))


SECTIONS = (
    _section(
        SectionType.BOXED_WARNING,
        _text("<p>The strongest warning a label can have, in <strong>plain words</strong>.</p>"),
        _advice(Urgency.CALL_911, "Get help at once if you faint."),
    ),
    _section(
        SectionType.HOW_IT_IS_ADMINISTERED,
        _text(
            "<p>You take 5 mg once a day for 28 days. A number and its unit stay on one line.</p>"
            "<h3>A heading within a section</h3><ul><li>A list.</li><li>Its second line.</li></ul>"
        ),
        _for_condition(_FIRST, "Sample condition", "What is only for people with this condition."),
        _for_condition(_SECOND, "Another condition", "What is only for people with another one."),
        Table(
            caption="How much to take each day",
            header=("Days", "Dose", "How often"),
            row_headers=True,
            rows=(
                ("1 to 7", "5 mg", "once a day"),
                ("8 to 28", "10 mg", "twice a day, at least 10<sup>1</sup> hours apart"),
            ),
        ),
        Table(
            caption="Each infusion",
            row_headers=True,
            rows=(("Where", "In the hospital"), ("How long", "2 hours")),
        ),
        DoDont(do=("Take it with a meal.", "Drink water."), dont=("Do not crush the tablets.",)),
        Figure(
            sha256=_FIGURE,
            media_type="image/png",
            width=640,
            height=320,
            alt="Hills.",
            caption="A figure's caption.",
        ),
        sources=(1, 2),
    ),
    _section(
        SectionType.COMMON_SIDE_EFFECTS,
        Effects(
            group="common",
            html="<p>Many people have some of these.</p>",
            items=(
                _effect("Feeling tired", "Rest when you can.", Urgency.NEXT_VISIT, Frequency.VERY_COMMON),
                _effect("Fever", "Take your temperature.", Urgency.CALL_TODAY, Frequency.COMMON),
                _effect("Dry mouth", "Sip water."),
            ),
        ),
        Effects(
            group="serious",
            heading=SERIOUS_HEADING,
            items=(
                _effect("Seizure", "Do not drive.", Urgency.CALL_911),
                _effect("Yellow skin", "Call before your next dose.", Urgency.CALL_TODAY),
            ),
        ),
    ),
    _section(
        SectionType.COMMONLY_USED_WITH,
        Companions(
            items=(
                Companion(name="otherumab", page=_OTHER, why="The two work better together."),
                Companion(name="A medicine without a page here", why="It prevents vomiting."),
            )
        ),
    ),
    _section(
        SectionType.WHEN_TO_GET_HELP,
        *(_advice(urgency, "For any of these: the signs, one by one.") for urgency in Urgency),
    ),
)

MONOGRAPH = MonographDocument(
    key=_KEY.format(9),
    slug="sampleumab",
    title="sampleumab",
    summary="Sampleumab is an invented medicine. It shows how a page looks.",
    change_note="What changed, in one line.",
    review_interval_months=12,
    demonstration=True,
    brand_names=("Samplia", "Exempla"),
    pronunciation="sam-PLOO-mab",
    drug_class=Reference(key=_CLASS, name="Sample class"),
    conditions=(
        Reference(key=_FIRST, name="Sample condition"),
        Reference(key=_SECOND, name="Another condition"),
    ),
    routes=("By mouth", "Infusion into a vein (IV)"),
    identifiers=Identifiers(label_set_id="38b482a8-0000-0000-0000-000000000000", label_version="12"),
    sections=SECTIONS,
    sources=(
        Source(
            number=1,
            title="Sample prescribing information",
            publisher="US Food and Drug Administration",
            address="https://example.org/label",
            date_seen=date(2026, 11, 2),
        ),
        Source(number=2, title="A textbook"),
    ),
)

HOME = HomeDocument(
    key=_KEY.format(8),
    slug="home",
    title="Medicines in plain words",
    review_interval_months=12,
    organisation="Sample Foundation",
    account_link=Link(label="Sign in", address="https://example.org/account"),
    app_heading="Take these pages with you",
    app_text="With the app you can keep the pages you need.",
    app_links=(Link(label="App for iPhone", address="https://example.org/ios"),),
    notice="A notice at the top of every page.",
)


def edition(*, number: int = 3, latest: int = 3, next_due: date = date(2099, 1, 1)) -> ReadEdition:
    """Return a sample edition; a superseded one if ``latest`` is higher than ``number``."""
    return ReadEdition(
        number=number,
        slug=MONOGRAPH.slug,
        sha256="7cd8ecdf56270e49" * 4,
        reviewers=[
            {"name": "Robin Sample", "credentials": "PharmD"},
            {"name": "Rowan Sample", "credentials": "MD"},
        ],
        last_reviewed=date(2026, 11, 2),
        next_due=next_due,
        change_note=MONOGRAPH.change_note,
        review_kind="full_review",
        restores=None,
        published_at=datetime(2026, 11, 3, tzinfo=UTC),
        path=MONOGRAPH.path,
        latest=latest,
        history=f"{MONOGRAPH.path}editions/",
    )
