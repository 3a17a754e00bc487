"""Edits of lists, links, form, figures, effects, advice, fields and sources."""

from typing import Any

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
    Table,
    Text,
    Urgency,
)
from tests.redline.notation import KEY, Edit, monograph, p

OTHER = KEY.replace("1", "2")
FIGURE = Figure(sha256="a" * 64, media_type="image/png", width=20, height=10, alt="A pump.")
LABEL, TRIALS = Source(number=1, title="The label"), Source(number=2, title="Trials")


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

PARTS: dict[str, Edit] = {
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
    "link to another page of the site": (
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
    "a row and a column of a table": (
        monograph(Table(caption="Doses", header=("Day",), row_headers=True, rows=(("1",), ("2",)))),
        monograph(
            Table(
                caption="Doses",
                header=("Day", "How"),
                rows=(("2", "slowly"), ("1", "at home"), ("3", "alone")),
            )
        ),
        "The first column names the rows: [-yes-] | {+How+}"
        " | (Table Doses → Table Doses · Row 1 · Column Day) ↑1 {+2+} | ↑1 {+slowly+}"
        " | (Table Doses → Table Doses · Row 2 · Column Day) 1 | {+at home+} | {+3+} | {+alone+} | ↓1 [-2-]",
        "NUMBER ROW_ADDED COLUMN_ADDED MOVED FORMAT",
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
        "Source of this section: [-1-]{+2+}. The label | Source: {+1. Trials+} | "
        "Source: [-1-]{+2+}. The label",
        "SOURCE",
    ),
    "a number that stands for another source": (
        monograph(html=p("It works."), cited=(1,), sources=(LABEL,)),
        monograph(html=p("It works."), cited=(1,), sources=(TRIALS.model_copy(update={"number": 1}),)),
        "Source of this section: 1. [-The label-]{+Trials+} | Source: 1. [-The label-]{+Trials+}",
        "SOURCE",
    ),
    "source seen again": (
        monograph(sources=(Source(number=1, title="The label", date_seen="2026-01-02"),)),
        monograph(sources=(Source(number=1, title="The label", date_seen="2026-11-02"),)),
        "Date seen: [-2026-01-02-]{+2026-11-02+}",
        "SOURCE",
    ),
}
