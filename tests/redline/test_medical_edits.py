"""Edits of the kind that harm or help patients, and exactly what the reviewer sees of each."""

from typing import Any

import pytest

from monographs.document.models import Reference, Source
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
    Text,
    Urgency,
)
from tests.redline.notation import KEY, compared, monograph

OTHER = KEY.replace("1", "2")
FIGURE = Figure(sha256="a" * 64, media_type="image/png", width=20, height=10, alt="A pump.")
LABEL, TRIALS = Source(number=1, title="The label"), Source(number=2, title="Trials")


def p(*paragraphs: str) -> str:
    return "".join(f"<p>{each}</p>" for each in paragraphs)


def ul(*items: str) -> str:
    return f"<ul>{''.join(f'<li>{each}</li>' for each in items)}</ul>"


def advice(urgency: Urgency) -> Advice:
    return Advice(urgency=urgency, urgency_label=urgency.label, html=p("You have a fever."))


def effect(
    name: str, frequency: Frequency | None = None, urgency: Urgency | None = None, **more: str
) -> Effect:
    return Effect(
        name=name,
        frequency=frequency,
        frequency_label=frequency.label if frequency else "",
        urgency=urgency,
        urgency_label=urgency.label if urgency else "",
        **more,
    )


def effects(group: Any, *items: Effect) -> Effects:
    return Effects(group=group, items=items)


def only_for(key: str, name: str, *paragraphs: str) -> ConditionPart:
    return ConditionPart(condition=key, condition_name=name, parts=(Text(html=p(*paragraphs)),))


FEVER = effect("Fever", Frequency.COMMON)
RASH, COUGH = effect("Rash of the skin"), effect("Cough")

