"""How grave a change of a label is, and why: each class comes with the words that made it so.

Nothing is guessed: a class follows from the section, from the words that changed (by the redline), and from
fixed lists. What is in no list is a change of substance.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum

from monographs.labels.interchangeable_words import reduced
from monographs.labels.section_codes import Guard, SectionCode, Use
from monographs.labels.text_keys import letters, plain, respaced, words
from monographs.redline.model import Form, LineContext, Run
from monographs.redline.tokens import tokens_of
from monographs.redline.vocabulary import Flag, Op
from monographs.redline.word_diff import compare_words


class ChangeClass(StrEnum):
    """How grave a change is, the gravest first."""

    GRAVE = "grave"
    SUBSTANCE = "substance"
    WORDING = "wording"
    EDITORIAL = "editorial"

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return list(ChangeClass).index(self)


def gravest(classes: Iterable[ChangeClass]) -> ChangeClass | None:
    """Return the gravest of ``classes``; None if there are none."""
    return min(classes, key=lambda each: each.rank, default=None)


@dataclass(frozen=True, slots=True)
class ClassReason:
    """A class, the reason for it in a few words, and the words of the label that made it so."""

    change_class: ChangeClass
    why: str
    words: tuple[str, ...] = ()


#: Words of death. New ones are grave wherever a monograph rests on the section.
_DEATHLY = re.compile(r"(?:fatal\w*|lethal\w*|deaths?|died|dies|lifethreatening|deadly)$")
_LIFE_THREATENING = re.compile(r"life\s*-?\s*threatening")
_AMOUNT = re.compile(
    r"\b\d[\d.,]*\s?(?:mg|mcg|ug|ng|g|kg|ml|l|units?|iu|meq|mmol|mci|mbq|cells|tablets?|capsules?|vials?|drops?|sprays?|puffs?|patch\w*)\b"
)
#: How often something occurs, in prose as in tables.
_RATE = re.compile(
    r"\d[\d.,]*\s?(?:%|percent\b|per cent\b)|\b\d[\d,]*\s(?:of|in|out of)\s(?:the\s)?\d[\d,]*\b"
)
_SCHEDULE = re.compile(
    r"\b(?:once|twice|daily|weekly|monthly|every \d+|times (?:a|per) (?:day|week)|"
    r"\d+ (?:day|week|month|hour)s?|cycles?|loading|maintenance)\b"
)
#: What is done with a dose.
_DOSE_ACTION = re.compile(
    r"\b(?:withh[eo]ld\w*|interrupt\w*|discontinu\w*|permanently|reduc\w*|resum\w*|decreas\w*|increas\w*|escalat\w*|"
    r"modif\w*|adjust\w*|titrat\w*|doubl\w*|premedicat\w*|maximum|stop\w*|contraindicated)\b"
)
_DOSE = re.compile(r"\bdos(?:e|es|age|ages|ing)\b(?!\W+(?:forms?|vials?|pre-?filled|syringes?|pens?)\b)")
#: Doses of animal studies are no doses of patients.
_ANIMAL = re.compile(r"\b(?:rats?|rabbits?|mice|monkeys?|dogs?|animals?)\b")
_NEGATIONS = frozenset("not no never cannot without unless neither nor none".split())
#: What else may change where a sentence is turned into its opposite.
_AUXILIARIES = _NEGATIONS | frozenset("do does is are be may can should must will with".split())
_STORAGE = re.compile(
    r"\b(?:stor(?:e|ed|age)|refrigerat\w*|room temperature|protect from light|discard\w*|freez\w*)\b|°"
)
#: What labels write under a table to explain its abbreviations.
_ABBREVIATIONS = re.compile(r"abbreviations?:", re.IGNORECASE)
_IMPRINT = re.compile(
    r"\b(?:manufactured (?:for|by)|distributed by|marketed by|mfd\W? by|made in|all rights reserved|"
    r"trademarks?|"
    r"license n\w*|revised|issued|suspected adverse reactions|printed in|patents?)\b|©|\bcopyright\b",
    re.IGNORECASE,
)


def reason_of(
    old: Sequence[str], new: Sequence[str], code: SectionCode, names: Set[str] = frozenset(), row: str = ""
) -> ClassReason | None:
    """Return the class of one change: texts of ``old`` became ``new``; either may be empty.

    ``names`` are those of the medicine itself, in small letters: one may stand for another. ``row`` is the
    other text of the table row that the change is in. None if the words are the same.
    """
    before, after = " ".join(old), " ".join(new)
    if letters(before) == letters(after):
        return None
    runs = _runs(before, after, names)
    changed = tuple(
        run.text.strip().replace(_ITSELF, SHOWN_NAME)
        for run in runs
        if run.op is not Op.SAME and run.text.strip()
    )
    if not changed:
        return ClassReason(
            ChangeClass.EDITORIAL, "numbering, cross-references, punctuation, capitals or contacts"
        )
    if _is_imprint(before, after):
        return ClassReason(ChangeClass.EDITORIAL, "imprint of the maker", changed)
    if all(not text or _ABBREVIATIONS.match(plain(text)) for text in (before, after)):
        return ClassReason(ChangeClass.WORDING, "list of abbreviations", changed)
    if old and new and _is_wording(runs):
        return ClassReason(ChangeClass.WORDING, "other words that say the same", changed)
    return _substance(_Changed(runs, before, after, row), code, changed)


#: Stands for each name of the medicine itself.
_ITSELF = "thismedicine"
#: What people read instead.
SHOWN_NAME = "[the medicine]"


def _runs(before: str, after: str, names: Set[str]) -> list[Run]:
    new_words = words(after)
    old_words = respaced(words(before), new_words)
    lines = (
        " ".join(_ITSELF if word in names else word for word in texts)
        for texts in (old_words, respaced(new_words, old_words))
    )
    old, new = (tokens_of(((line, Form()),) if line else ()) for line in lines)
    return compare_words(old, new, LineContext())


def _is_imprint(before: str, after: str) -> bool:
    return all(not text or _IMPRINT.search(plain(text)) for text in (before, after))


def _hunks(runs: Sequence[Run]) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the deleted and the inserted words of each place that changed."""
    deleted: list[str] = []
    inserted: list[str] = []
    for run in runs:
        if run.op is Op.SAME:
            if run.text.strip() and (deleted or inserted):
                yield deleted, inserted
                deleted, inserted = [], []
        else:
            (deleted if run.op is Op.DELETED else inserted).extend(run.text.split())
    if deleted or inserted:
        yield deleted, inserted


