"""The questions below a medicine's name, each with a link to where the page answers it.

A question is shown only if the signed text has a passage about it. The words that it is found by are
translated with the interface.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
from monographs.public.part_ids import ids_of_inner_parts
from monographs.public.search.phrases import phrase_pattern, plain_words

_HEADING = re.compile(r"<h[34]>(.*?)</h[34]>", re.DOTALL)
_SENTENCE = re.compile(r"[.!?]")
_URGENCIES = tuple(Urgency)


@dataclass(frozen=True, slots=True)
class QuickLink:
    """A question, and the anchor of its answer."""

    label: str
    anchor: str


@dataclass(frozen=True, slots=True)
class _Topic:
    """A question: the words that a passage about it has, and the sections to look in first.

    ``words``: phrases with semicolons between them (``search/phrases.py``), translated as the label is; in a
    language without a translation they find nothing. ``in_text``: how a sentence speaks of it, if not by the
    same words as a heading. ``section``: the section that is about nothing else.
    """

    label: str | Promise
    words: str | Promise
    in_text: str | Promise = ""
    section: SectionType | None = None
    first: tuple[SectionType, ...] = ()


@dataclass(frozen=True, slots=True)
class _Passage:
    """Sentences under one anchor; ``title`` are those of its heading or the name of an effect."""

    section: SectionType
    anchor: str
    title: str
    text: str
    urgency: Urgency | None = None

    @classmethod
    def of(
        cls, section: SectionType, anchor: str, title: str, text: str, urgency: Urgency | None = None
    ) -> "_Passage":
        """Return the passage with the words of its sentences, as phrases are looked for in them."""
        return cls(section, anchor, _sentences(title), _sentences(text), urgency)


_TOPICS = (
    _Topic(
        _("Fever?"),
        pgettext_lazy("words of a passage about fever", "fever|fevers"),
        first=(SectionType.WHEN_TO_GET_HELP,),
    ),
    _Topic(
        _("Missed dose?"),
        pgettext_lazy(
            "words of a heading about a missed dose",
            "miss|missed|missing|forget*|forgot*|late|skip|skipped ... dose|doses|tablet*|pill*|capsule*|"
            "infusion*|injection*|shot*; "
            "dose|doses|tablet*|pill*|capsule*|infusion*|injection*|shot* ... missed",
        ),
        in_text=pgettext_lazy(
            "words of a sentence about a missed dose",
            "miss|missed|forget*|forgot* ... dose|doses|tablet*|pill*|capsule*|infusion*|injection*|shot*",
        ),
        first=(
            SectionType.IF_SOMETHING_GOES_WRONG,
            SectionType.HOW_IT_IS_ADMINISTERED,
            SectionType.COMMON_QUESTIONS,
        ),
    ),
    _Topic(
        _("Pump alarm?"),
        pgettext_lazy(
            "words of a passage about a pump", "alarm|alarms; pump stops|stopped; empty bag; bag is empty"
        ),
        first=(SectionType.IF_SOMETHING_GOES_WRONG, SectionType.HOW_IT_IS_ADMINISTERED),
    ),
    _Topic(
        _("Pregnant?"),
        pgettext_lazy("words of a passage about pregnancy", "pregnant|pregnancy"),
        section=SectionType.PREGNANCY_AND_BREASTFEEDING,
        first=(SectionType.WHO_SHOULD_NOT_TAKE_IT,),
    ),
    _Topic(
        _("Pain reliever?"),
        pgettext_lazy(
            "words of a passage about medicines for pain",
            "pain reliever|relievers|killer|killers|medicine|medicines|pill|pills; painkiller*; "
            "painreliever*; ibuprofen|naproxen|acetaminophen",
        ),
        first=(SectionType.OTHER_MEDICINES, SectionType.LIVING_WITH_IT, SectionType.COMMON_QUESTIONS),
    ),
)


def _sentences(text: str) -> str:
    """Return the words of ``text`` with a stop between its sentences, across which no phrase is found."""
    return ". ".join(plain_words(sentence) for sentence in _SENTENCE.split(text) if sentence)


@lru_cache(maxsize=64)
def _pattern(phrases: str) -> re.Pattern[str]:
    return phrase_pattern(phrase.strip() for phrase in phrases.split(";") if phrase.strip())


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
    section = topic.section
    if section and any(passage.section is section for passage in passages):
        return section.anchor
    in_title = _pattern(str(topic.words))
    found = [passage for passage in passages if passage.title and in_title.search(passage.title)]
    if found:
        return min(found, key=_urgency).anchor
    in_text = _pattern(str(topic.in_text or topic.words))
    found = [passage for passage in passages if in_text.search(passage.text)]
    best = min(found, key=lambda passage: (_place(topic, passage), _urgency(passage)), default=None)
    return best.anchor if best else ""


def _urgency(passage: _Passage) -> int:
    return _URGENCIES.index(passage.urgency) if passage.urgency else len(_URGENCIES)


def _place(topic: _Topic, passage: _Passage) -> int:
    """The place of a passage's section among those to look in first."""
    return topic.first.index(passage.section) if passage.section in topic.first else len(topic.first)


def _passages(
    section: SectionType, anchor: str, part: Part | CommonPart, ids: tuple[str, ...]
) -> Iterator[_Passage]:
    """Yield the passages of a part under the anchors that lead to them."""
    match part:
        case Text(html=html):
            yield from _text_passages(section, anchor, html, ids)
        case Advice(html=html, urgency=urgency):
            yield _Passage.of(section, ids[0] if ids else anchor, "", plain_text(html), urgency)
        case Effects(items=items):
            for effect, effect_id in zip(items, ids or (anchor,) * len(items), strict=True):
                text = f"{effect.explanation} {effect.what_to_do}"
                yield _Passage.of(section, effect_id, effect.name, text, effect.urgency)
        case ConditionPart():
            anchor = ids[0] if ids else anchor
            for inner, inner_ids in ids_of_inner_parts(part, ids):
                yield from _passages(section, anchor, inner, inner_ids)
        case _:
            yield from (_Passage.of(section, anchor, "", line) for line in _lines(part))


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
        yield _Passage.of(section, anchor, "", plain_text(before))
    for number, (title, text) in enumerate(zip(rest[::2], rest[1::2], strict=True)):
        place = ids[number] if number < len(ids) else anchor
        yield _Passage.of(section, place, plain_text(title), plain_text(text))
