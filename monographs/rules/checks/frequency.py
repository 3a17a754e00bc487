"""The frequency of side effects is given by fixed bands only."""

import re
from collections.abc import Iterator

from monographs.document.parts import Effects
from monographs.rules.check_context import CheckContext
from monographs.rules.remedy import Remedy, remedy_at
from monographs.rules.rule import RemedyKind, Severity, Violation, house_rule
from monographs.rules.text_index import EFFECTS_ANCHOR, PassageKind, TextIndex, TextPassage

_SOURCE = (
    "European Commission, guideline on the summary of product characteristics (2009), section 4.8; Berry, "
    "Knapp and Raynor, Lancet 2002;359:853–4"
)
_PEOPLE = r"(?:people|patients?|persons?|users|adults|children|men|women|participants|cases)"
_NUMBER = re.compile(
    rf"\b\d+(?:\.\d+)?(?:\s?(?:%|percent|per cent))(?:\s+(?:of|in)\s+(?:\w+\s+){{0,3}}?{_PEOPLE})?"
    rf"|\b(?:\d+|one|two|three)\s+(?:in|out of)\s+(?:every\s+)?\d[\d,]*(?:\s+{_PEOPLE})?",
    re.IGNORECASE,
)
#: Words that the bands define, and their synonyms.
_BAND = re.compile(
    r"\b(?:very\s+)?(?:rarely|rare|seldom|commonly|common|uncommonly|uncommon|frequently|frequent|infrequently|"
    r"infrequent)\b(?!\s+(?:cold|side effects?|questions?|name))",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"\b(?:often|usually|sometimes|occasionally|generally)\b"
    r"|\b(?:most|many|some|few)\s+(?:people|patients)\b",
    re.IGNORECASE,
)


def _about_effects(text: TextIndex) -> Iterator[TextPassage]:
    return (p for p in text.passages if p.anchor == EFFECTS_ANCHOR)


@house_rule(
    "frequency-number",
    title="Numbers of people only in the bands",
    severity=Severity.ERROR,
    overrulable=True,
    why="A percentage in the text competes with the band beside it and goes out of date separately. "
    "Readers also judge “1 in 10 people” better than “10%”. It is an error because a wrong number can "
    "frighten people into stopping their treatment.",
    source=_SOURCE,
    bad="Fever, seen in 62% of patients",
    good="Fever, with the band “Very common: more than 1 in 10 people”",
    remedy=RemedyKind.ONE_CLICK,
)
def frequency_number(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """No percentages or “1 in 5 people” in the text about side effects."""
    with_band = _effects_with_band(text)
    for passage in _about_effects(text):
        for match in _NUMBER.finditer(passage.text):
            yield Violation.at(
                passage,
                "Take the number out and choose the band of the effect instead.",
                match[0],
                start=match.start(),
                remedies=_left_out(passage, match, with_band),
            )


@house_rule(
    "frequency-word",
    title="Frequency words of an effect only from the bands",
    severity=Severity.ERROR,
    overrulable=True,
    why="“Common” and “rare” have fixed meanings. Readers overestimate them unless the number stands beside "
    "them; in the name or explanation of an effect it does not. It is an error there, as the field for the "
    "band is next to it.",
    source=_SOURCE,
    bad="Rarely, you may see double",
    good="You may see double, with the band “Rare: up to 1 in 1,000 people”",
    remedy=RemedyKind.ONE_CLICK,
)
def frequency_word(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """No “rarely” or “commonly” in the name or explanation of an effect."""
    with_band = _effects_with_band(text)
    for passage in _about_effects(text):
        if passage.effect:
            for match in _BAND.finditer(passage.text):
                yield Violation.at(
                    passage,
                    f"Choose how often from the list instead of writing “{match[0]}”.",
                    match[0],
                    start=match.start(),
                    remedies=_left_out(passage, match, with_band),
                )


@house_rule(
    "vague-frequency",
    title="No vague words for how often",
    severity=Severity.ADVICE,
    why="“Often” or “some people” means something different to each reader. It is advice only, as such words "
    "can also speak of time (“drink often”) or introduce the list, where the bands follow.",
    source=_SOURCE,
    bad="Some people get headaches",
    good="You may get headaches, with the band of the effect",
    remedy=RemedyKind.ONE_CLICK,
)
def vague_frequency(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """No words like “often” where effects are explained, nor words of the bands in the introduction."""
    for passage in _about_effects(text):
        pattern = _VAGUE if passage.effect else _BAND if passage.kind is PassageKind.PARAGRAPH else None
        for match in pattern.finditer(passage.text) if pattern else ():
            yield Violation.at(
                passage,
                f"“{match[0]}” does not say how many. Leave it out, or choose the band of the effect.",
                match[0],
                start=match.start(),
                remedies=_you_may(passage, match),
            )


def _effects_with_band(text: TextIndex) -> set[str]:
    """Return the names of effects whose band is chosen: what their texts say of it may be left out."""
    parts = (part for part in text.document.all_parts() if isinstance(part, Effects))
    return {" ".join(effect.name.split()) for part in parts for effect in part.items if effect.frequency}


def _left_out(passage: TextPassage, match: re.Match[str], with_band: set[str]) -> tuple[Remedy, ...]:
    """Return the remedy that leaves a number or a word of a band out, where the effect has its band.

    Only where the sentence stays one: in brackets, before a comma at its beginning, or before a name.
    """
    if not any(passage.place.endswith(f": {name}") for name in with_band):
        return ()
    before, after = passage.text[: match.start()], passage.text[match.end() :]
    if before.endswith(" (") and after.startswith(")"):
        return remedy_at(passage, (match.start() - 2, match.end() + 1), "")
    begins = passage.sentence_at(match.start()).startswith(match[0]) and (not before or before.endswith(" "))
    comma = re.match(r",?\s+(?=you\b)|,\s+(?=\w)", after)
    adjective = passage.kind is PassageKind.LABEL and not before and re.match(r"\s+(?=[a-z])", after)
    gap = comma or adjective
    if not (begins and gap):
        return ()
    end = match.end() + gap.end()
    return remedy_at(passage, (match.start(), end + 1), passage.text[end].upper())


_GET = re.compile(r"\s+(?=(?:get|have|feel|notice|develop|lose|gain|need)\b)")


def _you_may(passage: TextPassage, match: re.Match[str]) -> tuple[Remedy, ...]:
    """Return the remedy that writes “you may” for “some people”, before a verb that fits both."""
    if not match[0].lower().endswith(("people", "patients")) or not _GET.match(passage.text, match.end()):
        return ()
    return remedy_at(passage, match.span(), "you may")


RULES = (frequency_number, frequency_word, vague_frequency)
