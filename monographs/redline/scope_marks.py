"""Marks of punctuation that decide how far a “not” or a number reaches: “Take it, not with milk”."""

from collections.abc import Sequence

from monographs.redline.critical_words import CriticalKind, Term

#: Marks by what they do; those of one kind may stand for each other.
_MARKS = {
    **dict.fromkeys(".!?;", "end"),
    **dict.fromkeys(",–—", "comma"),
    ":": "colon",
    **dict.fromkeys("([", "open"),
    **dict.fromkeys(")]", "close"),
}
#: Words that other words of their sentence depend on. More words are critical; these reach across a comma.
_REACHING = frozenset(
    "not no non none never neither nor without cannot except excepting excluding unless only avoid if "
    "whether until till instead rather".split()
)
#: A comma before these begins a part of its own, so only what stands before it may lose its reach.
_CONJUNCTIONS = frozenset({"and", "but"})
_CHOICES = frozenset({"and", "or"})
#: Terms on either side of a mark in which a number belongs to it.
_NEAR = 2


def scope_changes(
    old: Sequence[Term], new: Sequence[Term], places: Sequence[tuple[slice, slice]]
) -> tuple[str, str] | None:
    """Return the words around a mark that changed what a “not” or a number belongs to, before and after.

    ``places`` are the parts of both lines that differ. A mark at the very end of a line matters only where it
    opens a list.
    """
    for before, after in places:
        if _marks(old[before]) == _marks(new[after]) or _only_ends(old, new, before, after):
            continue
        if _reaches(old, before) or _reaches(new, after):
            return _around(old, before), _around(new, after)
    return None


def choice_change(old: Sequence[Term], new: Sequence[Term]) -> tuple[str, str] | None:
    """Return the words *and* and *or* of both lines, if other things are joined or left to choose."""
    before, after = (
        [term.text.lower() for term in terms if term.text.lower() in _CHOICES] for terms in (old, new)
    )
    if before.count("or") != after.count("or") or (sorted(before) == sorted(after) and before != after):
        return " ".join(before), " ".join(after)
    return None


def _marks(terms: Sequence[Term]) -> list[str]:
    return [_MARKS[term.text] for term in terms if term.text in _MARKS and not term.kind]


def _only_ends(old: Sequence[Term], new: Sequence[Term], before: slice, after: slice) -> bool:
    if before.stop != len(old) or after.stop != len(new):
        return False
    return {*_marks(old[before]), *_marks(new[after])} == {"end"}


def _reaches(terms: Sequence[Term], place: slice) -> bool:
    """Whether a reaching word is in the sentences that meet at ``place``, or a number is beside it."""
    start, end = place.start, place.stop
    near = terms[max(0, start - _NEAR) : end + _NEAR]
    if any(term.kind is CriticalKind.NUMBER for term in near):
        return True
    while start and _MARKS.get(terms[start - 1].text) != "end":
        start -= 1
    while end < len(terms) and _MARKS.get(terms[end].text) != "end":
        end += 1
    if place.stop < len(terms) and terms[place.stop].text.lower() in _CONJUNCTIONS:
        end = place.stop
    return any(
        term.meaning in _REACHING or term.text.lower() in _REACHING or term.meaning == "not"
        for term in terms[start:end]
    )


def _around(terms: Sequence[Term], place: slice) -> str:
    return " ".join(term.text for term in terms[max(0, place.start - 3) : place.stop + 3])