_CRITICAL = frozenset({Flag.NEGATION, Flag.FREQUENCY, Flag.URGENCY})


def _is_wording(runs: Sequence[Run]) -> bool:
    """Whether only words changed that say the same: forms of one word, synonyms, abbreviations."""
    if any(flag in _CRITICAL for run in runs for flag in run.flags):
        return False
    vocabulary = {word for run in runs for word in run.text.split()}
    gone: Counter[str] = Counter()
    come: Counter[str] = Counter()
    same = True
    for deleted, inserted in _hunks(runs):
        left, right = reduced(deleted, inserted, vocabulary)
        same = same and left == right
        gone.update(left)
        come.update(right)
    if same:
        return True
    # Words in another order say the same, unless numbers belong to them
    return gone == come and not any(char.isdigit() for run in runs for char in run.text)


@dataclass(frozen=True, slots=True)
class _Changed:
    runs: Sequence[Run]
    before: str
    after: str
    row: str

    @property
    def gone(self) -> str:
        return self._words(Op.DELETED)

    @property
    def come(self) -> str:
        return self._words(Op.INSERTED)

    @property
    def both(self) -> str:
        return f"{self.gone} {self.come}"

    @property
    def all(self) -> str:
        """Everything said at this place in either version, and in the rest of its row."""
        return " ".join([plain(self.before), plain(self.after), plain(self.row)]).lower()

    def _words(self, op: Op) -> str:
        return " ".join(run.text for run in self.runs if run.op is op)


