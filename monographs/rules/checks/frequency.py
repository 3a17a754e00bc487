"""The frequency of side effects is given by fixed bands only."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monographs.document.parts import Effect, Effects, Frequency
from monographs.rules.band_choice import BandChoice
from monographs.rules.check_context import CheckContext
from monographs.rules.frequency_bands import BAND_WORD, NUMBER, band_of_number, band_of_word
from monographs.rules.remedy import Remedy, remedy_at
from monographs.rules.rule import AnyRemedy, RemedyKind, Severity, Violation, house_rule
from monographs.rules.text_index import EFFECTS_ANCHOR, PassageKind, TextIndex, TextPassage

_SOURCE = (
    "European Commission, guideline on the summary of product characteristics (2009), section 4.8; Berry, "
    "Knapp and Raynor, Lancet 2002;359:853–4"
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
    said = _said_of_effects(text)
    for passage in _about_effects(text):
        for match in NUMBER.finditer(passage.text):
            what = "Take the number out and choose the band of the effect instead."
            yield _violation(passage, match, what, said.get(passage.index))


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
    said = _said_of_effects(text)
    for passage in _about_effects(text):
        for match in BAND_WORD.finditer(passage.text) if passage.effect else ():
            what = f"Choose how often from the list instead of writing “{match[0]}”."
            yield _violation(passage, match, what, said.get(passage.index))


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
        pattern = _VAGUE if passage.effect else BAND_WORD if passage.kind is PassageKind.PARAGRAPH else None
        for match in pattern.finditer(passage.text) if pattern else ():
            yield Violation.at(
                passage,
                f"“{match[0]}” does not say how many. Leave it out, or choose the band of the effect.",
                match[0],
                start=match.start(),
                remedies=_you_may(passage, match),
            )


@dataclass(frozen=True, slots=True)
class _SaidOfEffect:
    """A side effect, and the bands that its name and explanation speak of; None for what is not certain.

    ``bands`` are by passage and place in it.
    """

    effect: Effect
    bands: dict[tuple[int, int], Frequency | None]

    @property
    def certain(self) -> Frequency | None:
        """The one band that all words and numbers speak of; None if it is not certain."""
        found = set(self.bands.values())
        return found.pop() if len(found) == 1 else None


def _said_of_effects(text: TextIndex) -> dict[int, _SaidOfEffect]:
    """Return the statements on how often each effect is seen, by passage of its name and explanation."""
    passages = iter([p for p in text.passages if p.effect and not p.cell])
    found: dict[int, _SaidOfEffect] = {}
    for part in text.document.all_parts():
        for effect in part.items if isinstance(part, Effects) else ():
            own = [next(passages) for words in (effect.name, effect.explanation) if words.strip()]
            said = _SaidOfEffect(effect, {})
            for passage in own:
                found[passage.index] = said
                for match in NUMBER.finditer(passage.text):
                    said.bands[passage.index, match.start()] = band_of_number(passage, match, effect)
                for match in BAND_WORD.finditer(passage.text):
                    said.bands[passage.index, match.start()] = band_of_word(passage, match, effect)
    return found


def _violation(
    passage: TextPassage, match: re.Match[str], what: str, said: _SaidOfEffect | None
) -> Violation:
    message, remedies = _advised(passage, match, what, said) if said else (what, ())
    return Violation.at(passage, message, match[0], start=match.start(), remedies=remedies)


def _advised(
    passage: TextPassage, match: re.Match[str], what: str, said: _SaidOfEffect
) -> tuple[str, tuple[AnyRemedy, ...]]:
    """Return what to do about a number or a word for how often, and the remedies that are certain."""
    chosen, own = said.effect.frequency, said.bands[passage.index, match.start()]
    if chosen and own and own is not chosen:
        said_by_both = f"“{match[0]}” is “{own.label}”, and the band of the effect is “{chosen.label}”."
        return f"{said_by_both} Find out which is right, and say it by the band only.", ()
    if chosen:
        return what, _left_out(passage, match)
    if said.certain:
        return f"{what} It is “{said.certain.label}”.", (BandChoice.of(said.effect, said.certain),)
    known = [band for band in Frequency if band in said.bands.values()]
    if len(known) > 1:
        names = " and ".join(f"“{band.label}”" for band in known)
        return f"{what} The name and the explanation speak of {names}: find out which is right.", ()
    return what, ()


def _left_out(passage: TextPassage, match: re.Match[str]) -> tuple[Remedy, ...]:
    """Return the remedy that leaves a number or a word of a band out, where the effect has its band.

    Only where the sentence stays one: in brackets, before a comma at its beginning, or before a name.
    """
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
