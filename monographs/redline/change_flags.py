"""Flags for changed words that a reviewer must not miss."""

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
_CONTRACTED_NOT = re.compile(r"(?:n['’]t)$")
_NUMBER_WORDS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve once twice thrice half double triple "
    "single daily weekly monthly hourly".split()
)
_DOSE_ABBREVIATION = re.compile(r"^[a-z]\.[a-z](?:\.[a-z])?\.?$")
_ADVERBS = frozenset("commonly rarely often sometimes usually seldom frequently frequent always".split())
_BANDS = frozenset({"very common", "common", "uncommon", "rare", "very rare", "not known"})
_FREQUENCIES = _BANDS | _ADVERBS
_ONE_IN = re.compile(r"\d (?:in|of|out of) \d")
_URGENT = frozenset(
    "911 112 999 ambulance today tonight now immediately emergency urgent urgently soon sooner".split()
)
_WORD_FLAGS = (Flag.NUMBER, Flag.NEGATION, Flag.URGENCY, Flag.FREQUENCY)
_SPACE = re.compile(r"\s+")
#: Kinds and labels of lines in which any change has one fixed flag.
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


def flag_of_context(context: LineContext) -> Flag | None:
    """Return the flag that any change of words in such a line has, if there is one."""
    if context.kind == "detail":
        return _BY_LABEL.get(context.label)
    return _BY_LABEL.get(context.label) or _BY_KIND.get(context.kind)


@lru_cache(maxsize=8192)
def _flags_of_word(word: str) -> frozenset[Flag]:
    """The flags that a change of this word can raise."""
    lower = word.lower()
    flags: set[Flag] = set()
    if lower in _FREQUENCIES or _ONE_IN.search(lower):
        flags.add(Flag.FREQUENCY)
    if lower in _URGENT:
        flags.add(Flag.URGENCY)
    elif _is_quantity(lower):
        flags.add(Flag.NUMBER)
    if lower in _NEGATIONS or _CONTRACTED_NOT.search(lower):
        flags.add(Flag.NEGATION)
    return frozenset(flags)


def _is_quantity(lower: str) -> bool:
    return (
        any(letter.isnumeric() for letter in lower)
        or not _NUMBER_WORDS.isdisjoint(lower.replace("-", " ").split())
        or bool(_DOSE_ABBREVIATION.match(lower))
    )


@lru_cache(maxsize=8192)
def _meaning(word: str, flag: Flag) -> str:
    """A form in which words of equal meaning are equal, so that “not” → “don’t” raises no flag."""
    bare = _SPACE.sub("", word.lower())
    if flag is Flag.NEGATION and (bare == "cannot" or _CONTRACTED_NOT.search(bare)):
        return "not"
    return bare


def flags_by_word(
    context: LineContext, deleted: Sequence[Token], inserted: Sequence[Token]
) -> dict[str, tuple[Flag, ...]]:
    """Return the flags of each word, for words that were replaced, deleted or inserted at one place."""
    fixed = flag_of_context(context)
    if fixed:
        return {token.word: (fixed,) for token in (*deleted, *inserted)}
    if context.label == CHANGE_NOTE:
        return {}
    if not deleted or not inserted or not _differ_in_spaces_only(deleted, inserted):
        return _flags_by_meaning(context, deleted, inserted)
    return {token.word: (Flag.SPACING,) for token in (*deleted, *inserted)}


def _differ_in_spaces_only(deleted: Iterable[Token], inserted: Iterable[Token]) -> bool:
    return _without_spaces(deleted) == _without_spaces(inserted)


def _without_spaces(tokens: Iterable[Token]) -> str:
    return _SPACE.sub("", "".join(token.text for token in tokens))


def _flags_by_meaning(
    context: LineContext, deleted: Sequence[Token], inserted: Sequence[Token]
) -> dict[str, tuple[Flag, ...]]:
    by_word: dict[str, set[Flag]] = {}
    kinds = {token.word: _flags_of_word(token.word) for token in (*deleted, *inserted)}
    for flag in _WORD_FLAGS:
        if flag is Flag.NUMBER and context.label in CODES:
            continue
        if not any(flag in flags for flags in kinds.values()):
            continue
        before, after = (
            Counter(_meaning(token.word, flag) for token in tokens if flag in kinds[token.word])
            for tokens in (deleted, inserted)
        )
        if before != after:
            kept = before & after
            words = [word for word, flags in kinds.items() if flag in flags]
            for word in [word for word in words if _meaning(word, flag) not in kept] or words:
                by_word.setdefault(word, set()).add(flag)
    return {word: in_order(flags) for word, flags in by_word.items()}
