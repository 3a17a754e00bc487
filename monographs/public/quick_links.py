"""The questions below a medicine's name, each with a link to where the page answers it.

A question is shown only if the signed text has a passage about it. The patterns are English; a text in
another language has only the links whose section it has.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from monographs.document.html import plain_text
from monographs.document.parts import (
    Advice,
    CommonPart,
    ConditionPart,
    DoDont,
    Effects,
    Part,
    Table,
    Text,
    Urgency,
)
from monographs.document.sections import SectionType
from monographs.public.condition_view import PlacedPart

_HEADING = re.compile(r"<h[34]>(.*?)</h[34]>", re.DOTALL)
_URGENCIES = tuple(Urgency)


@dataclass(frozen=True, slots=True)
class QuickLink:
    """A question, and the anchor of its answer."""

    label: str
    anchor: str


@dataclass(frozen=True, slots=True)
class _Topic:
    """A question: the words that a passage about it has, and the sections to look in first.

    ``section``: the section that is about nothing else. ``in_text``: how a sentence speaks of it, if not by
    the same words as a heading.
    """

    label: str | Promise
    words: re.Pattern[str]
    in_text: re.Pattern[str] | None = None
    section: SectionType | None = None
    first: tuple[SectionType, ...] = ()


@dataclass(frozen=True, slots=True)
class _Passage:
    """Text under one anchor; ``title`` is its heading or the name of an effect, or empty."""

    section: SectionType
    anchor: str
    title: str
    text: str
    urgency: Urgency | None = None


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_DOSE = "(?:doses?|tablets?|pills?|capsules?|infusions?|injections?|shots?)"
_TOPICS = (
    _Topic(_("Fever?"), _words(r"\bfevers?\b"), first=(SectionType.WHEN_TO_GET_HELP,)),
    _Topic(
        _("Missed dose?"),
        _words(
            rf"\b(?:miss(?:ed|ing)?|forg[eo]t\w*|late|skip(?:ped)?)\b.*\b{_DOSE}\b|\b{_DOSE}\b.*\bmissed\b"
        ),
        in_text=_words(rf"\b(?:miss(?:ed)?|forg[eo]t\w*)\b[^.?!]*\b{_DOSE}\b|\bmissed {_DOSE}\b"),
        first=(
            SectionType.IF_SOMETHING_GOES_WRONG,
            SectionType.HOW_IT_IS_ADMINISTERED,
            SectionType.COMMON_QUESTIONS,
        ),
    ),
    _Topic(
        _("Pump alarm?"),
        _words(r"\balarms?\b|\bpump (?:stops|stopped)\b|\b(?:empty bag|bag is empty)\b"),
        first=(SectionType.IF_SOMETHING_GOES_WRONG, SectionType.HOW_IT_IS_ADMINISTERED),
    ),
    _Topic(
        _("Pregnant?"),
        _words(r"\bpregnan(?:t|cy)\b"),
        section=SectionType.PREGNANCY_AND_BREASTFEEDING,
        first=(SectionType.WHO_SHOULD_NOT_TAKE_IT,),
    ),
    _Topic(
        _("Pain reliever?"),
        _words(
            r"\bpain ?(?:relievers?|killers?|medicines?|pills?)\b|\b(?:ibuprofen|naproxen|acetaminophen)\b"
        ),
        first=(SectionType.OTHER_MEDICINES, SectionType.LIVING_WITH_IT, SectionType.COMMON_QUESTIONS),
    ),
)


def quick_links(
    sections: Iterable[tuple[SectionType, str, tuple[PlacedPart, ...]]],
) -> tuple[QuickLink, ...]:
    """Return the questions that ``sections`` answer: type, anchor and parts of each as it is shown."""
    passages = [
        passage
        for section, anchor, parts in sections
        for each in parts
        for passage in _passages(section, anchor, each.part, each.ids)
    ]
    found = ((topic, _anchor(topic, passages)) for topic in _TOPICS)
    return tuple(QuickLink(str(topic.label), anchor) for topic, anchor in found if anchor)


def _anchor(topic: _Topic, passages: list[_Passage]) -> str:
    """Return the anchor of the best passage about a topic, or an empty string.

    Best is the section about it, then a heading or an effect that names it, then a passage of the sections
    to look in first, in their order; of equals the more urgent one, then the first.
    """
    in_text = topic.in_text or topic.words

    def rank(passage: _Passage) -> tuple[int, int, int] | None:
        urgency = _URGENCIES.index(passage.urgency) if passage.urgency else len(_URGENCIES)
        if passage.section is topic.section:
            return 0, 0, 0
        if passage.title and topic.words.search(passage.title):
            return 1, 0, urgency
        if not in_text.search(passage.text):
            return None
        if passage.section in topic.first:
            return 2, topic.first.index(passage.section), urgency
        return 3, 0, urgency

    ranked = [(place, n) for n, passage in enumerate(passages) if (place := rank(passage)) is not None]
    if not ranked:
        return ""
    place, best = min(ranked)
    section = topic.section
    return section.anchor if section and place == (0, 0, 0) else passages[best].anchor


def _passages(
    section: SectionType, anchor: str, part: Part | CommonPart, ids: tuple[str, ...]
) -> Iterator[_Passage]:
    """Yield the passages of a part under the anchors that lead to them."""
    match part:
        case Text(html=html):
            yield from _text_passages(section, anchor, html, ids)
        case Advice(html=html, urgency=urgency):
            yield _Passage(section, ids[0] if ids else anchor, "", plain_text(html), urgency)
        case Effects(items=items):
            for effect, effect_id in zip(items, ids or (anchor,) * len(items), strict=True):
                text = f"{effect.explanation} {effect.what_to_do}"
                yield _Passage(section, effect_id, effect.name, text, effect.urgency)
        case ConditionPart(parts=parts):
            for inner in parts:
                yield from _passages(section, anchor, inner, ())
        case _:
            yield from (_Passage(section, anchor, "", line) for line in _lines(part))


def _lines(part: Part | CommonPart) -> tuple[str, ...]:
    """Return the sentences of do and do not, or the rows of a table."""
    match part:
        case DoDont(do=do, dont=dont):
            return *do, *dont
        case Table(caption=caption, rows=rows):
            return caption, *(" ".join(map(plain_text, row)) for row in rows)
    return ()


def _text_passages(section: SectionType, anchor: str, html: str, ids: tuple[str, ...]) -> Iterator[_Passage]:
    before, *rest = _HEADING.split(html)
    if before:
        yield _Passage(section, anchor, "", plain_text(before))
    for number, (title, text) in enumerate(zip(rest[::2], rest[1::2], strict=True)):
        place = ids[number] if number < len(ids) else anchor
        yield _Passage(section, place, plain_text(title), plain_text(text))
