"""The sections of the style guide's sample monograph: of an invented medicine, with every kind of part."""

from urllib.parse import quote

from monographs.document import SECTION_HEADINGS, Section, SectionType
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
from monographs.presentation.urgency_words import urgency_label

KEY = "00000000-0000-4000-8000-00000000000{}"
CLASS, FIRST, SECOND, OTHER = (KEY.format(n) for n in (1, 2, 3, 4))

#: Public paths of the pages that the sample links to.
LINKS = {
    CLASS: "/classes/sample-class/",
    FIRST: "/conditions/sample-condition/",
    SECOND: "/conditions/another-condition/",
    OTHER: "/medicines/otherumab/",
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
    return Advice(urgency=urgency, urgency_label=urgency_label(urgency), html=f"<p>{text}</p>")


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
        urgency_label=urgency_label(urgency) if urgency else "",
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
        _for_condition(FIRST, "Sample condition", "What is only for people with this condition."),
        _for_condition(SECOND, "Another condition", "What is only for people with another one."),
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
        SectionType.IF_SOMETHING_GOES_WRONG,
        _text(
            "<h3>You missed a dose</h3><p>Take it if less than 12 hours have passed. Never take two doses "
            "at once.</p><h3>You vomit after a dose</h3><p>Do not take another one. Take the next dose at "
            "its usual time.</p><h3>The pump alarm sounds</h3><p>Press the button that stops the sound.</p>"
        ),
        _advice(Urgency.CALL_NOW, "The pump stopped, or the bag is empty."),
    ),
    _section(SectionType.HOW_IT_WORKS, _text("<p>It holds back the growth of sample cells.</p>")),
    _section(
        SectionType.HOW_WELL_IT_WORKS,
        _text(
            "<p>In a trial, 40 of 100 people had no sign of the disease after one year. Of those who did "
            "not get it, 25 of 100 had none.</p>"
        ),
        sources=(2,),
    ),
    _section(
        SectionType.COMMON_SIDE_EFFECTS,
        Effects(
            group="common",
            html="<p>Many people have some of these.</p>",
            items=(
                _effect("Feeling tired", "Rest when you can.", Urgency.NEXT_VISIT, Frequency.VERY_COMMON),
                _effect("Headache", "Ask first.", Urgency.CALL_TODAY, Frequency.VERY_COMMON),
                _effect("Fever", "Take your temperature.", Urgency.CALL_NOW, Frequency.VERY_COMMON),
                _effect("Cough", "Drink something warm.", None, Frequency.COMMON),
                _effect("Itch", "Keep the skin cool.", None, Frequency.COMMON),
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
        SectionType.CHECKS_WHILE_YOU_TAKE_IT,
        _text("<p>A blood test every week shows if it works, and if your liver is well.</p>"),
    ),
    _section(
        SectionType.WHO_SHOULD_TAKE_IT,
        _text("<p>Adults with a sample condition.</p><h3>Older people</h3><p>The dose is the same.</p>"),
    ),
    _section(
        SectionType.WHO_SHOULD_NOT_TAKE_IT,
        _text("<p>Anyone who is allergic to it. Tell your care team about any kidney disease.</p>"),
    ),
    _section(
        SectionType.PREGNANCY_AND_BREASTFEEDING,
        _text("<p>It can harm an unborn baby. Use birth control until 48 hours after the last dose.</p>"),
    ),
    _section(
        SectionType.COMMONLY_USED_WITH,
        Companions(
            items=(
                Companion(name="otherumab", page=OTHER, why="The two work better together."),
                Companion(name="A medicine without a page here", why="It prevents vomiting."),
            )
        ),
    ),
    _section(SectionType.COMMONLY_TESTED_WITH, _text("<p>Trials pair it with other medicines.</p>")),
    _section(
        SectionType.OTHER_MEDICINES,
        _text(
            "<h3>Pain relievers</h3><p>Ask before you take ibuprofen. It can hide a fever.</p>"
            "<h3>Food and alcohol</h3><p>Have no grapefruit, and no more than one drink a day.</p>"
        ),
    ),
    _section(
        SectionType.LIVING_WITH_IT,
        _text("<h3>Driving</h3><p>Do not drive on the day of an infusion.</p><h3>Sun</h3><p>Wear a hat.</p>"),
    ),
    _section(
        SectionType.FOR_CAREGIVERS,
        _text("<p>Wear gloves when you touch the tablets, or clean up vomit. Wash your hands after.</p>"),
    ),
    _section(
        SectionType.COST_AND_HELP,
        _text("<p>Ask your care team who can help with the cost. The maker has a program, too.</p>"),
    ),
    _section(
        SectionType.WHEN_TO_GET_HELP,
        *(_advice(urgency, "For any of these: the signs, one by one.") for urgency in Urgency),
    ),
)