def _substance(changed: _Changed, code: SectionCode, words_changed: tuple[str, ...]) -> ClassReason:
    if code.guard in (Guard.BOXED, Guard.CONTRAINDICATION):
        name = "boxed warning" if code.guard is Guard.BOXED else "contraindication"
        return ClassReason(ChangeClass.GRAVE, f"{name} {_what_happened(changed)}", words_changed)
    if code.use is Use.RESTS:
        if deathly := _new_deathly(changed):
            return ClassReason(ChangeClass.GRAVE, "a danger to life is new", deathly)
        if dose := _dose_words(changed, code):
            return ClassReason(ChangeClass.GRAVE, f"dose {_what_happened(changed)}", dose)
        if code.guard is Guard.DOSE and _is_opposite(changed):
            return ClassReason(ChangeClass.GRAVE, "a negation under dosage is changed", words_changed)
    what = _said_what(changed) if changed.before and changed.after else "what is said"
    return ClassReason(ChangeClass.SUBSTANCE, f"{what} {_what_happened(changed)}", words_changed)


def _flags(changed: _Changed) -> set[Flag]:
    return {flag for run in changed.runs if run.op is not Op.SAME for flag in run.flags}


def without_negations(text: str) -> tuple[str, ...]:
    """Return the words of a text without negations and auxiliary verbs: “do not crush it” is “crush it”."""
    return tuple(word for word in words(text) if word not in _AUXILIARIES)


def _is_opposite(changed: _Changed) -> bool:
    """Whether only negations and auxiliary verbs changed: “do not crush it” → “crush it”."""
    gone, come = Counter(changed.gone.lower().split()), Counter(changed.come.lower().split())
    differing = {*(gone - come), *(come - gone)}
    return bool(changed.before and changed.after and differing & _NEGATIONS and differing <= _AUXILIARIES)


def _said_what(changed: _Changed) -> str:
    """Name what a change of substance is about: a negation, a frequency in prose or cells, or a number."""
    flags = _flags(changed)
    if Flag.NEGATION in flags:
        return "a negation"
    rates = [
        [rate.replace(" ", "") for rate in _RATE.findall(plain(text).lower())]
        for text in (changed.before, changed.after)
    ]
    if Flag.FREQUENCY in flags or rates[0] != rates[1]:
        return "a percentage or frequency"
    return "a number" if _differ(changed, _NUMBER) else "what is said"


def _what_happened(changed: _Changed) -> str:
    if not changed.before:
        return "is new"
    return "is changed" if changed.after else "is gone"


def _deathly(text: str) -> Counter[str]:
    text = _LIFE_THREATENING.sub("lifethreatening", plain(text).lower())
    return Counter(word for word in re.findall(r"[a-z]+", text) if _DEATHLY.match(word))


def _new_deathly(changed: _Changed) -> tuple[str, ...]:
    """Words of death that the new text has and the old had not as often."""
    more = _deathly(changed.after) - _deathly(changed.before)
    return (
        tuple(sorted(more))
        if sum(_deathly(changed.after).values()) > sum(_deathly(changed.before).values())
        else ()
    )


def _dose_words(changed: _Changed, code: SectionCode) -> tuple[str, ...]:
    """The words that make a change one of a dose; none if it is not."""
    if _ANIMAL.search(changed.all):
        return ()
    if code.guard is Guard.DOSE:
        return _dose_words_under_dosage(changed)
    # Elsewhere only an amount that changed in a sentence on doses
    if changed.before and changed.after and _DOSE.search(changed.all) and _differ(changed, _AMOUNT):
        return _unique(_AMOUNT.findall(changed.both.lower()))
    return ()


def _differ(changed: _Changed, pattern: re.Pattern[str]) -> bool:
    """Whether what is found in the words that changed is not the same in the same order."""
    return pattern.findall(changed.gone.lower()) != pattern.findall(changed.come.lower())


_NUMBER = re.compile(r"(?<![^\W_])\d[\d.,]*")


def _dose_words_under_dosage(changed: _Changed) -> tuple[str, ...]:
    both = changed.both.lower()
    amounts = _AMOUNT.findall(both) if _differ(changed, _AMOUNT) else []
    if not amounts and _STORAGE.search(changed.all):
        return ()
    numbers = _NUMBER.findall(both) if _differ(changed, _NUMBER) else []
    schedule = _SCHEDULE.findall(both) if _differ(changed, _SCHEDULE) else []
    is_dosing = any(pattern.search(changed.all) for pattern in (_DOSE, _DOSE_ACTION, _AMOUNT))
    if is_dosing and (amounts or numbers or schedule):
        return _unique([*amounts, *schedule, *numbers])
    return _unique(_DOSE_ACTION.findall(changed.all))


def _unique(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.strip() for each in found if each.strip()))
