"""Cases of the rules that compare a page with its label, and the label that they are compared with."""

from typing import Any

from monographs.document import SectionType
from monographs.document.parts import Effect, Frequency
from monographs.models import Route
from monographs.rules.label_summary import Contraindication, EffectShares, LabelSummary
from tests.rules.documents import effects, html, monograph, section, with_effects

AGAINST = SectionType.WHO_SHOULD_NOT_TAKE_IT
#: A label with a box, three contraindications, two routes and the figures of three effects.
LABEL_SUMMARY = LabelSummary(
    "00000000-2222-4333-8444-555555555555",
    7,
    ("ORAL", "INTRAVENOUS", "PERIODONTAL"),
    "0" * 64,
    (
        Contraindication("an allergy to the medicine or to something in it"),
        Contraindication("an illness of the kidneys"),
        Contraindication("", ("phaeochromocytoma",)),
    ),
    {
        "fever": EffectShares((21.0, 53.0), (3.0,)),
        "nausea": EffectShares((1.2, 4.0)),
        "low platelets": EffectShares((10.0, 30.0), (2.0, 6.0)),
    },
)


def boxed(words_of_box: str = "It can harm an unborn baby.") -> Any:
    """A section with a boxed warning."""
    return section(SectionType.BOXED_WARNING, html(words_of_box))


def against(words_of_section: str) -> Any:
    """A medicine that says this about who should not take it."""
    return monograph(sections=[section(AGAINST, html(words_of_section))])


def often(name: str, band: Frequency | None, group: str = "common") -> Any:
    """A medicine with one effect in a band."""
    label = band.label if band else ""
    return with_effects(effects(Effect(name=name, frequency=band, frequency_label=label), group=group))


def routes(*chosen: Route) -> Any:
    """A medicine that is given so."""
    return monograph(routes=tuple(route.label for route in chosen))


ALL = "Do not take it if you are allergic to it, have bad kidneys, or had a phaeochromocytoma."
LABEL_CASES: dict[str, tuple[list[Any], list[Any]]] = {
    "label-boxed-warning": (
        ["It works.", against("Nobody."), routes(Route.ORAL)],
        [
            monograph(sections=[boxed()]),
            monograph(sections=[boxed("<ul><li>Call now.</li></ul>")]),
            monograph(sections=[boxed(), section(AGAINST, html("Nobody."))]),
        ],
    ),
    "label-contraindication": (
        [
            against("Do not take it if you are allergic to it."),
            against("Do not take it with bad kidneys, or after a phaeochromocytoma."),
            against("Ask your care team."),
        ],
        [
            against(ALL),
            against("<ul><li>any allergy</li><li>kidney trouble</li><li>phaeochromocytomas</li></ul>"),
            monograph(
                sections=[
                    section(AGAINST, html("People with allergies to it, or a phaeochromocytoma.")),
                    boxed("It harms the kidneys."),
                ]
            ),
        ],
    ),
    "label-frequency": (
        [
            often("High temperature", Frequency.UNCOMMON),
            often("Feeling sick to your stomach", Frequency.VERY_COMMON),
            often("Fever", Frequency.RARE, group="serious"),
        ],
        [
            often("Fever", Frequency.VERY_COMMON),
            often("Low platelets", Frequency.COMMON, group="serious"),
            often("Nausea", Frequency.NOT_KNOWN),
            often("Fever", None),
            often("Hiccups", Frequency.RARE),
            often("Low platelets", Frequency.COMMON),
        ],
    ),
    "label-route": (
        ["It works.", routes(Route.ORAL), routes(Route.INTRAVENOUS_INFUSION, Route.SKIN)],
        [
            routes(Route.ORAL, Route.INTRAVENOUS_INFUSION),
            routes(Route.INTRAVENOUS_INJECTION, Route.ORAL),
            routes(*Route),
        ],
    ),
}
