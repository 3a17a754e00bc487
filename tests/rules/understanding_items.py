"""The items of the understanding checklist that a program can answer: what is wrong, or nothing.

The names are those of docs/understanding-checklist.toml.
"""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from monographs.document import REQUIRED_SECTIONS, SECTION_ORDER, MonographDocument, SectionType
from monographs.document.parts import Advice, DoDont, Effects, Table, Text, Urgency
from monographs.rules.draft_check import DraftCheck
from monographs.rules.text_index import text_of, words_of

Check = Callable[[DraftCheck, MonographDocument], Iterator[str]]

#: Longest summary, in words: two or three short sentences.
LONGEST_SUMMARY = 40
#: Words of a text up to which it needs no list, heading or bold words.
LONGEST_PLAIN_TEXT = 100
#: Shares of sentences: in the active voice, not too long, and with “you” or an order to the reader.
ACTIVE, SHORT_ENOUGH, ADDRESSED = 0.95, 0.95, 0.25
#: Words of a column's name.
LONGEST_COLUMN_NAME = 6
#: Rules on how numbers, units and doses are written.
_NUMBER_RULES = (
    "trailing-zero naked-decimal unsafe-units unsafe-micrograms unsafe-volume latin-directions unsafe-symbol "
    "number-without-commas number-touches-unit slash-for-per"
).split()
_PERCENT = re.compile(r"\d\s?%|\bper ?cent\b", re.IGNORECASE)
_YOU = re.compile(r"\byou(?:r|rs|rself)?\b", re.IGNORECASE)
_ORDER = re.compile(
    r"^(?:do|call|take|ask|tell|go|keep|eat|drink|wash|read|say|stop|use|check|learn|have|give|swallow|touch|"
    r"rest|weigh|carry|watch|wear|plan|know|show|get|avoid|never|write)\b",
    re.IGNORECASE,
)


def _broken(check: DraftCheck, *rules: str) -> Iterator[str]:
    for finding in check.found:
        if finding.rule in rules:
            yield f"{finding.rule} in {finding.place}: {finding.excerpt or finding.message}"


def _sentences(check: DraftCheck) -> list[str]:
    assert check.index
    return [sentence for passage in check.index.with_sentences for sentence in passage.sentences]


def _too_few(what: str, share: float, least: float) -> Iterator[str]:
    if share < least:
        yield f"{share:.0%} of sentences {what}, at least {least:.0%} should"


def _advice(document: MonographDocument) -> list[Advice]:
    return [part for part in document.all_parts() if isinstance(part, Advice)]


def _tables(document: MonographDocument) -> list[Table]:
    return [part for part in document.all_parts() if isinstance(part, Table)]


def _texts(document: MonographDocument) -> list[Text]:
    return [part for part in document.all_parts() if isinstance(part, Text)]


def _first(document: MonographDocument) -> tuple[str, ...]:
    """Sentences of the summary and the first section."""
    html = [part.html for part in document.sections[0].all_parts() if isinstance(part, Text | Advice)]
    return (document.summary, *map(text_of, html))


def purpose(_check: DraftCheck, document: MonographDocument) -> Iterator[str]:
    """The summary begins with the medicine, and the page says whom it is for."""
    if not document.summary.lower().startswith(document.title.lower()):
        yield "the summary does not begin with the name of the medicine"


def everyday_words(check: DraftCheck, _document: MonographDocument) -> Iterator[str]:
    """Neither the page nor a section is above the reading grade that is aimed at."""
    return _broken(check, "reading-grade-page", "reading-grade-section", "hard-sentence")


def explained(check: DraftCheck, _document: MonographDocument) -> Iterator[str]:
    """Abbreviations are explained, and the generic name comes before the brand."""
    return _broken(check, "unexplained-abbreviation", "brand-before-generic")


def active(check: DraftCheck, _document: MonographDocument) -> Iterator[str]:
    """Nearly all sentences are in the active voice."""
    passive = len(list(_broken(check, "passive-voice")))
    return _too_few("are active", 1 - passive / len(_sentences(check)), ACTIVE)


def numbers(check: DraftCheck, document: MonographDocument) -> Iterator[str]:
    """Numbers and units are written safely, and nothing is given in percent."""
    assert check.index
    yield from _broken(check, *_NUMBER_RULES)
    for passage in check.index.passages:
        if _PERCENT.search(passage.text):
            yield f"a percentage in {passage.full_place}: {passage.text}"


def portions(check: DraftCheck, _document: MonographDocument) -> Iterator[str]:
    """Paragraphs are short."""
    return _broken(check, "long-paragraph")


def headings(_check: DraftCheck, document: MonographDocument) -> Iterator[str]:
    """Every section has a heading, and a long text headings, lists or bold words of its own."""
    for section in document.sections:
        if not section.heading:
            yield f"{section.type} has no heading"
    for part in _texts(document):
        marked = any(mark in part.html for mark in ("<h3>", "<ul>", "<ol>", "<strong>"))
        if len(words_of(text_of(part.html))) > LONGEST_PLAIN_TEXT and not marked:
            yield f"a long text without heading, list or bold words: {text_of(part.html)[:60]}"


