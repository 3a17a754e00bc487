"""Cases of the rules on consistency and spelling."""

from typing import Any

from monographs.document import SectionType
from monographs.document.parts import Effect, Frequency
from tests.rules.documents import effects, html, monograph, section, with_effects


def fever(name: str = "Fever", frequency: Frequency = Frequency.COMMON) -> Effect:
    return Effect(name=name, frequency=frequency, frequency_label=frequency.label)


def two(one: str, other: str, **fields: Any) -> Any:
    """A medicine that says one thing in *How it works*, the other in *Who should take it*."""
    return monograph(one, sections=[section(SectionType.WHO_SHOULD_TAKE_IT, html(other))], **fields)


def given(words: str, *routes: str) -> Any:
    return monograph(words, routes=routes)


def common(*items: Effect) -> Any:
    return with_effects(effects(*items, group="common"))


CONSISTENCY_CASES: dict[str, tuple[list[Any], list[Any]]] = {
    "temperature-units": (
        [
            "Call for a fever of 101.4°F (38°C).",
            "Keep it at 36°F to 50°F (2°C to 8°C).",
            "It is 38°C or 102°F.",
        ],
        [
            "Call for a fever of 100.4°F (38°C).",
            "Keep it at 2°C to 8°C (36°F to 46°F).",
            "It is 38.3°C (101°F).",
        ],
    ),
    "fever-temperature": (
        [
            two("Call for a fever of 100.4°F.", "Call if a fever reaches 101.4°F."),
            two("Call for a fever of 38°C.", "A fever of 101.4°F is grave."),
            two("Call for a fever of 100.4°F (38°C).", "Call for a fever of 39°C."),
        ],
        [
            two("Call for a fever of 100.4°F.", "A fever of 38°C is grave."),
            two("Call for a fever of 100.4°F.", "Keep it at a temperature of 77°F."),
            two("Call for 100.4°F for an hour or a fever of 101°F once.", "Call for a fever of 101°F."),
        ],
    ),
    "cycle-length": (
        [
            two("A cycle is 28 days.", "You take it in each 21-day cycle."),
            two("A cycle lasts four weeks.", "A cycle is 21 days."),
            two("Each 28-day cycle begins with a test.", "A cycle lasts about 42 days."),
            two("Each cycle (28 days) begins with a test.", "The cycle repeats every 21 days."),
        ],
        [
            two("A cycle is 28 days.", "A cycle lasts four weeks."),
            two("A cycle is 28 days.", "The first 42-day cycle is in hospital."),
            two("A cycle is 28 days.", "With rituximab it is a 21-day cycle."),
            two(
                "A cycle (28 days) begins with a test.", "You are in hospital in each cycle (9 days or more)."
            ),
        ],
    ),
    "effect-twice": (
        [
            common(fever(), fever()),
            common(fever("Headache"), fever("Headaches")),
            with_effects(effects(fever("Rash"), fever("rash"))),
        ],
        [
            common(fever(), fever("Headache")),
            with_effects(effects(fever(), group="common"), effects(fever())),
            common(fever("Feeling sick"), fever("Being sick")),
        ],
    ),
    "effect-bands": (
        [
            with_effects(effects(fever(), group="common"), effects(fever(frequency=Frequency.RARE))),
            common(fever(), fever(frequency=Frequency.UNCOMMON)),
            common(fever("Rashes"), fever("Rashe", Frequency.RARE)),
        ],
        [
            with_effects(effects(fever(), group="common"), effects(fever())),
            with_effects(effects(fever(), group="common"), effects(Effect(name="Fever"))),
            with_effects(effects(fever(), group="common"), effects(fever("High fever", Frequency.RARE))),
        ],
    ),
    "route-words": (
        [
            given("It is a tablet.", "Infusion into a vein (IV)"),
            given("Testumab comes as a capsule.", "Injection under the skin"),
            given("This medicine is given into a vein.", "By mouth"),
        ],
        [
            given("It is a tablet.", "By mouth"),
            given("Imatinib is a tablet.", "Infusion into a vein (IV)"),
            given("You also take a tablet against sickness.", "Infusion into a vein (IV)"),
        ],
    ),
    "poison-number": (
        [
            "Call Poison Help at 1-800-222-1221.",
            "For poisoning call (800) 222-1223 now.",
            "Ask the poison center: 555-222-1222.",
        ],
        [
            "Call Poison Help at 1-800-222-1222.",
            "For poisoning call (800) 222-1222.",
            "Call FDA at 1-800-332-1088.",
        ],
    ),
    "doubled-word": (
        ["Call the the team.", "It is is a drip and and more.", "Rest for for a day."],
        ["She had had a drip.", "It works very very well.", "You know that that helps."],
    ),
    "spelling": (
        ["The infusoin takes an hour.", "Tell your docter.", "You may feel nuasea."],
        [
            "The infusion takes an hour.",
            "Testumab helps with its cytokine.",
            "See Mr Wilmson about zanubrutinib.",
        ],
    ),
    "other-pages-fact": (
        [
            "Call for a fever of 102°F.",
            "Report it to the FDA at 1-800-332-1089.",
            "Call FDA on (800) 332-1080.",
        ],
        [
            "Call for a fever of 100.4°F (38°C).",
            "Report it to the FDA at 1-800-332-1088.",
            "Call Bedrock Pharma at 1-800-555-0100.",
        ],
    ),
    "brand-spelling": (
        ["You get testumab as TESTRA.", "Testumab is called testra.", monograph(brand_names=("Gleevec-",))],
        [
            "You get testumab as Testra.",
            "Testumab is called Testra.",
            monograph(brand_names=("Testra", "Other")),
        ],
    ),
}