EDITS: dict[str, tuple[Any, Any, str, str]] = {
    "decimal point lost": (
        p("Take 0.5 mg each day."),
        p("Take 5 mg each day."),
        "Take [-0.5 mg-]{+5 mg+} each day.",
        "NUMBER",
    ),
    "zero added": (p("Take 5 mg."), p("Take 50 mg."), "Take [-5 mg-]{+50 mg+}.", "NUMBER"),
    "trailing zero": (p("Take 5 mg."), p("Take 5.0 mg."), "Take [-5 mg-]{+5.0 mg+}.", "NUMBER"),
    "naked decimal": (p("Take .5 mg."), p("Take 0.5 mg."), "Take [-.5 mg-]{+0.5 mg+}.", "NUMBER"),
    "milligrams become micrograms": (
        p("Take 5 mg at night."),
        p("Take 5 mcg at night."),
        "Take [-5 mg-]{+5 mcg+} at night.",
        "NUMBER",
    ),
    "comma becomes point": (p("Give 1,5 mL."), p("Give 1.5 mL."), "Give [-1,5 mL-]{+1.5 mL+}.", "NUMBER"),
    "thousands": (
        p("About 1,000 people took it."),
        p("About 10,000 people took it."),
        "About [-1,000 people-]{+10,000 people+} took it.",
        "NUMBER",
    ),
    "range widened": (
        p("The dose is 5–10 mg a day."),
        p("The dose is 5–15 mg a day."),
        "The dose is [-5–10 mg-]{+5–15 mg+} a day.",
        "NUMBER",
    ),
    "range in words": (
        p("Wait 2 to 3 hours after a meal."),
        p("Wait 2 to 4 hours after a meal."),
        "Wait [-2 to 3 hours-]{+2 to 4 hours+} after a meal.",
        "NUMBER",
    ),
    "per body surface": (
        p("You get 10 mg/m² by drip."),
        p("You get 10 mg/kg by drip."),
        "You get [-10 mg/m²-]{+10 mg/kg+} by drip.",
        "NUMBER",
    ),
    "percent": (
        p("It helps 20% of them."),
        p("It helps 2% of them."),
        "It helps [-20%-]{+2%+} of them.",
        "NUMBER",
    ),
    "sign turned": (
        p("Call at ≥ 38°C at once."),
        p("Call at &lt; 38°C at once."),
        "Call at [-≥ 38°C-]{+< 38°C+} at once.",
        "NUMBER",
    ),
    "fraction": (p("Take ½ tablet."), p("Take 1½ tablets."), "Take [-½ tablet-]{+1½ tablets+}.", "NUMBER"),
    "times a day": (
        p("Take it 2 times a day."),
        p("Take it 3 times a day."),
        "Take it [-2 times a day-]{+3 times a day+}.",
        "NUMBER",
    ),
    "once becomes twice": (
        p("Take it once a day with food."),
        p("Take it twice a day with food."),
        "Take it [-once a day-]{+twice a day+} with food.",
        "NUMBER",
    ),
    "an unsafe abbreviation mended": (
        p("Take it q.d. with food."),
        p("Take it once a day with food."),
        "Take it [-q.d.-]{+once a day+} with food.",
        "NUMBER",
    ),
    "number in words": (
        p("Take two tablets in the morning."),
        p("Take three tablets in the morning."),
        "Take [-two-]{+three+} tablets in the morning.",
        "NUMBER",
    ),
    "space left out of a dose": (
        p("Take 5 mg now."),
        p("Take 5mg now."),
        "Take [-5 mg-]{+5mg+} now.",
        "SPACING",
    ),
    "thin space in a dose": (
        p("Take 5 mg now."),
        p("Take 5\u2009mg now."),
        "Take [-5 mg-]{+5⸱mg+} now.",
        "SPACING",
    ),
    "space that does not break": (
        p("Take it now."),
        p("Take it\u00a0now."),
        "Take it[- -]{+⍽+}now.",
        "SPACING",
    ),
    "not added": (
        p("You should take it with milk."),
        p("You should not take it with milk."),
        "You should {+not +}take it with milk.",
        "NEGATION",
    ),
    "do not lost": (
        p("Do not take it with milk."),
        p("Take it with milk."),
        "[-Do not take-]{+Take+} it with milk.",
        "NEGATION",
    ),
    "avoid becomes drink": (p("Avoid milk."), p("Drink milk."), "[-Avoid-]{+Drink+} milk.", "NEGATION"),
    "without becomes with": (
        p("Take it without food."),
        p("Take it with food."),
        "Take it [-without-]{+with+} food.",
        "NEGATION",
    ),
    "n’t for not is no negation added": (
        p("You do not need it."),
        p("You don’t need it."),
        "You [-do not-]{+don’t+} need it.",
        "",
    ),
    "unless added": (
        p("Stop it if you feel ill."),
        p("Stop it unless you feel ill."),
        "Stop it [-if-]{+unless+} you feel ill.",
        "NEGATION",
    ),
    "list items swapped": (
        ul("Take it with food.", "Drink water."),
        ul("Drink water.", "Take it with food."),
        "↑1 {+Drink water.+} | ↓1 [-Drink water.-]",
        "MOVED",
    ),
    "list item moved and its dose changed": (
        ul("Take 5 mg of it with food each day.", "Drink water.", "Rest well.", "Keep warm."),
        ul("Drink water.", "Rest well.", "Keep warm.", "Take 50 mg of it with food each day."),
        "↓1 [-Take 5 mg of it with food each day.-] | ↑1 {+Take 50 mg of it with food each day.+}",
        "NUMBER MOVED",
    ),
    "only the link’s target": (
        p('See <a href="https://a.example/">the label</a>.'),
        p('See <a href="https://b.example/">the label</a>.'),
        "See ⟨a+https://a.example/→a+https://b.example/: the label⟩.",
        "ADDRESS",
    ),
    "link to another page of ours": (
        p(f'See <a data-page="{KEY}">CML</a>.'),
        p(f'See <a data-page="{OTHER}">CML</a>.'),
        f"See ⟨a+page:{KEY}→a+page:{OTHER}: CML⟩.",
        "ADDRESS",
    ),
    "link taken away": (
        p('See <a href="https://a.example/">the label</a>.'),
        p("See the label."),
        "See ⟨a+https://a.example/→plain: the label⟩.",
        "ADDRESS",
    ),
    "only the heading’s level": (
        "<h3>Missed doses</h3><p>Skip it.</p>",
        "<h4>Missed doses</h4><p>Skip it.</p>",
        "(heading3 → heading4) Missed doses",
        "FORMAT",
    ),
    "bold added": (
        p("Call us at once."),
        p("Call us <strong>at once</strong>."),
        "Call us ⟨plain→strong: at once⟩.",
        "FORMAT",
    ),
    "power lost": (
        p("10<sup>6</sup> cells"),
        p("106 cells"),
        "10⟨sup→plain: 6⟩ cells",
        "NUMBER FORMAT",
    ),
    "list becomes paragraph": (
        ul("Take it with food."),
        p("Take it with food."),
        "(bullet1 → paragraph) Take it with food.",
        "FORMAT",
    ),
    "numbered list": (
        ul("Take it with food.", "Rest."),
        ul("Take it with food.", "Rest.").replace("ul>", "ol>"),
        "(bullet1 → number1) Take it with food. | (bullet1 → number1) Rest.",
        "FORMAT",
    ),
    "paragraph split": (
        p("Take it with food. Do not crush it."),
        p("Take it with food.", "Do not crush it."),
        "Take it with food.[- -]{+¶+}Do not crush it.",
        "FORMAT",
    ),
    "paragraphs merged": (
        p("Take it with food.", "Do not crush it."),
        p("Take it with food. Do not crush it."),
        "Take it with food.[-¶-]{+ +}Do not crush it.",
        "FORMAT",
    ),
    "paragraph moved": (
        p("Take it with food.", "Do not crush the tablets.", "Rest."),
        p("Do not crush the tablets.", "Rest.", "Take it with food."),
        "↓1 [-Take it with food.-] | ↑1 {+Take it with food.+}",
        "MOVED",
    ),
    "a small word between changes is no confetti": (
        p("You should swallow the blue tablets whole in the morning with water."),
        p("You should swallow a white capsule on an empty stomach with water."),
        "You should swallow [-the blue tablets whole in the morning-]"
        "{+a white capsule on an empty stomach+} with water.",
        "",
    ),
    "figure replaced": (
        monograph(FIGURE),
        monograph(FIGURE.model_copy(update={"sha256": "b" * 64})),
        f"Picture: [-{'a' * 64}.png-]{{+{'b' * 64}.png+}}",
        "FIGURE",
    ),
    "alternative text": (
        monograph(FIGURE),
        monograph(FIGURE.model_copy(update={"alt": "A pump on a belt."})),
        "Alternative text: A pump{+ on a belt+}.",
        "",
    ),
    "figure’s size": (
        monograph(FIGURE),
        monograph(FIGURE.model_copy(update={"width": 200})),
        "Size in pixels: [-20-]{+200+} × 10",
        "FIGURE",
    ),
    "frequency band": (
        monograph(effects("common", FEVER)),
        monograph(effects("common", effect("Fever", Frequency.RARE))),
        "How often: [-Common: up to 1 in 10 people-]{+Rare: up to 1 in 1,000 people+}",
        "FREQUENCY",
    ),
    "frequency in a sentence": (
        p("This is very common."),
        p("This is rare."),
        "This is [-very common-]{+rare+}.",
        "FREQUENCY",
    ),
    "urgency of advice": (
        monograph(advice(Urgency.CALL_911)),
        monograph(advice(Urgency.NEXT_VISIT)),
        "Advice: [-Call 911 now-]{+Tell your care team at your next visit+}",
        "URGENCY",
    ),
    "urgency of an effect": (
        monograph(effects("serious", effect("Seizure", urgency=Urgency.CALL_911))),
        monograph(effects("serious", effect("Seizure", urgency=Urgency.CALL_TODAY))),
        "How soon to act: [-Call 911 now-]{+Call your care team today+}",
        "URGENCY",
    ),
    "what to do is new": (
        monograph(effects("serious", effect("Seizure"))),
        monograph(effects("serious", effect("Seizure", what_to_do="Lie down."))),
        "What to do: {+Lie down.+}",
        "",
    ),
    "effect moved from common to serious": (
        monograph(effects("common", COUGH, RASH), effects("serious", FEVER)),
        monograph(effects("common", COUGH), effects("serious", RASH, FEVER)),
        "(Common side effects → Serious side effects) Rash of the skin",
        "PLACE",
    ),
    "effect removed": (
        monograph(effects("common", COUGH, RASH)),
        monograph(effects("common", COUGH)),
        "[-Rash of the skin-]",
        "",
    ),
    "from do to do not": (
        monograph(DoDont(do=("Drink milk.", "Rest."), dont=("Run.",))),
        monograph(DoDont(do=("Rest.",), dont=("Drink milk.", "Run."))),
        "↓1 [-Drink milk.-] | (Do → Do not) ↑1 {+Drink milk.+}",
        "NEGATION PLACE MOVED",
    ),
    "for another illness": (
        monograph(only_for(KEY, "CML", "Take it for life.")),
        monograph(only_for(OTHER, "ALL", "Take it for life.")),
        "Only for: [-CML-] | Only for: {+ALL+} | (Only for CML → Only for ALL) Take it for life.",
        "PLACE",
    ),
    "illness renamed": (
        monograph(only_for(KEY, "CML", "Take it for life.")),
        monograph(only_for(KEY, "chronic myeloid leukemia", "Take it for life.")),
        "Only for: [-CML-]{+chronic myeloid leukemia+}",
        "",
    ),
    "companion points elsewhere": (
        monograph(Companions(items=(Companion(name="Dexamethasone", page=KEY, why="For ALL."),))),
        monograph(Companions(items=(Companion(name="Dexamethasone", page=OTHER, why="For ALL."),))),
        f"⟨a+page:{KEY}→a+page:{OTHER}: Dexamethasone⟩",
        "ADDRESS",
    ),
    "brand added": (
        monograph(brand_names=("Gleevec",)),
        monograph(brand_names=("Gleevec", "Imkeldi")),
        "Brand name: {+Imkeldi+}",
        "",
    ),
    "class changed": (
        monograph(drug_class=Reference(key=KEY, name="Kinase inhibitors")),
        monograph(drug_class=Reference(key=OTHER, name="Antibodies")),
        "Drug class: [-Kinase inhibitors-]{+Antibodies+}",
        "",
    ),
    "address of the page": (
        monograph(slug="imatinib"),
        monograph(slug="imatinib-2"),
        "Address of the page: [-imatinib-]{+imatinib-2+}",
        "",
    ),
    "review interval": (
        monograph(review_interval_months=12),
        monograph(review_interval_months=24),
        "Review interval in months: [-12-]{+24+}",
        "NUMBER",
    ),
    "sources renumbered": (
        monograph(html=p("It works."), cited=(1,), sources=(LABEL,)),
        monograph(
            html=p("It works."),
            cited=(2,),
            sources=(TRIALS.model_copy(update={"number": 1}), LABEL.model_copy(update={"number": 2})),
        ),
        "Rests on source: [-1-]{+2+}. The label | Source: {+1. Trials+} | Source: [-1-]{+2+}. The label",
        "SOURCE",
    ),
    "a number that stands for another source": (
        monograph(html=p("It works."), cited=(1,), sources=(LABEL,)),
        monograph(html=p("It works."), cited=(1,), sources=(TRIALS.model_copy(update={"number": 1}),)),
        "Rests on source: 1. [-The label-]{+Trials+} | Source: 1. [-The label-]{+Trials+}",
        "SOURCE",
    ),
    "source seen again": (
        monograph(sources=(Source(number=1, title="The label", date_seen="2026-01-02"),)),
        monograph(sources=(Source(number=1, title="The label", date_seen="2026-11-02"),)),
        "Date seen: [-2026-01-02-]{+2026-11-02+}",
        "SOURCE",
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_the_reviewer_sees_what_was_done(name: str) -> None:
    old, new, seen, flags = EDITS[name]
    assert compared(old, new) == (seen, flags)


def test_the_table_is_long_enough_and_reads_both_ways() -> None:
    assert len(EDITS) >= 40
    for old, new, _, _ in EDITS.values():
        assert compared(new, old)[0]
        assert compared(old, old) == ("", "")
