"""Words that can replace each other in a label without another meaning.

The lists are of kinds of words, not of sentences: small words, forms of one word, a few synonyms of
regulatory English, and abbreviations beside what they stand for.
"""

from collections import Counter
from collections.abc import Iterable, Sequence, Set

from monographs.redline.term_diff import is_typing_error

#: Articles, forms of “to be” and “to have”, and prepositions that take each other's place.
_SMALL = frozenset(
    "a an the this that these those of in on at to for by from as is are was were be been being has have had "
    "it its their which who such also respectively see below above following adverse".split()
)
_SYNONYMS = {
    word: words.split()[0]
    for words in (
        "dose dosage dosages doses dosing",
        "study trial trials studies",
        "reaction event events reactions",
        "include includes including included contain contains",
        "coadministered coadministration coadminister concomitant concomitantly coadministering",
        "medicine drug drugs medicines medication medications",
        "doctor physician physicians doctors prescriber",
        "therapy treatment treatments therapies",
        "common frequent",
        "efficacy effectiveness",
        "effect effects",
        "patient patients",
        "healthcare health",
        "following after",
        "approximately about",
        "describe discuss discussed described",
    )
    for word in words.split()
}
_ENDS = (
    "",
    "s",
    "es",
    "ed",
    "d",
    "ing",
    "e",
    "ly",
    "al",
    "ally",
    "ion",
    "ions",
    "ies",
    "y",
    "'s",
    "'",
    "ment",
    "ments",
)
_SHORTEST_STEM, _SHORTEST_SLIP = 4, 7


def reduced(old: Sequence[str], new: Sequence[str], vocabulary: Set[str]) -> tuple[list[str], list[str]]:
    """Return what is left of the words at one place, old and new, without those that say the same.

    ``vocabulary`` is all words around, in which abbreviations are looked up.
    """
    left = _known(_without_long_forms(list(old), vocabulary, new))
    right = _known(_without_long_forms(list(new), vocabulary, old))
    common = Counter(left) & Counter(right)
    left, right = _minus(left, common), _minus(right, common)
    for word in list(left):
        for other in right:
            if _same_word(word, other):
                left.remove(word)
                right.remove(other)
                break
    return left, right


def _known(texts: Iterable[str]) -> list[str]:
    return [_SYNONYMS.get(word, word) for word in texts if word not in _SMALL]


def _minus(texts: Sequence[str], common: Counter[str]) -> list[str]:
    rest, result = Counter(common), []
    for word in texts:
        if rest[word]:
            rest[word] -= 1
        else:
            result.append(word)
    return result


def _same_word(one: str, other: str) -> bool:
    shared = 0
    while shared < min(len(one), len(other)) and one[shared] == other[shared]:
        shared += 1
    if shared >= _SHORTEST_STEM and one[shared:] in _ENDS and other[shared:] in _ENDS:
        return True
    return min(len(one), len(other)) >= _SHORTEST_SLIP and is_typing_error(one, other, critical=True)


_SHORTEST_ABBREVIATION, _LONGEST_ABBREVIATION = 2, 6


def _without_long_forms(texts: list[str], vocabulary: Set[str], other: Sequence[str]) -> list[str]:
    """Remove words whose first letters are an abbreviation of the same sentence, and that abbreviation.

    What only one side has is removed: the other side keeps the abbreviation, or has it removed likewise.
    """
    start = 0
    while start < len(texts):
        for length in range(_LONGEST_ABBREVIATION, _SHORTEST_ABBREVIATION - 1, -1):
            run = texts[start : start + length]
            short = "".join(word[0] for word in run)
            if len(run) == length and all(len(word) > 1 for word in run) and short in vocabulary:
                del texts[start : start + length]
                break
        else:
            start += 1
    initials = {
        "".join(word[0] for word in other[at : at + size]) for at in range(len(other)) for size in range(2, 7)
    }
    return [word for word in texts if not (len(word) <= _LONGEST_ABBREVIATION and word in initials)]