def order(_check: DraftCheck, document: MonographDocument) -> Iterator[str]:
    """The required sections are there, and all are in the order of the project."""
    types = [section.type for section in document.sections]
    for missing in set(REQUIRED_SECTIONS) - set(types):
        yield f"{missing} is missing"
    for before, after in pairwise(types):
        if SECTION_ORDER.index(before) > SECTION_ORDER.index(after):
            yield f"{before} stands before {after}"


def summary(_check: DraftCheck, document: MonographDocument) -> Iterator[str]:
    """There is a short summary."""
    if not 0 < len(words_of(document.summary)) <= LONGEST_SUMMARY:
        yield f"the summary has {len(words_of(document.summary))} words"


def cues(_check: DraftCheck, document: MonographDocument) -> Iterator[str]:
    """Boxes for what is urgent, do and do not, and bold words."""
    if not any(advice.urgency is Urgency.CALL_911 for advice in _advice(document)):
        yield "no box says when to call 911"
    if not any(isinstance(part, DoDont) for part in document.all_parts()):
        yield "nothing to do and not to do"
    if not any("<strong>" in part.html for part in _texts(document)):
        yield "no bold words"


def captions(_check: DraftCheck, document: MonographDocument) -> Iterator[str]:
    """Each table has a caption."""
    yield from (
        f"a table without caption: {table.header}" for table in _tables(document) if not table.caption
    )


def column_names(_check: DraftCheck, document: MonographDocument) -> Iterator[str]:
    """Each table names its columns, shortly."""
    for table in _tables(document):
        if not table.header or not all(map(text_of, table.header)):
            yield f"a column without a name in “{table.caption}”"
        for name in table.header:
            if len(words_of(text_of(name))) > LONGEST_COLUMN_NAME:
                yield f"a long name of a column in “{table.caption}”: {name}"


def call_to_act(_check: DraftCheck, document: MonographDocument) -> Iterator[str]:
    """The page says when to call 911, when now, and what waits until the next visit."""
    section = next((s for s in document.sections if s.type is SectionType.WHEN_TO_GET_HELP), None)
    there = {part.urgency for part in section.all_parts() if isinstance(part, Advice)} if section else set()
    for urgency in (Urgency.CALL_911, Urgency.CALL_NOW, Urgency.NEXT_VISIT):
        if urgency not in there:
            yield f"“When to get help” has no box “{urgency.label}”"


def addressed(check: DraftCheck, _document: MonographDocument) -> Iterator[str]:
    """Enough sentences say “you”, or ask the reader to do something."""
    sentences = _sentences(check)
    to_reader = [s for s in sentences if _YOU.search(s) or _ORDER.search(s)]
    return _too_few("speak to the reader", len(to_reader) / len(sentences), ADDRESSED)


def steps(check: DraftCheck, document: MonographDocument) -> Iterator[str]:
    """Every side effect says what to do, and nearly all sentences are short."""
    for part in document.all_parts():
        for effect in part.items if isinstance(part, Effects) else ():
            if not effect.what_to_do:
                yield f"{effect.name} does not say what to do"
    long = len(list(_broken(check, "long-sentence")))
    yield from _too_few("are short", 1 - long / len(_sentences(check)), SHORT_ENOUGH)


def message_first(_check: DraftCheck, document: MonographDocument) -> Iterator[str]:
    """The most serious warnings come first; without them, how to take it."""
    types = [section.type for section in document.sections]
    expected = (
        SectionType.BOXED_WARNING
        if SectionType.BOXED_WARNING in types
        else SectionType.HOW_IT_IS_ADMINISTERED
    )
    if types[0] is not expected:
        yield f"{types[0]} comes first"


def message_marked(_check: DraftCheck, document: MonographDocument) -> Iterator[str]:
    """The first section holds a box or a do and do not."""
    if not any(isinstance(part, Advice | DoDont) for part in document.sections[0].all_parts()):
        yield "the first section has neither box nor do and do not"


def message_active(check: DraftCheck, document: MonographDocument) -> Iterator[str]:
    """Summary and first section are in the active voice."""
    first = {"summary", document.sections[0].type.value}
    for finding in check.found:
        if finding.rule == "passive-voice" and finding.anchor in first:
            yield f"passive: {finding.excerpt}"


def lists(_check: DraftCheck, document: MonographDocument) -> Iterator[str]:
    """There are lists."""
    if not any("<li>" in text.html for text in (*_texts(document), *_advice(document))):
        yield "no list"


def probabilities(check: DraftCheck, document: MonographDocument) -> Iterator[str]:
    """Probabilities are people out of as many, or bands with words; each effect has a band."""
    yield from _broken(check, "frequency-number", "frequency-word")
    for part in document.all_parts():
        for effect in part.items if isinstance(part, Effects) else ():
            if effect.frequency is None:
                yield f"{effect.name} does not say how often"


CHECKS: dict[str, Check] = {
    "P1": purpose,
    "P3": everyday_words,
    "P4": explained,
    "P5": active,
    "P6": numbers,
    "P8": portions,
    "P9": headings,
    "P10": order,
    "P11": summary,
    "P12": cues,
    "P17": captions,
    "P19": column_names,
    "P20": call_to_act,
    "P21": addressed,
    "P22": steps,
    "C2": message_first,
    "C3": message_marked,
    "C5": call_to_act,
    "C6": message_active,
    "C8": lists,
    "C9": headings,
    "C10": summary,
    "C12": cues,
    "C14": steps,
    "C15": numbers,
    "C20": probabilities,
}
