"""Comparing the terms of two versions of a line: critical changes, rewordings and typing errors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rapidfuzz.distance import OSA, Indel

from monographs.redline.critical_words import CRITICAL_WORDS, EXACT_KINDS, CriticalKind, Term
from monographs.redline.letter_pairs import has_impossible_pair
from monographs.redline.scope_marks import choice_change, scope_changes
from monographs.redline.word_diff import as_characters

#: Letters from which on a word can have a typing error, and from which on it can have two.
_SHORTEST, _LONG = 4, 9
#: The letters of a critical word from which on one may be missing, doubled or swapped, but not another.
_SHORTEST_CRITICAL = 5
#: Words that may change in a warning, too.
_ARTICLES_AND_PRONOUNS = frozenset(
    "a an the this that these those which who it they them its their your you yourself also too and".split()
)
#: Most words on either side of one rewording, and most words only added or only removed at one place.
_MOST_REWORDED, _MOST_ADDED = 12, 4
_NEGATIVE_PREFIXES = ("un", "in", "im", "ir", "il", "non", "dis", "de", "mis", "anti", "contra", "a", "ab")
_SHORTEST_STEM = 4
#: Endings that turn a word into its opposite.
_NEGATIVE_ENDS = ("less", "free")
#: Verbs after a “not” that make a sentence a warning of the medicine.
_WARNED_OF = frozenset("take use have get receive give given start eat drink mix drive swallow be".split())
_SENTENCE_ENDS = frozenset(".!?;")


@dataclass(frozen=True, slots=True)
class TermChange:
    """One change at one place; ``kind`` is None if no critical word changed."""

    before: str
    after: str
    kind: CriticalKind | None = None


@dataclass(frozen=True, slots=True)
class _Replacement:
    """Terms of the old line and those that replace them; ``at`` and ``to`` are their places in the lines."""

    old: tuple[Term, ...]
    new: tuple[Term, ...]
    at: int
    to: int

    @property
    def old_words(self) -> list[str]:
        return [term.text.lower() for term in self.old if term.is_word]

    @property
    def new_words(self) -> list[str]:
        return [term.text.lower() for term in self.new if term.is_word]

    def change(self, kind: CriticalKind | None = None) -> TermChange:
        return TermChange(_joined(self.old), _joined(self.new), kind)


def first_critical_change(old: Sequence[Term], new: Sequence[Term]) -> TermChange | None:
    """Return the first change of a critical term, or of a word into its opposite; None if there is none."""
    replacements = list(_replacements(old, new))
    for replacement in replacements:
        if _turns_into_opposite(replacement):
            return replacement.change(CriticalKind.NEGATION)
    old, new = _with_typing_errors_read(old, new, replacements)
    before, after = ([term for term in terms if term.kind] for terms in (old, new))
    if [term.meaning for term in before] != [term.meaning for term in after]:
        return _first_difference(before, after)
    if found := choice_change(old, new) or scope_changes(old, new, list(_places(old, new))):
        return TermChange(*found, CriticalKind.NEGATION)
    return None


def first_rewording(
    old: Sequence[Term], new: Sequence[Term], *, typing_errors_only: bool
) -> TermChange | None:
    """Return the first change that is more than a correction of words; None if there is none."""
    for replacement in _replacements(old, new):
        if not replacement.old_words and not replacement.new_words:
            continue  # punctuation
        if _joined(replacement.old).lower() == _joined(replacement.new).lower():
            continue  # capital letters
        in_warning = (
            typing_errors_only or _is_warning(old, replacement.at) or _is_warning(new, replacement.to)
        )
        if _is_too_long(replacement) or (in_warning and not _are_slips(replacement)):
            return replacement.change()
    return None


def is_typing_error(one: str, other: str, *, critical: bool = False) -> bool:
    """Whether two words in small letters differ by a slip of the keyboard.

    With ``critical``, by a letter missing, doubled or swapped: a replaced letter can make another word.
    """
    shortest, longest = sorted((len(one), len(other)))
    if shortest < _SHORTEST or longest < (_SHORTEST_CRITICAL if critical else 0):
        return False
    if not (one + other).isalpha():
        return False
    distance = OSA.distance(one, other, score_cutoff=2)
    if critical:
        return distance == 1 and (sorted(one) == sorted(other) or len(one) != len(other))
    return distance == 1 or (distance == 2 and shortest >= _LONG)  # noqa: PLR2004  # two slips


def _replacements(old: Sequence[Term], new: Sequence[Term]) -> Iterator[_Replacement]:
    codes: dict[str, str] = {}
    before = as_characters((term.text for term in old), codes)
    after = as_characters((term.text for term in new), codes)
    deleted: list[Term] = []
    inserted: list[Term] = []
    at = to = 0
    for code in Indel.opcodes(before, after):
        if code.tag == "equal":
            if deleted or inserted:
                yield _Replacement(tuple(deleted), tuple(inserted), at, to)
            deleted, inserted = [], []
            at, to = code.src_end, code.dest_end
        else:
            deleted += old[code.src_start : code.src_end]
            inserted += new[code.dest_start : code.dest_end]
    if deleted or inserted:
        yield _Replacement(tuple(deleted), tuple(inserted), at, to)


def _places(old: Sequence[Term], new: Sequence[Term]) -> Iterator[tuple[slice, slice]]:
    """Yield the parts that differ between the critical terms, which both lines have in the same order."""
    edges = [[-1, *(n for n, term in enumerate(line) if term.kind), len(line)] for line in (old, new)]
    for (start, end), (begin, stop) in zip(*map(pairwise, edges), strict=True):
        for each in _replacements(old[start + 1 : end], new[begin + 1 : stop]):
            at, to = start + 1 + each.at, begin + 1 + each.to
            yield slice(at, at + len(each.old)), slice(to, to + len(each.new))


def _turns_into_opposite(replacement: _Replacement) -> bool:
    return any(
        _is_opposite(one, other) or _is_opposite(other, one)
        for one in replacement.old_words
        for other in replacement.new_words
    )


def _is_opposite(word: str, other: str) -> bool:
    """Whether ``other`` is ``word`` with a negative prefix, or a negative ending instead of another."""
    if len(word) >= _SHORTEST_STEM and any(other == prefix + word for prefix in _NEGATIVE_PREFIXES):
        return True
    for end in _NEGATIVE_ENDS:
        stem = other.removesuffix(end)
        if stem != other and len(stem) >= _SHORTEST_STEM - 1 and word.startswith(stem) and word != other:
            return True
    return False


def _with_typing_errors_read(
    old: Sequence[Term], new: Sequence[Term], replacements: Sequence[_Replacement]
) -> tuple[list[Term], list[Term]]:
    """Both lines, with a misspelt critical word read as the word it is in the other line."""
    before, after = list(old), list(new)
    for replacement in replacements:
        if len(replacement.old) != len(replacement.new):
            continue
        for place, (one, other) in enumerate(zip(replacement.old, replacement.new, strict=True)):
            if _is_misspelt(one, other):
                read = one if one.kind else other  # of two names, either
                before[replacement.at + place] = replace(one, kind=read.kind, meaning=read.meaning)
                after[replacement.to + place] = replace(other, kind=read.kind, meaning=read.meaning)
    return before, after


def _is_misspelt(one: Term, other: Term) -> bool:
    """Whether two words are a critical one and a misspelling of it, which may look like a name as well."""
    if not (one.is_word and other.is_word):
        return False
    kinds = {one.kind, other.kind}
    pair = [term.text.lower() for term in (one, other)]
    if kinds == {CriticalKind.NAME}:
        return is_typing_error(*pair, critical=True)
    if None not in kinds or kinds == {None}:
        return False
    misspelt, word = pair[::-1] if one.kind else pair
    # Two letters that no word has side by side are no other word, whatever letter was replaced
    if has_impossible_pair(misspelt):
        return is_typing_error(*pair)
    is_slip = is_typing_error(*pair, critical=True)
    return is_slip and (not kinds & EXACT_KINDS or _is_with_double_letter(misspelt, word))


def _is_with_double_letter(misspelt: str, word: str) -> bool:
    """Whether one letter of ``word`` is typed twice, which makes no number, “not” or duty another word."""
    return any(misspelt == word[:at] + word[at] + word[at:] for at in range(len(word)))


def _first_difference(before: Sequence[Term], after: Sequence[Term]) -> TermChange:
    codes: dict[str, str] = {}
    olds = as_characters((term.meaning for term in before), codes)
    news = as_characters((term.meaning for term in after), codes)
    deleted: list[Term] = []
    inserted: list[Term] = []
    for code in Indel.opcodes(olds, news):
        if code.tag != "equal":
            deleted += before[code.src_start : code.src_end]
            inserted += after[code.dest_start : code.dest_end]
        elif deleted or inserted:
            break
    kind = min((term.kind for term in (*deleted, *inserted) if term.kind), key=list(CriticalKind).index)
    return TermChange(_joined(deleted), _joined(inserted), kind)


def names_a_dose(terms: Sequence[Term]) -> bool:
    """Whether a number is followed by a unit."""
    return any(
        one.kind is CriticalKind.NUMBER and other.kind is CriticalKind.UNIT for one, other in pairwise(terms)
    )


def _is_too_long(replacement: _Replacement) -> bool:
    olds, news = len(replacement.old_words), len(replacement.new_words)
    return max(olds, news) > (_MOST_REWORDED if olds and news else _MOST_ADDED)


def _are_slips(replacement: _Replacement) -> bool:
    olds, news = replacement.old_words, replacement.new_words
    if _ARTICLES_AND_PRONOUNS.issuperset([*olds, *news]):
        return True
    if len(olds) != len(news):
        # a word written as two, or two as one
        return "".join(olds) == "".join(news)
    return all(
        one == other or (is_typing_error(one, other) and not {one, other} <= CRITICAL_WORDS.keys())
        for one, other in zip(olds, news, strict=True)
    )


def _is_warning(terms: Sequence[Term], place: int) -> bool:
    """Whether the sentence at ``place`` says not to do something with the medicine."""
    sentence = _sentence(terms, place)
    return any(
        one.meaning in ("not", "never") and other.text.lower() in _WARNED_OF
        for one, other in pairwise(sentence)
    )


def _sentence(terms: Sequence[Term], place: int) -> Sequence[Term]:
    start = end = min(place, len(terms))
    while start and terms[start - 1].text not in _SENTENCE_ENDS:
        start -= 1
    while end < len(terms) and terms[end].text not in _SENTENCE_ENDS:
        end += 1
    return terms[start:end]


def _joined(terms: Sequence[Term]) -> str:
    return " ".join(term.text for term in terms)
