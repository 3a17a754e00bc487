"""What a misspelt name probably means: a medicine with a page, another medicine, or either.

Offering a medicine that only looks like the one that was meant is a known cause of harm (ISMP). A name is
therefore taken for another only if the two are unmistakably the same; otherwise the reader is asked, and a
name that is nearer to a medicine without a page leads to no page.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from monographs.public.name_sort import normalise
from monographs.public.search.indexed_name import IndexedName, NameKind
from monographs.public.search.known_names import KnownName, SimilarKnownName, known_names
from monographs.public.search.name_index import NameIndex, SimilarName
from monographs.public.search.phonetics import phonetic_key
from monographs.public.search.query_names import page_of
from monographs.public.search.transliteration import in_latin

#: Minimum similarity of a name that is offered for a query.
MIN_SIMILARITY = 0.62
#: Names within this similarity of the best one are as near to the query.
MARGIN = 0.08
#: Maximum names that are offered, and known names that are compared.
MAX_OFFERED, MAX_COMPARED = 3, 8
#: Minimum similarity of a name that is named as another one.
MIN_ALIKE = 0.5
#: Letters in which an unmistakable name may differ: one, and two from this length on.
MIN_LENGTH_FOR_TWO = 8
#: Letters below which a word is not read as a misspelt name of a medicine without a page: most are words.
MIN_LENGTH_FOR_OTHERS = 8


@dataclass(frozen=True, slots=True)
class NearMiss:
    """The names that a misspelt one may stand for."""

    #: The name of a page that it unmistakably stands for.
    correction: SimilarName | None = None
    #: Otherwise the names that it may stand for, nearest first: of pages, and of medicines without one.
    offered: tuple[SimilarName, ...] = ()
    others: tuple[KnownName, ...] = ()


def near_miss(index: NameIndex, normalised: str, least: float = MIN_SIMILARITY) -> NearMiss:
    """Compare a query that is no name with all names that are at least ``least`` similar."""
    key = in_latin(normalised)
    ours, others = _compared(index, key, least)
    best = max([*(name.similarity for name in ours), *(name.similarity for name in others)], default=0)
    ours = [name for name in ours if name.similarity >= best - MARGIN]
    others = [name for name in others if name.similarity >= best - MARGIN]
    if len(ours) == 1 and not others and key == normalised and _is_correction(key, ours[0].name):
        return NearMiss(correction=ours[0])
    if not ours and len(key) < MIN_LENGTH_FOR_OTHERS:
        return NearMiss()
    return NearMiss(
        offered=tuple(ours[:MAX_OFFERED]), others=tuple(other.known for other in others[:MAX_OFFERED])
    )


def _is_correction(typed: str, name: IndexedName) -> bool:
    """Whether ``typed`` is taken for ``name``. Only a name that its signed page has is never doubted."""
    return name.kind is not NameKind.OTHER_NAME and unmistakable(typed, name.normalised)


def unmistakable(typed: str, name: str) -> bool:
    """Whether ``typed`` can only be a misspelling of ``name``, if no other name is as near.

    One letter differs, or two in a long name, or they sound the same; they begin alike; digits are equal; and
    the name is not one that has been confused with another.
    """
    if known_names().confused.get(name) or digits_of(typed) != digits_of(name):
        return False
    one, other = phonetic_key(typed).sound, phonetic_key(name).sound
    if typed[:1] != name[:1] and one[:1] != other[:1]:
        return False
    most = 2 if len(name) >= MIN_LENGTH_FOR_TWO else 1
    return one == other or OSA.distance(typed, name, score_cutoff=most) <= most


def _compared(index: NameIndex, key: str, least: float) -> tuple[list[SimilarName], list[SimilarKnownName]]:
    """Return the similar names of pages, the best one of each, and the best one of each other medicine."""
    ours = {found.name.key: found for found in index.similar(key, MAX_COMPARED)}
    others: dict[str, SimilarKnownName] = {}
    for found in known_names().similar(key, MAX_COMPARED):
        page = page_of(index, found.known)
        if page is None:
            others.setdefault(found.known.generic, found)
        elif page not in ours or found.similarity > ours[page].similarity:
            name = IndexedName(found.key, found.known.shown, page, NameKind.OTHER_NAME)
            ours[page] = SimilarName(name, found.similarity)
    ranked = sorted(ours.values(), key=lambda found: -found.similarity)
    # A number is part of the name: another number is another medicine
    digits = digits_of(key)
    return (
        [f for f in ranked if f.similarity >= least and digits_of(f.name.normalised) == digits],
        [found for found in others.values() if found.similarity >= least],
    )


def alike(index: NameIndex, known: KnownName) -> tuple[str, ...]:
    """Return the titles of medicines that look or sound like a known name, or were confused with it."""
    confused = {
        partner
        for name in (known.name, known.generic)
        for partner in known_names().confused.get(normalise(name), frozenset())
    }
    keys = [name.key for partner in sorted(confused) for name in index.whole(partner)]
    names = {normalise(known.name), normalise(known.generic)}
    keys += [
        found.name.key
        for name in sorted(names)
        for found in index.similar(name, MAX_OFFERED)
        if found.similarity >= MIN_ALIKE and found.name.kind is not NameKind.PART
    ]
    return tuple(index.pages[key].title for key in _medicines(index, keys))[:MAX_OFFERED]


def _medicines(index: NameIndex, keys: Iterable[str]) -> list[str]:
    return [key for key in dict.fromkeys(keys) if index.pages[key].kind == "monograph"]


def digits_of(text: str) -> str:
    """Return the digits in ``text``, in its order."""
    return "".join(character for character in text if character.isdigit())
