"""What is a correction: no change of a dose, a warning or a use, and nearly every slip of the keyboard."""

from collections import Counter
from typing import Any

import pytest

from monographs.document.models import Source
from monographs.document.parts import DoDont, Figure, Text, Urgency
from monographs.redline.correction import reasons_against_correction
from tests.redline.correction_edits import GRAVE, HARMLESS, edited
from tests.redline.edits.parts import advice, effect, effects
from tests.redline.monograph_texts import demonstration_monographs, label_monographs
from tests.redline.notation import monograph, p

GRAVE_EDITS, HARMLESS_EDITS = 500, 200
LEAST_HARMLESS_PASSED = 0.95


@pytest.fixture(scope="module")
def texts() -> list[Any]:
    return [*demonstration_monographs(), *label_monographs()]


def test_none_of_500_grave_edits_is_a_correction(texts: list[Any]) -> None:
    passed = []
    for seed in range(GRAVE_EDITS):
        name, old, new = edited(seed, texts, GRAVE)
        if not reasons_against_correction(old, new):
            passed.append((seed, name, _changed(old, new)))
    assert not passed, "\n".join(map(str, passed[:20]))


def test_of_200_harmless_edits_at_least_95_in_100_are_corrections(texts: list[Any]) -> None:
    refused = []
    for seed in range(HARMLESS_EDITS):
        name, old, new = edited(10_000 + seed, texts, HARMLESS)
        if reasons := reasons_against_correction(old, new):
            refused.append((seed, name, str(reasons[0])))
    print(len(refused), Counter(name for _, name, _ in refused))  # noqa: T201  # shown by -rP
    assert len(refused) <= (1 - LEAST_HARMLESS_PASSED) * HARMLESS_EDITS, "\n".join(map(str, refused))


def _changed(old: Any, new: Any) -> str:
    from monographs.redline import redline  # noqa: PLC0415

    return " | ".join(
        f"{line.op}: {''.join(f'{run.op.value[0]}[{run.text}]' for run in line.runs if run.op != 'same')}"
        for section in redline(old, new).changed
        for line in section.lines
        if line.changed
    )


