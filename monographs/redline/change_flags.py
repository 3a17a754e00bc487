"""Which changed words a reviewer must not miss."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from monographs.redline.metadata import CODES
from monographs.redline.model import LineContext
from monographs.redline.tokens import Token
from monographs.redline.vocabulary import CHANGE_NOTE, Flag, in_order

_NEGATIONS = frozenset(
    "not no never avoid avoids avoided avoiding without unless except excluding neither nor none nobody "
    "nothing cannot stop stops refuse instead".split()
)
_SHORTENED = re.compile(r"(?:n['’]t)$")
_NUMBER_WORDS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve once twice thrice half double triple "
    "single daily weekly monthly hourly".split()
)
_DOSE_ABBREVIATION = re.compile(r"^[a-z]\.[a-z](?:\.[a-z])?\.?$")
_ADVERBS = frozenset("commonly rarely often sometimes usually seldom frequently frequent always".split())
_BANDS = frozenset({"very common", "common", "uncommon", "rare", "very rare", "not known"})
_FREQUENCIES = _BANDS | _ADVERBS
_ONE_IN = re.compile(r"\d (?:in|of|out of) \d")
_URGENT = frozenset("911 today tonight now immediately emergency urgent urgently soon sooner".split())
_IN_WORDS = (Flag.NUMBER, Flag.NEGATION, Flag.URGENCY, Flag.FREQUENCY)
_SPACE = re.compile(r"\s+")
#: Kinds of line whose every change has one flag of its own.
_BY_KIND = {"figure": Flag.FIGURE, "source": Flag.SOURCE, "cited": Flag.SOURCE}
_BY_LABEL = {
    "How often": Flag.FREQUENCY,
    "How soon to act": Flag.URGENCY,
    "Advice": Flag.URGENCY,
    "Size in pixels": Flag.FIGURE,
    "Publisher": Flag.SOURCE,
    "Date seen": Flag.SOURCE,
    "Address": Flag.ADDRESS,
}


def flag_of_stand(stand: LineContext) -> Flag | None:
    """The flag of any change of words in a line of this kind."""
    if stand.kind == "detail":
        return _BY_LABEL.get(stand.label)
    return _BY_LABEL.get(stand.label) or _BY_KIND.get(stand.kind)


@lru_cache(maxsize=8192)
def _kinds(word: str) -> frozenset[Flag]:
    """What a word alone may be: a number, a negation."""
    lower = word.lower()
    found: set[Flag] = set()
    if lower in _FREQUENCIES or _ONE_IN.search(lower):
        found.add(Flag.FREQUENCY)
    if lower in _URGENT:
        found.add(Flag.URGENCY)
    elif _counts(lower):
        found.add(Flag.NUMBER)
    if lower in _NEGATIONS or _SHORTENED.search(lower):
        found.add(Flag.NEGATION)
    return frozenset(found)


def _counts(lower: str) -> bool:
    return (
        any(letter.isnumeric() for letter in lower)
        or not _NUMBER_WORDS.isdisjoint(lower.replace("-", " ").split())
        or bool(_DOSE_ABBREVIATION.match(lower))
    )


@lru_cache(maxsize=8192)
def _meaning(word: str, flag: Flag) -> str:
    """What two words must share to be no change of this sort: “don’t” says “not”."""
    bare = _SPACE.sub("", word.lower())
    if flag is Flag.NEGATION and (bare == "cannot" or _SHORTENED.search(bare)):
        return "not"
    return bare


def flags_of_words(
    stand: LineContext, deleted: Sequence[Token], inserted: Sequence[Token]
) -> dict[str, tuple[Flag, ...]]:
    """Flags by word, for words that replace one another (or came, or went) at one place."""
    own = flag_of_stand(stand)
    if own:
        return {token.word: (own,) for token in (*deleted, *inserted)}
    if stand.label == CHANGE_NOTE:
        return {}
    if not deleted or not inserted or not _same_but_spaces(deleted, inserted):
        return _by_word(stand, deleted, inserted)
    return {token.word: (Flag.SPACING,) for token in (*deleted, *inserted)}


def _same_but_spaces(deleted: Iterable[Token], inserted: Iterable[Token]) -> bool:
    return _bare(deleted) == _bare(inserted)


def _bare(tokens: Iterable[Token]) -> str:
    return _SPACE.sub("", "".join(token.text for token in tokens))


def _by_word(
    stand: LineContext, deleted: Sequence[Token], inserted: Sequence[Token]
) -> dict[str, tuple[Flag, ...]]:
    found: dict[str, set[Flag]] = {}
    kinds = {token.word: _kinds(token.word) for token in (*deleted, *inserted)}
    for flag in _IN_WORDS:
        if flag is Flag.NUMBER and stand.label in CODES:
            continue
        if not any(flag in flags for flags in kinds.values()):
            continue
        before, after = (
            Counter(_meaning(token.word, flag) for token in tokens if flag in kinds[token.word])
            for tokens in (deleted, inserted)
        )
        if before != after:
            stayed = before & after
            own = [word for word, flags in kinds.items() if flag in flags]
            for word in [word for word in own if _meaning(word, flag) not in stayed] or own:
                found.setdefault(word, set()).add(flag)
    return {word: in_order(flags) for word, flags in found.items()}
