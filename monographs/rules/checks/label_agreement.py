"""A page compared with the newest stored version of the labels that it follows."""

import re
from collections.abc import Iterator

from monographs.document import SECTION_HEADINGS, MonographDocument, SectionType
from monographs.document.parts import Effect, Effects, Frequency
from monographs.document.sections import SERIOUS_HEADING
from monographs.models import Route
from monographs.pages.label_routes import choices_of_term, missing_terms
from monographs.rules.band_choice import BandChoice
from monographs.rules.check_context import CheckContext
from monographs.rules.frequency_bands import band_of_percentage
from monographs.rules.label_summary import Contraindication, LabelSummary
from monographs.rules.label_terms import effects_named, reason_terms
from monographs.rules.rule import RemedyKind, Severity, Violation, house_rule
from monographs.rules.text_index import EFFECTS_ANCHOR, TextIndex

_SOURCE = (
    "21 CFR 201.57 (c): sections of a label; the newest stored version of the label that the page follows"
)
#: Where a reader finds who must not have it.
_AGAINST = (
    SectionType.WHO_SHOULD_NOT_TAKE_IT,
    SectionType.BOXED_WARNING,
    SectionType.PREGNANCY_AND_BREASTFEEDING,
    SectionType.OTHER_MEDICINES,
)


@house_rule(
    "label-boxed-warning",
    title="The label’s boxed warning is on the page",
    severity=Severity.ERROR,
    overrulable=True,
    why="The box holds what can kill. A page without it looks as if the medicine had no such danger.",
    source=_SOURCE,
    bad="A page without “Most serious warnings” on a medicine whose label has a boxed warning",
    good="The section “Most serious warnings”, in words for patients, first on the page",
)
def label_boxed_warning(text: TextIndex, context: CheckContext) -> Iterator[Violation]:
    """A page whose label has a boxed warning has one, too."""
    anchor = SectionType.BOXED_WARNING
    if not isinstance(text.document, MonographDocument) or _words_of(text, (anchor,)):
        return
    for label in context.labels:
        if label.box:
            yield Violation(
                anchor,
                SECTION_HEADINGS[anchor],
                f"The label has a boxed warning (first section, version {label.version}), and this page has "
                "none. Add the section and say it in words for patients.",
                around=f"{label.set_id} {label.box}",
            )


@house_rule(
    "label-contraindication",
    title="Each contraindication of the label has its counterpart",
    severity=Severity.ADVICE,
    why="Somebody who must not have the medicine looks here for the reason. It is advice only, as it is "
    "found by lists of words: a page may say it in others.",
    source=_SOURCE,
    bad="Nothing about allergies, where the label names one to the medicine",
    good="Do not take it if you are allergic to it or to anything in it.",
)
def label_contraindication(text: TextIndex, context: CheckContext) -> Iterator[Violation]:
    """What the label names as a reason not to give the medicine is spoken of where readers look for it."""
    anchor = SectionType.WHO_SHOULD_NOT_TAKE_IT
    if not context.labels or not _words_of(text, (anchor,)):
        return  # an empty section is reported as a missing one
    said = _words_of(text, _AGAINST)
    for label in context.labels:
        for number, each in enumerate(label.contraindications):
            if not _has_counterpart(each, said):
                what = each.reason or f"something with the words “{', '.join(each.telling[:4])}”"
                yield Violation(
                    anchor,
                    SECTION_HEADINGS[anchor],
                    f"The label’s contraindications (version {label.version}) name {what}; this page says "
                    "nothing like it. Add it, or say here why it does not matter.",
                    around=f"{label.set_id} {what}",
                    order=(len(text.passages), number),
                )


def _has_counterpart(each: Contraindication, said: str) -> bool:
    if each.reason:
        return any(term.in_page.search(said) for term in reason_terms() if term.name == each.reason)
    return any(re.search(rf"\b{re.escape(word[:_STEM])}", said, re.IGNORECASE) for word in each.telling)


#: Letters by which two forms of a word are the same.
_STEM = 6


def _words_of(text: TextIndex, anchors: tuple[SectionType, ...]) -> str:
    return " ".join(passage.text for passage in text.passages if passage.anchor in anchors)


#: Percentages from which on, and up to which, an effect is in a band. Bands of fewer than 1 in 1,000 are one:
#: tables of labels have no smaller figures.
_BANDS: dict[Frequency, tuple[float, float]] = {
    Frequency.VERY_COMMON: (10, 100),
    Frequency.COMMON: (1, 10),
    Frequency.UNCOMMON: (0.1, 1),
    Frequency.RARE: (0, 0.1),
    Frequency.VERY_RARE: (0, 0.1),
}
#: Labels round to whole percentages, so 10 may be 9.5 or 10.4.
_ROUNDING = 0.5