GRAVE_PAIRS = {
    "a letter of a number": (p("Take the fist one with water."), p("Take the first one with water.")),
    "held and given": (p("Hold the next one."), p("Give the next one.")),
    "started and continued": (p("Start it with care."), p("Continue it with care.")),
    "comma across not": (p("Take it, not with milk."), p("Take it not, with milk.")),
    "comma after not": (p("Do not take it with milk."), p("Do not take it, with milk.")),
    "comma before a condition": (p("Rest and call if you are ill."), p("Rest, and call if you are ill,")),
    "full stop after a warning": (p("Do not stop taking it."), p("Do not stop. Taking it.")),
    "full stop moved": (p("Call us. Never wait at home."), p("Call us never. Wait at home.")),
    "only": (p("Take it only, with food you like."), p("Take it, only with food you like.")),
    "except": (p("Eat all, except fish, daily."), p("Eat all except fish daily.")),
    "comma after unless": (p("Rest, unless told, and drink."), p("Rest, unless told and drink.")),
    "bracket around not": (p("Take it (not with milk) at noon."), p("Take it not (with milk) at noon.")),
    "bracket removed": (p("Go on (if you can) and rest."), p("Go on if you can and rest.")),
    "colon that opens a list": (p("Do not take it with:"), p("Do not take it with.")),
    "dash for a break": (p("It is safe – not for babies."), p("It is safe not for babies.")),
    "comma between numbers": (p("Take 2, 3 times."), p("Take 2 3, times.")),
    "day and dose": (p("On day 1, 5 mg."), p("On day 1 5 mg.")),
    "range to list": (p("Take 1-2 tablets."), p("Take 1, 2 tablets.")),
    "decimal comma": (p("Take 1.5 mL."), p("Take 1,5 mL.")),
    "and swapped with or": (p("Milk and tea or juice."), p("Milk or tea and juice.")),
    "and/or": (p("Milk and tea."), p("Milk and/or tea.")),
    "or added": (p("Milk, tea."), p("Milk or tea.")),
    "decimal point": (p("Take 0.5 mg."), p("Take 5 mg.")),
    "naked decimal": (p("Take .5 mg."), p("Take 5 mg.")),
    "comma": (p("Take 1,5 mL."), p("Take 15 mL.")),
    "superscript": (p("Give 10<sup>6</sup> cells."), p("Give 106 cells.")),
    "two doses swapped": (p("Take 5 mg at first, then 10 mg."), p("Take 10 mg at first, then 5 mg.")),
    "morning and night swapped": (
        p("Take two in the morning and one at night."),
        p("Take two at night and one in the morning."),
    ),
    "range": (p("Wait 2 to 3 hours."), p("Wait 2 or 3 hours.")),
    "once": (p("Take it once each day."), p("Take it twice each day.")),
    "half": (p("Take a tablet."), p("Take half a tablet.")),
    "first": (p("It is the first treatment."), p("It is the second treatment.")),
    "ml for mg": (p("Take 5 mg."), p("Take 5 ml.")),
    "word for milligrams": (p("Take five milligrams."), p("Take five micrograms.")),
    "Celsius": (p("Call at 38 °C."), p("Call at 38 °F.")),
    "per kilogram": (p("You get 1 mg/kg."), p("You get 1 mg/m².")),
    "not becomes now": (p("Do not take it."), p("Do now take it.")),
    "not able becomes notable": (p("If you are not able, rest."), p("If you are notable, rest.")),
    "nowhere": (p("It is no where near."), p("It is nowhere near.")),
    "prefix": (p("It can cause hypotension."), p("It can cause hypertension.")),
    "long prefix": (p("It can cause hypothyroidism."), p("It can cause hyperthyroidism.")),
    "unsafe": (p("This is safe."), p("This is unsafe.")),
    "incomplete": (p("The cure is complete."), p("The cure is incomplete.")),
    "painless": (p("It is painful."), p("It is painless.")),
    "unless": (p("Rest if you are tired."), p("Rest unless you are tired.")),
    "and, or": (p("Take it with bread and water."), p("Take it with bread or water.")),
    "must, may": (p("You must rest."), p("You may rest.")),
    "before, after": (p("Take it before you sleep."), p("Take it after you sleep.")),
    "more, less": (p("Drink more water."), p("Drink less water.")),
    "food": (p("Take it with food."), p("Take it on an empty stomach.")),
    "very": (p("This is very rare."), p("This is rare.")),
    "every other day": (p("Take it every other day."), p("Take it every day.")),
    "range in words": (p("Take one to two of them."), p("Take one or two of them.")),
    "Latin direction": (p("Take it b.i.d. with food."), p("Take it t.i.d. with food.")),
    "morning or evening": (p("Take it at 8 am."), p("Take it at 8 pm.")),
    "about, above": (p("Drink about 2 cups."), p("Drink over 2 cups.")),
    "non": (p("Use sterile water."), p("Use non-sterile water.")),
    "band in words": (p("This is common."), p("This is uncommon.")),
    "people": (p("It is for adults."), p("It is for children.")),
    "another medicine": (p("Take it with nilotinib."), p("Take it with dasatinib.")),
    "its own name": (p("You take imatinib."), p("You take ibrutinib.")),
    "abbreviation of an illness": (p("It treats CML."), p("It treats CLL.")),
    "paragraph removed": (p("It works.", "Drink water with it."), p("It works.")),
    "paragraph moved": (
        p("Take it with food.", "Do not crush the tablets.", "Rest."),
        p("Do not crush the tablets.", "Rest.", "Take it with food."),
    ),
    "object of a prohibition": (p("Do not take it with tea."), p("Do not take it with juice.")),
    "picture": tuple(
        monograph(Figure(sha256=letter * 64, media_type="image/png", width=2, height=1, alt="A pump."))
        for letter in "ab"
    ),
    "under another urgency": (
        monograph(advice(Urgency.CALL_911)),
        monograph(advice(Urgency.CALL_911).model_copy(update={"html": p("You have a cough.")})),
    ),
    "an effect renamed": (
        monograph(effects("serious", effect("Rash"))),
        monograph(effects("serious", effect("Cramp"))),
    ),
    "to do": (monograph(DoDont(dont=("Crush it.",))), monograph(DoDont(do=("Crush it.",)))),
    "title": (monograph(), monograph(title="imatinob")),
    "brand": (monograph(brand_names=("Gleevec",)), monograph(brand_names=("Glivec",))),
    "review interval": (monograph(), monograph(review_interval_months=24)),
    "code": (monograph(identifiers={"atc": "L01EA01"}), monograph(identifiers={"atc": "L01EA02"})),
    "comma in a boxed warning": (
        monograph(html=p("It harms, rarely."), section="boxed_warning"),
        monograph(html=p("It harms rarely."), section="boxed_warning"),
    ),
    "dose in the change note": (
        monograph(change_note="Old."),
        monograph(change_note="Take 50 mg from now on."),
    ),
    "another language": (
        monograph(html=p("Nimm es."), language="de"),
        monograph(html=p("Nimm nichts davon."), language="de"),
    ),
    "section removed": (
        monograph(html=p("It works.")),
        monograph(html=p("It works.")).model_copy(update={"sections": ()}),
    ),
}


