"""Short sentences, short paragraphs, active voice."""

import re
from collections.abc import Iterator

from monographs.rules.check_context import CheckContext
from monographs.rules.remedy import Remedy
from monographs.rules.rule import RemedyKind, Severity, Violation, house_rule
from monographs.rules.text_index import PassageKind, TextIndex, TextPassage, words_of

#: Words. NHS digital service manual, “How we write”: up to 20. GOV.UK content design: split above 25.
LONG_SENTENCE, VERY_LONG_SENTENCE = 20, 25
#: Sentences in a paragraph. The guides say 3; a few more short ones do no harm.
LONG_PARAGRAPH = 5
#: Words in a paragraph, however few its sentences: what a phone shows without scrolling.
WORDY_PARAGRAPH = 80


def _sentences(text: TextIndex) -> Iterator[tuple[TextPassage, int, str]]:
    for passage in text.with_sentences:
        for start, end in passage.spans:
            yield passage, start, passage.text[start:end]


@house_rule(
    "long-sentence",
    title="Sentences of up to 20 words",
    severity=Severity.ADVICE,
    why="By the end of a long sentence many readers have lost its beginning, most of all when they are ill.",
    source="NHS digital service manual, How we write; GOV.UK content design: no more than 25 words",
    bad="If you get a fever while you are being treated, which can happen at any time of the day or night, "
    "you should call your care team without waiting",
    good="Fever can come day or night. If you get one, call your care team at once.",
    remedy=RemedyKind.SHOWN,
)
def long_sentence(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """Sentences have no more than 20 words."""
    for passage, start, sentence in _sentences(text):
        count = len(words_of(sentence))
        if count > LONG_SENTENCE:
            advice = "Split it." if count > VERY_LONG_SENTENCE else "Shorten it, or make two of it."
            yield Violation.at(
                passage,
                f"This sentence has {count} words. {advice}",
                sentence,
                start=start,
                remedies=_split_in_two(passage, start, sentence),
            )


#: Where a sentence can end and another can begin: what stands before the second one is left out.
_JOINT = re.compile(
    r"(?:;\s+(?:and\s+|but\s+|so\s+)?|,\s+and\s+|\s+[–—]\s+)"
    r"(?=(?:you|your|the|it|they|this|these|we|a|an|if|some|do not|call|tell|ask)\b)",
    re.IGNORECASE,
)
_CONTRAST = re.compile(
    r"[,;]\s+(?=(?:but|so)\s+(?:you|your|the|it|they|this|these|we|if|do not|call|tell|ask)\b)"
)

#: Words. A shorter half is no sentence of its own.
_SHORTEST_HALF = 4


def _split_in_two(passage: TextPassage, start: int, sentence: str) -> tuple[Remedy, ...]:
    """Return the proposal to split a sentence between two main clauses, as near to its middle as can be."""
    joints = [*_JOINT.finditer(sentence), *_CONTRAST.finditer(sentence)]
    joints = [j for j in joints if min(len(words_of(half)) for half in _parts(sentence, j)) >= _SHORTEST_HALF]
    if not joints:
        return ()
    joint = min(joints, key=lambda joint: abs(joint.start() + joint.end() - len(sentence)))
    first, second = _parts(sentence, joint)
    two = f"{first}. {second[0].upper()}{second[1:]}"
    return (Remedy(passage.text, start, start + len(sentence), two, only_shown=True),)


def _parts(sentence: str, joint: re.Match[str]) -> tuple[str, str]:
    return sentence[: joint.start()], sentence[joint.end() :]


@house_rule(
    "long-paragraph",
    title="Short paragraphs",
    severity=Severity.ADVICE,
    why="Readers skip long blocks of text, and find what they look for in short paragraphs and lists.",
    source="EU readability guideline (2009), section A.4; NHS digital service manual, How we write",
    bad="A paragraph of eight sentences on the pump, the bags and the line",
    good="Three paragraphs: the pump; the bags; the line",
)
def long_paragraph(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """Paragraphs have no more than five sentences or 80 words."""
    for passage in text.with_sentences:
        if passage.kind is not PassageKind.PARAGRAPH:
            continue
        sentences, words = len(passage.sentences), len(words_of(passage.text))
        if sentences > LONG_PARAGRAPH or words > WORDY_PARAGRAPH:
            yield Violation(
                passage.anchor,
                passage.place,
                f"This paragraph has {sentences} sentences and {words} words. Make two of it, or a list.",
                passage.sentences[0],
                passage.text,
                (passage.index, 0),
            )


_BE = r"(?:is|are|was|were|be|been|being)"
_BETWEEN = r"(?:\s+(?:not|also|often|always|never|only|then|first|later|now|both|all|sometimes|[a-z]+ly))?"
_IRREGULAR = (
    "given taken made put sent shown told kept held found brought bought cut drawn driven eaten felt "
    "forgotten grown hidden laid led lent paid read run seen sold spent spread stuck swallowed "
    "taught thought thrown "
    "understood withdrawn written begun bound built caught chosen dealt fed fought"
).split()
_PASSIVE = re.compile(
    rf"\b{_BE}{_BETWEEN}\s+(?P<verb>{'|'.join(_IRREGULAR)}|[a-z]{{2,}}ed)\b(?!-)", re.IGNORECASE
)
#: Look like a passive, but describe a state or a name, for which there is no active form.
_STATES = frozenset(
    "advanced allowed ashamed based bored called closed complicated concerned confused crowded crooked dated "
    "dehydrated depressed divided embarrassed exhausted frightened impaired infected inflamed interested "
    "involved irritated jaded limited located married named naked needed nicknamed overweight pleased "
    "prepared related relaxed relieved reserved retired sacred scared shared skilled supposed "
    "surprised swollen tired "
    "united upset used worried wicked blurred bleed breed feed need seed speed exceed proceed indeed hundred "
    "red shed bed embed blocked weakened damaged raised lowered required disabled addicted accustomed "
    "known dressed seated armed aged blessed gifted wounded injured "
    "covered opened".split()
)


@house_rule(
    "passive-voice",
    title="Active voice",
    severity=Severity.ADVICE,
    why="“A nurse changes the bag” says who does it; “the bag is changed” leaves the reader to guess whether "
    "it is them.",
    source="NHS digital service manual, How we write; CDC Clear Communication Index, item 6 (active voice)",
    bad="The bag is changed every 48 hours",
    good="A nurse changes the bag every 48 hours",
)
def passive_voice(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """Sentences say who does it. States (“you are tired”) and names (“is called”) are not passives."""
    for passage, start, sentence in _sentences(text):
        for match in _PASSIVE.finditer(sentence):
            if match["verb"].lower() not in _STATES or _names_agent(sentence, match.end()):
                yield Violation.at(
                    passage,
                    f"“{match[0]}”: say who does it.",
                    match[0],
                    start=start + match.start(),
                )
                break


def _names_agent(sentence: str, end: int) -> bool:
    """Whether “by …” follows the verb that ends at ``end``."""
    return re.match(r"\s+by\s+(?:the|a|an|your|our|doctors|nurses)\b", sentence[end:]) is not None


RULES = (long_sentence, long_paragraph, passive_voice)
