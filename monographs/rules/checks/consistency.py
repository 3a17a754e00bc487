"""Rules on consistency: statements of one page that must agree with each other."""

import re
from collections.abc import Iterator

from monographs.core.help_lines import poison_line
from monographs.document import MonographDocument
from monographs.document.parts import Effects
from monographs.models import Route
from monographs.rules.check_context import CheckContext
from monographs.rules.page_facts import FEVERISH, PHONE_NUMBER, last_digits
from monographs.rules.remedy import remedy_at
from monographs.rules.rule import OtherPlace, RemedyKind, Severity, Violation, house_rule
from monographs.rules.temperatures import body_temperatures, same, unit_pairs
from monographs.rules.text_index import TextIndex, TextPassage

_SOURCE = "NHS standard for creating health content; EU QRD template for leaflets (one value for one fact)"


@house_rule(
    "temperature-units",
    title="A temperature is the same in both units",
    severity=Severity.ADVICE,
    why="A reader with a thermometer in the one unit calls earlier or later than one with the other.",
    source="NIST Special Publication 811, appendix B: °F = °C × 1.8 + 32",
    bad="A fever of 101.4°F (38°C)",
    good="A fever of 100.4°F (38°C)",
)
def temperature_units(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """Degrees Fahrenheit and Celsius beside each other are one temperature."""
    for passage in text.passages:
        for pair in unit_pairs(passage.text):
            if not pair.agrees:
                message = f"“{pair.words}” is not one temperature. Look up which of the two is meant."
                yield Violation.at(passage, message, pair.words, start=pair.start)


@house_rule(
    "fever-temperature",
    title="One temperature from which to call",
    severity=Severity.ADVICE,
    why="Who has read 101°F in one place waits where another says to call at 100.4°F.",
    source="ASCO and IDSA guideline on fever with neutropenia (2018); " + _SOURCE,
    bad="Call for a fever of 100.4°F, and elsewhere for one of 101.4°F",
    good="The same temperature in both places",
)
def fever_temperature(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """All sentences on fever name the same temperatures as the first one."""
    first: tuple[TextPassage, dict[float, re.Match[str]]] | None = None
    for passage in text.with_sentences:
        found = body_temperatures(passage.text) if FEVERISH.search(passage.text) else {}
        if not found or not all(pair.agrees for pair in unit_pairs(passage.text)):
            continue
        if first is None:
            first = (passage, found)
            continue
        before, known = first
        if not any(same(value, each) for value in found for each in known):
            match = next(iter(found.values()))
            words = next(iter(known.values()))[0]
            there = before.sentence_at(before.text.find(words))
            yield Violation.at(
                passage,
                f"Here it is {match[0]}, and {words} in “{before.full_place}”.",
                match[0],
                start=match.start(),
                others=(OtherPlace(before.anchor, before.full_place, there),),
            )


_COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8}
_AMOUNT = rf"\d+|{'|'.join(_COUNTS)}"
#: Each alternative has its own two groups: an amount, and its unit.
_CYCLE = re.compile(
    rf"\b({_AMOUNT})[- ](day|week)\s+(?:treatment\s+)?cycles?\b"
    rf"|\bcycles?\s+(?:is|are|lasts?|takes?|of|repeats?\s+every)\s+(?:about\s+)?({_AMOUNT})\s+(day|week)s?\b"
    rf"|\bcycles?\s+\(({_AMOUNT})\s+(day|week)s?\)",
    re.IGNORECASE,
)
#: Words with which a length belongs to some cycles only.
_SOME_CYCLES = re.compile(
    r"\b(?:first|second|third|later|next|last|from cycle|cycles? \d|maintenance|consolidation|induction|"
    r"continued|children|adults|alone|together|combin\w+|with [a-z]+(?:mab|mide|mib|sone|clax|tine)|or)\b",
    re.IGNORECASE,
)


@house_rule(
    "cycle-length",
    title="A cycle has one length",
    severity=Severity.ADVICE,
    why="Readers count the days to the next treatment, and come too early or too late.",
    source=_SOURCE,
    bad="A cycle is 28 days, and elsewhere “each 21-day cycle”",
    good="The same number of days in both places",
)
def cycle_length(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """All sentences on the cycle of one condition name one length."""
    first: dict[str, tuple[int, TextPassage, str]] = {}
    for passage in text.with_sentences:
        condition = passage.place.partition(": ")[2]
        for match in _CYCLE.finditer(passage.text):
            sentence = passage.sentence_at(match.start())
            if _SOME_CYCLES.search(sentence):
                continue
            count, unit = filter(None, match.groups())
            days = (_COUNTS.get(count.lower()) or int(count)) * (7 if unit.lower() == "week" else 1)
            known, before, words = first.setdefault(condition, (days, passage, sentence))
            if known != days:
                yield Violation.at(
                    passage,
                    f"Here a cycle has {days} days, and {known} in “{before.full_place}”.",
                    match[0],
                    start=match.start(),
                    others=(OtherPlace(before.anchor, before.full_place, words),),
                )


def _named_effects(text: TextIndex) -> Iterator[tuple[str, str, str, str, TextPassage]]:
    """Yield name for comparison, group, band, label of the band and passage of each effect's name."""
    bands: dict[str, list[tuple[str, str, str]]] = {}
    for part in text.document.all_parts():
        if isinstance(part, Effects):
            for effect in part.items:
                name = " ".join(effect.name.split())
                bands.setdefault(name, []).append(
                    (part.group, effect.frequency or "", effect.frequency_label.partition(":")[0])
                )
    for passage in text.passages:
        if passage.effect and passage.place.endswith(f": {passage.text}") and bands.get(passage.text):
            group, band, label = bands[passage.text].pop(0)
            yield re.sub(r"s$", "", passage.text.casefold()), group, band, label, passage


@house_rule(
    "effect-twice",
    title="Each side effect once",
    severity=Severity.ADVICE,
    why="A reader who finds one of the two misses what the other one says to do.",
    source=_SOURCE,
    bad="“Headache” and, further down, “Headaches”",
    good="One entry with all that there is to say",
)
def effect_twice(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """No group of effects has an effect twice."""
    seen: dict[tuple[str, str], TextPassage] = {}
    for name, group, _band, _label, passage in _named_effects(text):
        before = seen.setdefault((group, name), passage)
        if before is not passage:
            yield Violation.at(
                passage,
                f"“{passage.text}” is in this list twice. Make one entry of them.",
                passage.text,
                start=0,
                others=(OtherPlace(before.anchor, before.full_place, before.text),),
            )


@house_rule(
    "effect-bands",
    title="One frequency for one side effect",
    severity=Severity.ADVICE,
    why="Two bands for one effect cannot both be right, and readers believe the one that they see first.",
    source="European Commission, guideline on the summary of product characteristics (2009), section 4.8",
    bad="Fever, “Common”, and among the serious effects Fever, “Rare”",
    good="One band; or another name, as “High fever”, where another effect is meant",
)
def effect_bands(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """An effect of one name has one band."""
    seen: dict[str, tuple[str, str, TextPassage]] = {}
    for name, _group, band, label, passage in _named_effects(text):
        if not band:
            continue
        known, known_label, before = seen.setdefault(name, (band, label, passage))
        if known != band:
            yield Violation.at(
                passage,
                f"Here it is “{label.lower()}”, and “{known_label.lower()}” in “{before.full_place}”.",
                passage.text,
                start=0,
                others=(OtherPlace(before.anchor, before.full_place, before.text),),
            )


_ROUTE_WORDS: tuple[tuple[re.Pattern[str], frozenset[Route]], ...] = (
    (
        re.compile(
            r"\b(?:is|comes as)\s+(?:an?\s+)?(?:tablets?|capsules?|pills?|liquid to swallow)\b", re.IGNORECASE
        ),
        frozenset({Route.ORAL}),
    ),
    (
        re.compile(
            r"\b(?:given|get it|goes)\s+(?:in|into|through|as an? (?:drip|infusion) into)\s+a vein\b",
            re.IGNORECASE,
        ),
        frozenset({Route.INTRAVENOUS_INFUSION, Route.INTRAVENOUS_INJECTION}),
    ),
    (
        re.compile(
            r"\b(?:given|get it|injected)\s+(?:as (?:a shot|an injection) )?under the skin\b", re.IGNORECASE
        ),
        frozenset({Route.SUBCUTANEOUS_INJECTION}),
    ),
)


@house_rule(
    "route-words",
    title="The text gives the medicine as its routes say",
    severity=Severity.ADVICE,
    why="Who reads “tablet” about a drip looks for another medicine, or takes another one.",
    source=_SOURCE,
    bad="“It is a tablet”, where “How it is given” has an infusion only",
    good="The same route in both places",
)
def route_words(text: TextIndex, context: CheckContext) -> Iterator[Violation]:
    """No sentence on the medicine itself names a route that was not chosen."""
    document = text.document
    if not isinstance(document, MonographDocument) or not document.routes:
        return
    chosen = {route for route in Route if route.label in document.routes}
    own = {name.lower() for name in (document.title, *document.brand_names)}
    others = context.site.lowered - own
    for passage in text.with_sentences:
        for pattern, meant in _ROUTE_WORDS:
            for match in pattern.finditer(passage.text):
                sentence = passage.sentence_at(match.start()).lower()
                about_it = re.match(r"it\b|this medicine\b", sentence) or any(
                    name in sentence for name in own
                )
                if about_it and not meant & chosen and not any(name in sentence for name in others):
                    routes = ", ".join(document.routes)
                    yield Violation.at(
                        passage,
                        f"“How it is given” has {routes}. Say the same here, or choose it there.",
                        match[0],
                        start=match.start(),
                        others=(OtherPlace("routes", "How it is given", routes),),
                    )


_POISON = re.compile(r"\bpoison", re.IGNORECASE)


@house_rule(
    "poison-number",
    title="The number for poisoning is that of the site",
    severity=Severity.ERROR,
    overrulable=True,
    why="Who has taken too much calls the number that they read. One that is out of date, or another "
    "country’s, costs the time that matters.",
    source="Poison Help (HRSA, poisonhelp.hrsa.gov); the site’s own number is a setting of the operator",
    bad="Call Poison Help at 1-800-222-1221.",
    good="Call Poison Help at 1-800-222-1222.",
    remedy=RemedyKind.ONE_CLICK,
)
def poison_number(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """A telephone number in a sentence on poisoning is the site's."""
    number = poison_line().number
    own = last_digits(number)
    for passage in text.passages:
        for match in PHONE_NUMBER.finditer(passage.text):
            if _POISON.search(passage.sentence_at(match.start())) and last_digits(match[0]) != own:
                yield Violation.at(
                    passage,
                    f"On this site the number for poisoning is {number}. Write it here, or say why not.",
                    match[0],
                    start=match.start(),
                    remedies=remedy_at(passage, match.span(), number),
                )


RULES = (
    temperature_units,
    fever_temperature,
    cycle_length,
    effect_twice,
    effect_bands,
    route_words,
    poison_number,
)