@pytest.mark.parametrize("name", GRAVE_PAIRS)
def test_this_is_no_correction_in_either_direction(name: str) -> None:
    old, new = (monograph(html=each) if isinstance(each, str) else each for each in GRAVE_PAIRS[name])
    assert reasons_against_correction(old, new)
    if name != "dose in the change note":
        assert reasons_against_correction(new, old)


LABEL = Source(number=1, title="The label", address="https://a.example/", date_seen="2026-01-02")
HARMLESS_PAIRS = {
    "letters swapped": (p("The lukemia cells die."), p("The leukemia cells die.")),
    "a letter typed twice": (p("You shoould rest."), p("You should rest.")),
    "letters that no word has": (p("Take the firxt one with water."), p("Take the first one with water.")),
    "misspelt time of day": (p("Take it in the mornign."), p("Take it in the morning.")),
    "contraction": (p("You do not need it."), p("You don’t need it.")),
    "space in a dose": (p("Take 5 mg."), p("Take 5\u00a0mg.")),
    "dash": (p("Take 5-10 mg."), p("Take 5–10 mg.")),
    "comma without a not": (p("It works well but slowly."), p("It works well, but slowly.")),
    "comma before and do not": (p("Drink water and do not rush."), p("Drink water, and do not rush.")),
    "full stop added": (p("Do not take it"), p("Do not take it.")),
    "semicolon": (p("Do not run. It is slow."), p("Do not run; it is slow.")),
    "dash for a comma": (p("It works, not at once."), p("It works – not at once.")),
    "quotes": (p('It is called "X" here.'), p("It is called “X” here.")),
    "milliliters": (p("Take 5 ml."), p("Take 5 mL.")),
    "about": (p("It takes about 2 hours."), p("It takes around 2 hours.")),
    "but": (p("It works, but slowly."), p("It works, although slowly.")),
    "other words": (p("It fits into the switch."), p("It sits in the switch.")),
    "all other words": (p("About it."), p("A comma, fixed.")),
    "paragraph split": (p("It works. It helps."), p("It works.", "It helps.")),
    "bold": (p("It works."), p("It <strong>works</strong>.")),
    "capital letter": (p("the tablet is white."), p("The tablet is white.")),
    "link": (p('See <a href="https://a.example/">it</a>.'), p('See <a href="https://b.example/">it</a>.')),
    "link in a boxed warning": tuple(
        monograph(html=p(f'See <a href="https://{letter}.example/">it</a>.'), section="boxed_warning")
        for letter in "ab"
    ),
    "source moved": (
        monograph(sources=(LABEL,)),
        monograph(sources=(LABEL.model_copy(update={"address": "https://b.example/", "date_seen": None}),)),
    ),
    "source added": (
        monograph(sources=(LABEL,)),
        monograph(sources=(LABEL, Source(number=2, title="Trials"))),
    ),
    "change note": (monograph(change_note="Change 1."), monograph(change_note="Change 12.")),
    "typing error in a warning": (
        monograph(DoDont(dont=("Crush the tablest.",))),
        monograph(DoDont(dont=("Crush the tablets.",))),
    ),
    "another text part": (monograph(Text(html=p("It works."))), monograph(Text(html=p("It does work.")))),
}


@pytest.mark.parametrize("name", HARMLESS_PAIRS)
def test_a_harmless_change_is_a_correction(name: str) -> None:
    old, new = (monograph(html=each) if isinstance(each, str) else each for each in HARMLESS_PAIRS[name])
    assert [str(reason) for reason in reasons_against_correction(old, new)] == []


def test_a_reason_names_the_section_and_what_changed() -> None:
    reasons = reasons_against_correction(monograph(html=p("Take 5 mg.")), monograph(html=p("Take 50 mg.")))
    assert [str(reason) for reason in reasons] == ["How it works: a number changed (“5” → “50”)"]
