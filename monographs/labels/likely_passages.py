"""The passages of a label that a statement most likely cites, for a writer to choose from."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from rapidfuzz import fuzz

from monographs.labels.label_passages import LabelPassage, LabelPassageKind
from monographs.labels.section_codes import Use, section_codes

_TERM = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]{4,}")
#: Letters that forms of one word share: bleed, bleeding; infuse, infusion.
_STEM = 5
#: How much more a number says than a word, how similarity of letters counts beside shared terms, and how much
#: the terms of a long passage that are not shared count against it.
_NUMBER_WEIGHT, _SIMILARITY_WEIGHT, _LENGTH_WEIGHT = 2.0, 0.5, 0.2


@dataclass(frozen=True, slots=True)
class LikelyPassage:
    """A passage with its ``score``, a higher one being likelier.

    ``is_mapped``: its code is one that the statement's section rests on.
    """

    passage: LabelPassage
    score: float
    is_mapped: bool


def likely_passages(
    words: str, section: str, passages: Sequence[LabelPassage], *, limit: int = 10
) -> list[LikelyPassage]:
    """Return the likeliest passages for a statement with ``words`` in a monograph's ``section``.

    Those under the section's own codes come first, each group by shared numbers and terms (a rare one says
    more) and similarity of letters. Headings, and what shares nothing, are left out; what is said twice is
    returned once, from the full text rather than the highlights.
    """
    citable = _citable(passages)
    wanted = _terms(words)
    in_passages = [_terms(each.text) for each in citable]
    rarity = _rarity(in_passages)
    whole = sum(rarity.get(term, 0.0) for term in wanted) or 1.0
    found = []
    for passage, terms in zip(citable, in_passages, strict=True):
        shared = sum(rarity[term] for term in wanted & terms)
        if shared:
            similarity = fuzz.token_set_ratio(words, passage.text) / 100
            length = _LENGTH_WEIGHT * sum(rarity[term] for term in terms)
            score = shared / (whole + length) + _SIMILARITY_WEIGHT * similarity
            found.append(LikelyPassage(passage, score, _is_mapped(passage, section)))
    found.sort(key=lambda each: (not each.is_mapped, -each.score))
    mapped = [each for each in found if each.is_mapped][: max(limit * 2 // 3, 1)]
    return [*mapped, *[each for each in found if not each.is_mapped][: limit - len(mapped)]]


def _citable(passages: Sequence[LabelPassage]) -> list[LabelPassage]:
    ordered = sorted(passages, key=lambda each: each.highlight)
    return list({each.key: each for each in reversed(ordered) if _may_be_cited(each)}.values())


def _may_be_cited(passage: LabelPassage) -> bool:
    """Whether statements may cite a passage: not on headings and imprints."""
    code = section_codes().get(passage.code)
    return passage.kind is not LabelPassageKind.HEADING and code is not None and code.use is not Use.IGNORE


def _is_mapped(passage: LabelPassage, section: str) -> bool:
    code = section_codes().get(passage.code)
    return code is not None and code.use is Use.RESTS and section in code.sections


@lru_cache(maxsize=8192)
def _terms(text: str) -> frozenset[str]:
    """Return the numbers of a text, and the stems of its longer words."""
    found = _TERM.findall(text.lower())
    return frozenset(term if term[0].isdigit() else term[:_STEM] for term in found)


def _rarity(in_passages: Sequence[frozenset[str]]) -> dict[str, float]:
    counts = Counter(term for terms in in_passages for term in terms)
    return {
        term: log(1 + len(in_passages) / count) * (_NUMBER_WEIGHT if term[0].isdigit() else 1.0)
        for term, count in counts.items()
    }