@house_rule(
    "label-frequency",
    title="How often agrees with the label’s tables",
    severity=Severity.ADVICE,
    why="A band that is too low lets a reader think that an effect has another cause; one that is too high "
    "frightens. It is advice only: a page may rest on other trials, or on all of them together.",
    source=_SOURCE + "; European Commission, guideline on the summary of product characteristics (2009), 4.8",
    bad="Fever, “Uncommon”, where the label’s tables have 21% and 53%",
    good="Fever, “Very common”",
    remedy=RemedyKind.ONE_CLICK,
)
def label_frequency(text: TextIndex, context: CheckContext) -> Iterator[Violation]:
    """The band of each effect is one that the percentages of the label's tables allow."""
    if not context.labels:
        return
    effects = [
        (part.group == "serious", effect)
        for part in text.document.all_parts()
        if isinstance(part, Effects)
        for effect in part.items
    ]
    for number, (serious, effect) in enumerate(effects):
        for label in context.labels:
            if shares := _disagreeing(effect, label, serious=serious):
                yield _frequency_violation(effect, label, shares, (len(text.passages), number), serious)


def _disagreeing(effect: Effect, label: LabelSummary, *, serious: bool) -> tuple[float, ...]:
    """Return the label's percentages if the band of ``effect`` is above or below all of them.

    A serious effect is a part of all cases: it may be rarer than them, as far as no table counts it alone.
    """
    band = _BANDS.get(effect.frequency) if effect.frequency else None
    known = [label.effects[name] for name in effects_named(effect.name) if name in label.effects]
    severe = [share for each in known for share in each.severe] if serious else []
    shares = sorted([*severe, *(share for each in known for share in each.overall)])
    if band is None or not shares:
        return ()
    least, most = band
    too_low = shares[0] - _ROUNDING > most and (severe or not serious)
    too_high = shares[-1] + _ROUNDING < least
    return tuple(shares) if too_low or too_high else ()


def _frequency_violation(
    effect: Effect, label: LabelSummary, shares: tuple[float, ...], order: tuple[int, int], serious: bool
) -> Violation:
    figures = f"{shares[0]:g}%" if shares[0] == shares[-1] else f"{shares[0]:g}% to {shares[-1]:g}%"
    place = SERIOUS_HEADING if serious else SECTION_HEADINGS[SectionType.COMMON_SIDE_EFFECTS]
    return Violation(
        EFFECTS_ANCHOR,
        f"{place}: {effect.name}",
        f"The tables in the label’s section on side effects (version {label.version}) have {figures} for "
        f"this, which is not “{effect.frequency_label.split(':')[0].lower()}”. Compare the band with them.",
        effect.name,
        around=f"{label.set_id} {effect.name} {effect.frequency} {figures}",
        order=order,
        remedies=(BandChoice.of(effect, band),) if (band := _band_of(effect, label, serious=serious)) else (),
    )


def _band_of(effect: Effect, label: LabelSummary, *, serious: bool) -> Frequency | None:
    """Return the band in which all percentages of the label are, however they were rounded; None if in none.

    Of a serious effect only those count that are of serious cases.
    """
    known = [label.effects[name] for name in effects_named(effect.name) if name in label.effects]
    shares = [share for each in known for share in (each.severe if serious else each.overall)]
    bands = {band_of_percentage(share + change) for share in shares for change in (-_ROUNDING, _ROUNDING)}
    return bands.pop() if len(bands) == 1 else None


@house_rule(
    "label-route",
    title="Each route of the label is on the page",
    severity=Severity.ADVICE,
    why="A new way of giving a medicine changes where, how and how often people get it.",
    source="The routes of the products of the label; FDA, Route of Administration terms",
    bad="Only “Infusion into a vein”, where the label has an injection under the skin, too",
    good="Both, with a text on each in “How it is administered”",
)
def label_route(text: TextIndex, context: CheckContext) -> Iterator[Violation]:
    """A page names each route that its label has, as far as the editor has a choice for it."""
    if not isinstance(text.document, MonographDocument):
        return
    chosen = {route for route in Route if route.label in text.document.routes}
    for label in context.labels:
        for term in missing_terms(label.routes, chosen):
            choice = " or ".join(f"“{route.label}”" for route in choices_of_term(term))
            yield Violation(
                "routes",
                "How it is given",
                f"The label’s list of products (version {label.version}) has {choice}; this page does not. "
                "Choose it and write about it, or say here why the page is about the other way only.",
                around=f"{label.set_id} {term}",
            )


RULES = (label_boxed_warning, label_contraindication, label_frequency, label_route)
