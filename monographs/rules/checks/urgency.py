"""How soon to act: headings of boxes fit their words, and signs of danger have an urgency that fits them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from monographs.core.help_lines import emergency_numbers
from monographs.document import MonographDocument
from monographs.document.models import HomeDocument
from monographs.document.parts import Urgency
from monographs.presentation.urgency_words import urgency_label
from monographs.rules.check_context import CheckContext
from monographs.rules.remedy import remedy_at
from monographs.rules.rule import RemedyKind, Severity, Violation, house_rule
from monographs.rules.text_index import TextIndex, TextPassage

#: From the least to the most urgent.
_ORDER = (Urgency.NEXT_VISIT, Urgency.CALL_TODAY, Urgency.CALL_NOW, Urgency.CALL_911)
_ASK = (
    r"(?:call|dial|phone|ring|contact|tell|talk to|speak to|let\b[^.!?;]*\bknow|seek|go to|"
    r"get (?:\w+ )?(?:help|care))"
)
_AT_ONCE = (
    r"(?:right away|right now|at once|immediately|straight away|without delay|day (?:or|and) night|"
    r"at any (?:hour|time))\b"
)
_DIAL = r"\b(?:call|dial|phone|ring)\s+"
#: Words that say how soon to act, and the urgency that they mean. Emergency numbers: ``_calls_number``.
_ACTIONS: tuple[tuple[Urgency, re.Pattern[str]], ...] = tuple(
    (urgency, re.compile(pattern, re.IGNORECASE))
    for urgency, pattern in (
        (Urgency.CALL_911, rf"{_DIAL}(?:for )?an ambulance\b|\bget emergency help now\b"),
        (Urgency.CALL_NOW, rf"\b{_ASK}\b[^.!?;]*?\b{_AT_ONCE}"),
        (Urgency.CALL_NOW, r"\b(?:call|phone|ring|get (?:\w+ )?(?:help|care))\b[^.!?;]{0,25}\bnow\b"),
        (Urgency.CALL_NOW, r"\b(?:go to|visit)\b[^.!?;]*\bemergency (?:room|department)"),
        (Urgency.CALL_TODAY, rf"\b{_ASK}\b[^.!?;]*?\b(?:today|the same day|within 24 hours)\b"),
        (
            Urgency.NEXT_VISIT,
            rf"\b{_ASK}\b[^.!?;]*?(?<!before your )(?<!before the )\bnext (?:visit|appointment|check-?up)\b",
        ),
    )
)
#: A sentence about a sign that makes it more urgent than the heading says, not about the sign itself.
_CONDITION = re.compile(r"\b(?:if|when|unless|for)\b", re.IGNORECASE)
_WORSE = re.compile(
    r"\b(?:sooner|worse|worsens?|spreads?|also|as well|lasts?|more than|"
    r"(?:do|does) not (?:stop|go away|get better)|"
    r"cannot reach|(?:nobody|no one) answers)\b",
    re.IGNORECASE,
)
#: Words before or after a sign that show that the reader does not have it now.
_NOT_A_SIGN = re.compile(
    r"\b(?:(?:no|not|without)\s+(?:\w+\s+)?|(?:hides?|risk of|chance of|prevents?|history of|ever had|"
    r"lowers?|reduces?|treats?|treatments? (?:of|for)|medicines? (?:for|against)|stops?)\s+(?:\w+\s+){0,2})$",
    re.IGNORECASE,
)
_LOW_WHITE_CELLS = re.compile(
    r"\bneutropeni|\b(?:low(?:er|ers)?|fewer|too few|drop in)\b[^.!?;]{0,40}\b(?:white (?:blood )?cells?|"
    r"cells that fight (?:germs|infections?))|"
    r"\bwhite (?:blood )?cells? (?:counts? )?(?:may |can )?(?:drops?|falls?|low)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Danger:
    """Signs of danger, and the least urgency that fits them."""

    name: str
    least: Urgency
    pattern: re.Pattern[str]


def _danger(name: str, least: Urgency, pattern: str) -> _Danger:
    return _Danger(name, least, re.compile(rf"\b(?:{pattern})", re.IGNORECASE))


FEVER = _danger("fever", Urgency.CALL_TODAY, r"fevers?\b|feverish\b|temperature (?:of|above|over)\b")
_DANGERS = (
    _danger(
        "trouble breathing",
        Urgency.CALL_NOW,
        r"(?:trouble|difficulty|problems?)(?: \w+)? breathing|hard(?:er)? (?:for you )?to breathe|"
        r"(?:cannot|can’t|can't|unable to) breathe|short(?:ness)? of breath|breathless|gasp(?:ing)? for",
    ),
    _danger(
        "chest pain",
        Urgency.CALL_NOW,
        r"chest (?:pains?|pressure|tightness)|(?:pain|pressure|tightness) in (?:the|your) chest",
    ),
    _danger("a seizure", Urgency.CALL_NOW, r"seizures?\b|convulsions?\b"),
    _danger("confusion", Urgency.CALL_NOW, r"confus(?:ed|ion)\b"),
    _danger(
        "thoughts of self-harm",
        Urgency.CALL_NOW,
        r"suicid\w*|self-harm|(?:hurt|harm|kill)(?:ing)? (?:yourself|themselves)|end(?:ing)? your life",
    ),
    _danger(
        "bleeding",
        Urgency.CALL_TODAY,
        r"bleed(?:s|ing)?\b|blood in (?:the|your) \w+|(?:black|bloody) (?:stools?|urine)|"
        r"(?:vomit(?:ing)?|cough(?:ing)?)(?: up)? blood",
    ),
    FEVER,
)


def _boxes(text: TextIndex) -> Iterator[list[TextPassage]]:
    """Yield the passages of each box, or effect, that says how soon to act."""
    urgent = (passage for passage in text.passages if passage.box)
    return (list(passages) for _, passages in groupby(urgent, key=lambda passage: passage.box))


def _rank(urgency: Urgency) -> int:
    return _ORDER.index(urgency)


def _heading(urgency: Urgency) -> str:
    return f"“{urgency_label(urgency)}”"


@lru_cache(maxsize=8)
def _calls_number(numbers: tuple[str, ...]) -> re.Pattern[str]:
    """Words that say to call one of ``numbers``, however their digits are set apart: 911, 9-1-1."""
    spelled = "|".join("[ -]?".join(re.sub(r"\D", "", number)) for number in numbers)
    return re.compile(rf"{_DIAL}(?P<number>{spelled})\b", re.IGNORECASE)


def _action_in(sentence: str) -> tuple[Urgency, str] | None:
    """Return the most urgent action that a sentence asks for, and its words."""
    number = (Urgency.CALL_911, _calls_number(emergency_numbers()))
    for urgency, pattern in (number, *_ACTIONS):
        match = pattern.search(sentence)
        if match:
            return urgency, match[0]
    return None


def _escalates(sentence: str, asked: Urgency, heading: Urgency, *, main: bool) -> bool:
    """Whether a sentence is about what makes it more urgent: “Call 911 if the rash blisters”.

    ``main`` is whether it is what a box says first: then it is about the box's own signs. Between “today” and
    “now” only a sign that gets worse is another one: a fever that needs a call right away needs that heading.
    """
    if _WORSE.search(sentence):
        return True
    near = heading is Urgency.CALL_TODAY and asked is Urgency.CALL_NOW
    return bool(_CONDITION.search(sentence)) and not near and not main


@house_rule(
    "urgency-contradiction",
    title="The heading of a box and its words say the same",
    severity=Severity.ERROR,
    overrulable=True,
    why="A frightened reader acts on the heading. “Today” above “call right away” loses hours, and a heading "
    "that is more urgent than its words is not believed the next time.",
    source="NHS digital service manual: care cards; AHRQ PEMAT-P, item 20 (explicit steps)",
    bad="Call your care team today: For a fever, call right away.",
    good="Call now, day or night: For a fever of 100.4°F (38°C) or higher.",
)
def urgency_contradiction(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """No sentence of a box asks for something more, or less, urgent than its heading."""
    for passages in _boxes(text):
        box = passages[0].box
        if box is None:
            continue
        sentences = [
            (passage, start, passage.text[start:end]) for passage in passages for start, end in passage.spans
        ]
        asked = [(p, start, words, _action_in(words)) for p, start, words in sentences]
        fitting = any(action and _rank(action[0]) >= _rank(box.urgency) for *_, action in asked)
        for number, (passage, start, words, action) in enumerate(asked):
            if action is None:
                continue
            more = _rank(action[0]) > _rank(box.urgency)
            if more and _escalates(words, action[0], box.urgency, main=number == 0 and not box.effect):
                continue
            # “Get help at once” is not less than “Call 911 now”
            can_wait = _rank(action[0]) <= _rank(Urgency.CALL_TODAY)
            less = can_wait and _rank(action[0]) < _rank(box.urgency) and not fitting
            if more or less:
                yield Violation.at(
                    passage,
                    f"The heading says {_heading(box.urgency)}. Choose {_heading(action[0])} there, or write "
                    "here what fits it. A sign that is more urgent than the others has a box of its own.",
                    action[1],
                    start=start + words.index(action[1]),
                )


@house_rule(
    "urgency-too-mild",
    title="Signs of danger are urgent",
    severity=Severity.ERROR,
    overrulable=True,
    why="Who reads “at your next visit” above bleeding waits, and can die of it. A fever is an emergency "
    "while white cells are low, at night too.",
    source="NHS digital service manual: care cards; ASCO and IDSA guideline on fever with neutropenia (2018: "
    "first dose of antibiotics within an hour of triage)",
    bad="Tell your care team at your next visit: Fever, bleeding",
    good="Call now, day or night: Fever, bleeding",
)
def urgency_too_mild(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """No sign of danger is in a box whose urgency is too mild for it."""
    for_fever = _urgency_of_fever(text)
    for passages in _boxes(text):
        box = passages[0].box
        for danger in _DANGERS:
            least = for_fever if danger is FEVER else danger.least
            if box is None or least is None or _rank(box.urgency) >= _rank(least):
                continue
            found = [(p, match) for p in passages for match in _signs(p, danger)]
            # “Call 911 if you have trouble breathing”: the text itself says when it is urgent
            if any(_is_urgent(p.sentence_at(match.start()), least) for p, match in found):
                continue
            for passage, match in found[:1]:
                yield Violation.at(
                    passage,
                    f"{danger.name.capitalize()} needs {_heading(least)} at least, and here the heading says "
                    f"{_heading(box.urgency)}. Move it to a box that is more urgent.",
                    match[0],
                    start=match.start(),
                )


def _urgency_of_fever(text: TextIndex) -> Urgency | None:
    """The least urgency of a fever: day or night with a medicine that lowers white cells; None elsewhere."""
    if not isinstance(text.document, MonographDocument):
        return None
    lowers = any(_LOW_WHITE_CELLS.search(passage.text) for passage in text.passages)
    return Urgency.CALL_NOW if lowers else Urgency.CALL_TODAY


def _signs(passage: TextPassage, danger: _Danger) -> Iterator[re.Match[str]]:
    for match in danger.pattern.finditer(passage.text):
        if not _NOT_A_SIGN.search(passage.text[: match.start()]):
            yield match


def _is_urgent(sentence: str, least: Urgency) -> bool:
    """Whether the sentence with a sign asks for an action that is urgent enough for it, or to call sooner."""
    action = _action_in(sentence)
    return "sooner" in sentence or (action is not None and _rank(action[0]) >= _rank(least))


@house_rule(
    "emergency-number",
    title="The emergency number is that of the site’s country",
    severity=Severity.ERROR,
    overrulable=True,
    why="Who calls the number of another country in an emergency may reach nobody. Texts from elsewhere name "
    "theirs.",
    source="ITU-T E.161.1 (selecting an emergency number): which number reaches help depends on the country",
    bad="Call 000 if you cannot breathe.",
    good="Call the emergency number of your country if you cannot breathe.",
    remedy=RemedyKind.ONE_CLICK,
)
def emergency_number(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """No text says to call an emergency number that is not the site’s."""
    numbers = emergency_numbers()
    own = re.sub(r"\D", "", numbers[0])
    for passage in text.passages:
        for match in _calls_number(numbers).finditer(passage.text):
            if re.sub(r"\D", "", match["number"]) != own:
                yield Violation.at(
                    passage,
                    f"On this site the emergency number is {numbers[0]}. Write it here, or say why not.",
                    match[0],
                    start=match.start(),
                    remedies=remedy_at(passage, match.span("number"), numbers[0]),
                )


@house_rule(
    "if-nobody-answers",
    title="The home page says what to do if nobody answers a call",
    severity=Severity.ADVICE,
    why="A call at night may not be answered. Every box that says to call ends with the next step, which the "
    "home page holds for all pages.",
    source="NHS digital service manual: care cards (what to do if a service cannot be reached)",
    bad="(empty)",
    good="If nobody answers, go to an emergency room.",
)
def if_nobody_answers(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """The home page has the sentence that ends every box that says to call."""
    document = text.document
    if isinstance(document, HomeDocument) and not document.if_nobody_answers:
        yield Violation(
            "if_nobody_answers",
            "If nobody answers",
            "Say what to do when a call is not answered, e.g. “If nobody answers, go to an emergency room.”",
        )


RULES = (urgency_contradiction, urgency_too_mild, emergency_number, if_nobody_answers)
