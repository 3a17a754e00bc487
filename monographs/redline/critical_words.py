"""Words, numbers and signs whose change needs a full review, and the terms into which a line is split.

A *term* is a number, a word or a sign. Two lines say the same about doses, times, warnings and people if
their critical terms are equal and in the same order, whatever other words they use. English only.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class CriticalKind(StrEnum):
    """What a critical term says; the value completes “… changed”."""

    NUMBER = "a number"
    UNIT = "a unit or a time"
    NEGATION = "a “not” or a condition"
    FREQUENCY = "how often something happens"
    URGENCY = "how soon to act"
    DUTY = "what a reader must, should or may do"
    COMPARISON = "more or less, before or after"
    HARM = "how harmful something is"
    PEOPLE = "for whom something is said"
    USE = "how the medicine is taken"
    NAME = "the name of a medicine, an illness or a test"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NUMBERS = _words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds "
    "thousand thousands million millions dozen once twice thrice double doubled triple tripled single half "
    "halves halved third thirds quarter quarters pair couple both first second fourth fifth sixth seventh "
    "eighth ninth tenth twelfth last final another additional extra"
)
_UNITS = _words(
    "milligram milligrams microgram micrograms gram grams kilogram kilograms nanogram nanograms milliliter "
    "milliliters millilitre millilitres liter liters litre litres deciliter unit units iu percent "
    "percentage degree degrees celsius fahrenheit pound pounds ounce ounces meter meters metre metres kcal "
    "mmhg bpm second seconds minute minutes hour hours day days week weeks month months year years hourly "
    "daily nightly weekly monthly yearly morning mornings noon afternoon evening evenings night nights "
    "midnight bedtime weekday weekend time times cycle cycles tablet tablets pill pills capsule capsules "
    "dose doses dosage drop drops puff puffs spray sprays patch patches teaspoon teaspoons tablespoon "
    "tablespoons bid tid qid qd qod prn bd tds spoonful cup cups glass glasses vial vials pen pens syringe "
    "syringes sachet sachets ampoule bottle"
)
#: Abbreviated units; those of one letter count only after a number or a stroke.
_SHORT_UNITS = _words(
    "mg mcg µg μg ug ng pg kg lb lbs oz ml dl µl μl cm mm m² m2 mm² mmol µmol μmol mol meq mosm gy mgy mbq "
    "min mins hr hrs sec secs wk wks yr yrs g l m s h d c f u k w y"
)
_NEGATIONS = _words(
    "not no non none never neither nor nobody nothing nowhere without cannot except excepting excluding "
    "exclude unless only avoid avoids avoided avoiding avoidance stop stops stopped stopping stay refuse "
    "instead rather if whether until till hardly barely scarcely skip skips skipped miss missed omit "
    "omitted quit refrain against forbid forbidden prevent prevents lack lacks fail fails failed free else "
    "otherwise prohibited banned withhold ignore"
)
_FREQUENCIES = _words(
    "common commonly uncommon uncommonly rare rarely often sometimes usually seldom frequently frequent "
    "infrequent infrequently always occasional occasionally most mostly some few fewer many several all "
    "every everyone everybody everything each majority minority likely unlikely possible possibly probably "
    "known unknown regularly generally alternate"
)
_URGENCIES = _words(
    "today tonight tomorrow now immediately immediate emergency emergencies urgent urgently soon sooner "
    "soonest once straight away later delay delays wait waiting ambulance hospital quickly promptly "
    "instantly call calls calling phone visit visits appointment ask hurry"
)
_DUTIES = _words("must should shall may can might could ought required require requires allowed needn have")
_COMPARISONS = _words(
    "more less least most higher high lower low highest lowest increase increases increased increasing "
    "decrease decreases decreased decreasing raise raises raised reduce reduces reduced rise rises fall "
    "falls drop lowers greater smaller larger bigger longer shorter faster slower stronger weaker better "
    "worse before after during maximum minimum max least until exceed up down gain gains lose loses loss"
)
#: Words that are critical directly before a number.
_BEFORE_NUMBERS = _words("above below over under within from to by about around almost nearly every")
_HARMS = _words(
    "safe safely safety unsafe harm harms harmful harmless danger dangerous mild moderate severe severely "
    "serious seriously fatal deadly death deaths die dies dying lethal life threatening permanent "
    "permanently temporary toxic poisonous allergic allergy allergies overdose risk risks"
)
_PEOPLE = _words(
    "adult adults child children baby babies infant infants newborn newborns teenager teenagers adolescent "
    "adolescents elderly older younger man men woman women male males female females mother father parent "
    "pregnant pregnancy breastfeed breastfeeding breastfed nursing breast aged age ages kidney kidneys "
    "liver"
)
_USES = _words(
    "oral orally mouth tongue vein veins intravenous intravenously iv skin muscle injection injections "
    "inject injected infusion infusions infused inhale inhaled inhaler nose nasal rectal vaginal eye eyes "
    "ear ears swallow swallowed chew chewed chewing crush crushed crushing dissolve dissolved split broken "
    "give gives given hold holds held start starts started begin begins continue continues continued "
    "resume resumes resumed restart restarts pause pauses paused interrupt interrupts interrupted "
    "whole food meal meals empty fasting alcohol grapefruit milk left right"
)
_ILLNESSES_AND_TESTS = _words(
    "cancer cancers tumor tumors tumour tumours diabetes stroke hiv hepatitis insulin inulin"
)
#: Ends of words: illnesses, and the stems of the WHO's international nonproprietary names.
_NAME_ENDS = re.compile(
    r".{3,}(?:oma|omas|emia|emias|aemia|itis|osis|mab|nib|clax|zomib|domide|platin|taxel|rubicin|bicin|limus|"
    r"pril|sartan|statin|azole|cillin|mycin|floxacin|cycline|vir|olol|parin|xaban|gliptin|gliflozin|glutide|"
    r"sone|solone|cept|stim|dronate|setron|triptan|oxetine|azepam|azolam|barbital|caine|dipine|thiazide)$"
)
#: Prefixes that turn a word into its opposite.
_OPPOSITES = re.compile(r"^(hyper|hypo|tachy|brady)(?=.{3})")

#: In this order a word has its first kind.
_KINDS: tuple[tuple[CriticalKind, frozenset[str]], ...] = (
    (CriticalKind.URGENCY, _URGENCIES - {"once"}),
    (CriticalKind.NUMBER, _NUMBERS),
    (CriticalKind.UNIT, _UNITS),
    (CriticalKind.NEGATION, _NEGATIONS),
    (CriticalKind.FREQUENCY, _FREQUENCIES),
    (CriticalKind.DUTY, _DUTIES - {"have"}),
    (CriticalKind.COMPARISON, _COMPARISONS),
    (CriticalKind.HARM, _HARMS),
    (CriticalKind.PEOPLE, _PEOPLE),
    (CriticalKind.USE, _USES),
    (CriticalKind.NAME, _ILLNESSES_AND_TESTS),
)
CRITICAL_WORDS: Mapping[str, CriticalKind] = {
    word: kind for kind, words in reversed(_KINDS) for word in words
}
#: Words of equal meaning, which may replace each other.
_SYNONYMS = {
    **dict.fromkeys(("can", "might", "could"), "may"),
    **dict.fromkeys(("each",), "every"),
    **dict.fromkeys(("phone", "calling"), "call"),
    **dict.fromkeys(("everybody",), "everyone"),
    **dict.fromkeys(("till",), "until"),
    **dict.fromkeys(("cannot",), "not"),
    "tumour": "tumor",
    "tumours": "tumors",
    **dict.fromkeys(("around", "almost", "nearly"), "about"),
    "litre": "liter",
    "litres": "liters",
}
#: Kinds in which a misspelt word must not be taken for the word it resembles: “now” is near “not”.
EXACT_KINDS = frozenset({CriticalKind.NUMBER, CriticalKind.NEGATION, CriticalKind.DUTY})

#: Signs that are critical beside a number or a unit, and always; the last two mark raised and lowered words.
_SIGNS = frozenset("<>~=+×÷/·⋅*≤≥≈±%‰°^_")
_ALWAYS_CRITICAL_SIGNS = frozenset("≤≥≈±%‰°^_")
#: Hyphen, en and em dash, minus sign, no-break hyphen, figure dash.
_DASHES = frozenset("-–—\u2212\u2011\u2012")
_CONTRACTED_NOT = re.compile(r"n[’']t$")
_ROMAN = re.compile(r"^(?:[VX]|[IVX]{2,4})$")
_SHORTEST_ACRONYM = 2
_GAP = r"[\s\u00a0\u2009\u202f]"
_TERM = re.compile(
    rf"(?P<number>(?<!\w)(?:(?<!\d)[.,])?\d+(?:(?:[.,’']|{_GAP})?\d)*)"
    r"|(?P<abbreviation>(?<!\w)(?:[A-Za-z]\.){2,})"  # b.i.d., a.m.
    r"|(?P<word>[^\W\d_]+(?:[’'][^\W\d_]+)*)"
    r"|\S"
)
_GAPS = re.compile(_GAP)


@dataclass(frozen=True, slots=True)
class Term:
    """A number, a word or a sign. ``kind`` is None and ``meaning`` empty if it is not critical."""

    text: str
    kind: CriticalKind | None = None
    meaning: str = ""

    @property
    def is_word(self) -> bool:
        """Whether it consists of letters."""
        return self.text[:1].isalpha()


def terms_of(text: str, names: frozenset[str] = frozenset()) -> tuple[Term, ...]:
    """Return the terms of a line. ``names`` are critical words of this document, in small letters."""
    found = [match[0] for match in _TERM.finditer(text)]
    return tuple(_terms(found, names))


def _terms(found: Sequence[str], names: frozenset[str]) -> Iterator[Term]:
    for at, text in enumerate(found):
        before, after = found[at - 1] if at else "", found[at + 1] if at + 1 < len(found) else ""
        yield _term(text, before, after, names)


def _term(text: str, before: str, after: str, names: frozenset[str]) -> Term:
    if _is_numeric(text):
        return Term(text, CriticalKind.NUMBER, _GAPS.sub(" ", text))
    if text in _SIGNS:
        is_critical = text in _ALWAYS_CRITICAL_SIGNS or _measures(before) or _measures(after)
        return Term(text, CriticalKind.UNIT, text) if is_critical else Term(text)
    if text in _DASHES:
        between = _is_numeric(before) or _is_numeric(after)
        return Term(text, CriticalKind.NUMBER, "-") if between else Term(text)
    if not text[0].isalpha():
        return Term(text)
    if "." in text:
        return Term(text, CriticalKind.UNIT, text.lower())
    return _word(text, before, after, names)


def _word(text: str, before: str, after: str, names: frozenset[str]) -> Term:
    lower = text.lower().replace("’", "'")
    if lower in _SHORT_UNITS and (len(lower) > 1 or _is_numeric(before) or before in ("/", "°")):
        return Term(text, CriticalKind.UNIT, {"ml": "mL", "l": "L"}.get(lower, text))
    if _CONTRACTED_NOT.search(lower):
        return Term(text, CriticalKind.NEGATION, "not")
    if _depends_on_next(lower, before, after):
        return Term(text, CriticalKind.NUMBER, _SYNONYMS.get(lower, lower))
    if kind := CRITICAL_WORDS.get(lower):
        return Term(text, kind, _SYNONYMS.get(lower, lower))
    return _name(text, lower, names)


def _depends_on_next(lower: str, before: str, after: str) -> bool:
    """Whether a word is critical at this place: “5 to 10”, “below 10”, “very rare”, “every other”."""
    if _is_number(after) and (_is_number(before) or lower in _BEFORE_NUMBERS):
        return True
    if lower == "very" and CRITICAL_WORDS.get(after.lower()) is CriticalKind.FREQUENCY:
        return True
    return (lower == "other" and before.lower() in ("every", "each")) or (
        lower in ("am", "pm") and _is_numeric(before)
    )


def _is_number(text: str) -> bool:
    return _is_numeric(text) or text.lower() in _NUMBERS


def _name(text: str, lower: str, names: frozenset[str]) -> Term:
    """A term that is critical if it is a name or an abbreviation."""
    if opposite := _OPPOSITES.match(lower):
        return Term(text, CriticalKind.NAME, opposite[1])
    if _ROMAN.match(text):
        return Term(text, CriticalKind.NUMBER, text)
    if lower in names or _NAME_ENDS.match(lower):
        return Term(text, CriticalKind.NAME, lower)
    is_acronym = len(text) >= _SHORTEST_ACRONYM and text.isupper()
    return Term(text, CriticalKind.NAME, text) if is_acronym else Term(text)


def _measures(text: str) -> bool:
    return _is_numeric(text) or text.lower() in _SHORT_UNITS


def _is_numeric(text: str) -> bool:
    return any(letter.isnumeric() for letter in text)
