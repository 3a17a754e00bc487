"""The frequency of side effects is given by fixed bands only."""

import re
from collections.abc import Iterator

from monographs.rules.check_context import CheckContext
from monographs.rules.rule import Severity, Violation, house_rule
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
)
def frequency_number(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """No percentages or “1 in 5 people” in the text about side effects."""
    for passage in _about_effects(text):
        for match in _NUMBER.finditer(passage.text):
            yield Violation.at(
                passage,
                "Take the number out and choose the band of the effect instead.",
                match[0],
                start=match.start(),
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
)
def frequency_word(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """No “rarely” or “commonly” in the name or explanation of an effect."""
    for passage in _about_effects(text):
        if passage.effect:
            for match in _BAND.finditer(passage.text):
                yield Violation.at(
                    passage,
                    f"Choose how often from the list instead of writing “{match[0]}”.",
                    match[0],
                    start=match.start(),
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
            )


RULES = (frequency_number, frequency_word, vague_frequency)
