"""Two wordings of one line, compared word by word."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from rapidfuzz.distance import Indel

from monographs.redline.change_flags import flags_of_words
from monographs.redline.model import BREAK, LINE_BREAK, Form, LineContext, Run
from monographs.redline.tokens import Token
from monographs.redline.vocabulary import Flag, Op

#: Words that by themselves do not hold a sentence together: alone between two changes they are confetti.
_SMALL = frozenset(
    "a an the of to in on at by for from with and or if is are be as it its this that these you your we our "
    "can may will has have do does so".split()
)
#: Words on both sides of a small stretch from which on the eye no longer finds it.
_CROWDED = 4
_FIRST = 0x10000
_RAISED = frozenset({"sub", "sup"})


@dataclass(frozen=True, slots=True)
class _Hunk:
    """Words that stayed (both the same), or words that others replaced."""

    deleted: tuple[Token, ...]
    inserted: tuple[Token, ...]
    same: bool

    @property
    def size(self) -> int:
        return max(len(self.deleted), len(self.inserted))

    @property
    def is_small(self) -> bool:
        """Whether what stayed is too little to be seen between changes."""
        return self.same and all(
            token.word.lower() in _SMALL or not any(letter.isalnum() for letter in token.word)
            for token in self.deleted
        )


def compare_words(old: Sequence[Token], new: Sequence[Token], stand: LineContext) -> list[Run]:
    """Runs from which both wordings can be read, character by character."""
    runs: list[Run] = []
    for hunk in _split_numbers(_without_confetti(_hunks(old, new))):
        runs += _kept(hunk) if hunk.same else _replaced(hunk, stand)
    return merged(_noting_breaks_and_spaces(_struck_first(runs)))


def _struck_first(runs: Iterable[Run]) -> list[Run]:
    """Within one change, what was struck comes before what was written."""
    found: list[Run] = []
    for stayed, group in groupby(runs, key=lambda run: run.op is Op.SAME):
        change = list(group)
        found += change if stayed else sorted(change, key=lambda run: run.op is Op.INSERTED)
    return found


def _noting_breaks_and_spaces(runs: list[Run]) -> list[Run]:
    """Where nothing but spaces changed, and nothing but where lines end, the flag is on them."""
    changed = "".join(run.text for run in runs if run.op is not Op.SAME)
    if not changed or changed.strip():
        return runs
    flag = Flag.FORMAT if BREAK in changed or LINE_BREAK in changed else Flag.SPACING
    return [run if run.op is Op.SAME else replace(run, flags=(flag,)) for run in runs]


def all_of(op: Op, tokens: Sequence[Token], stand: LineContext, *, came: bool = False) -> list[Run]:
    """Every word with one fate."""
    if op is Op.SAME or came:
        runs = [Run(op, text, (), form, came=came) for token in tokens for text, form in token.pieces]
    else:
        deleted, inserted = (tokens, ()) if op is Op.DELETED else ((), tokens)
        runs = list(_replaced(_Hunk(tuple(deleted), tuple(inserted), False), stand))
    return merged(runs)


def as_characters(words: Iterable[str], codes: dict[str, str]) -> str:
    """Words as one character each, which the differ compares fastest. ``codes`` grows as words are met."""
    return "".join(codes.setdefault(word, chr(_FIRST + len(codes))) for word in words)


def merged(runs: Iterable[Run]) -> list[Run]:
    """Neighbours that differ in nothing but their text, as one."""
    found: list[Run] = []
    texts: list[str] = []
    for run in runs:
        if found and _alike(found[-1], run):
            texts.append(run.text)
        elif run.text:
            if len(texts) > 1:
                found[-1] = replace(found[-1], text="".join(texts))
            found.append(run)
            texts = [run.text]
    if len(texts) > 1:
        found[-1] = replace(found[-1], text="".join(texts))
    return found


def _alike(one: Run, other: Run) -> bool:
    return (
        one.op is other.op
        and one.flags == other.flags
        and one.form == other.form
        and one.was == other.was
        and one.came == other.came
    )


def _hunks(old: Sequence[Token], new: Sequence[Token]) -> Iterator[_Hunk]:
    codes: dict[str, str] = {}
    before = as_characters((token.word for token in old), codes)
    after = as_characters((token.word for token in new), codes)
    deleted: list[Token] = []
    inserted: list[Token] = []
    for tag, a, b, c, d in _opcodes(before, after):
        if tag == "equal":
            if deleted or inserted:
                yield _Hunk(tuple(deleted), tuple(inserted), False)
                deleted, inserted = [], []
            yield _Hunk(tuple(old[a:b]), tuple(new[c:d]), True)
        else:
            deleted += old[a:b]
            inserted += new[c:d]
    if deleted or inserted:
        yield _Hunk(tuple(deleted), tuple(inserted), False)


def _opcodes(before: str, after: str) -> Iterator[tuple[str, int, int, int, int]]:
    for code in Indel.opcodes(before, after):
        yield code.tag, code.src_start, code.src_end, code.dest_start, code.dest_end


def _without_confetti(hunks: Iterable[_Hunk]) -> list[_Hunk]:
    """Small words alone between two longer changes are struck and written again, as a person would."""
    found: list[_Hunk] = []
    for hunk in hunks:
        if not hunk.same and len(found) > 1 and found[-1].is_small:
            between, left = found[-1], found[-2]
            if left.size + hunk.size >= _CROWDED and not (_one_for_one(left) and _one_for_one(hunk)):
                found[-2:] = [
                    _Hunk(
                        left.deleted + between.deleted + hunk.deleted,
                        left.inserted + between.inserted + hunk.inserted,
                        False,
                    )
                ]
                continue
        found.append(hunk)
    return found


def _one_for_one(hunk: _Hunk) -> bool:
    return len(hunk.deleted) == len(hunk.inserted) == 1


def _split_numbers(hunks: Iterable[_Hunk]) -> Iterator[_Hunk]:
    """A number that replaces a number at the start or end of a longer change reads as exactly that."""
    for hunk in hunks:
        if hunk.same or min(len(hunk.deleted), len(hunk.inserted)) < 2 - (hunk.size == 1):
            yield hunk
            continue
        deleted, inserted = hunk.deleted, hunk.inserted
        if len(deleted) > 1 and len(inserted) > 1 and _is_number(deleted[0]) and _is_number(inserted[0]):
            yield _Hunk(deleted[:1], inserted[:1], False)
            deleted, inserted = deleted[1:], inserted[1:]
        if len(deleted) > 1 and len(inserted) > 1 and _is_number(deleted[-1]) and _is_number(inserted[-1]):
            yield _Hunk(deleted[:-1], inserted[:-1], False)
            deleted, inserted = deleted[-1:], inserted[-1:]
        yield _Hunk(deleted, inserted, False)


def _is_number(token: Token) -> bool:
    return any(letter.isdigit() for letter in token.word)


def _kept(hunk: _Hunk) -> Iterator[Run]:
    for before, after in zip(hunk.deleted, hunk.inserted, strict=True):
        if before.pieces == after.pieces:
            for text, form in after.pieces:
                yield Run(Op.SAME, text, (), form)
            continue
        length = len(after.word)
        yield from _reformed(_cut(before, 0, length), _cut(after, 0, length))
        if before.space == after.space:
            yield from _reformed(_cut(before, length, None), _cut(after, length, None))
        else:
            for text, form in _cut(before, length, None):
                yield Run(Op.DELETED, text, (), form)
            for text, form in _cut(after, length, None):
                yield Run(Op.INSERTED, text, (), form)


Cut = list[tuple[str, Form]]


def _cut(token: Token, start: int, end: int | None) -> Cut:
    if len(token.pieces) == 1:
        text, form = token.pieces[0]
        own = text[start:end]
        return [(own, form)] if own else []
    found: Cut = []
    at = 0
    for text, form in token.pieces:
        own = text[max(start - at, 0) : None if end is None else max(end - at, 0)]
        at += len(text)
        if own:
            found.append((own, form))
    return found


def _reformed(before: Cut, after: Cut) -> Iterator[Run]:
    """The same text in two forms: pieces as long as neither form changes."""
    old, new = list(before), list(after)
    while old and new:
        (was_text, was), (text, form) = old.pop(0), new.pop(0)
        length = min(len(was_text), len(text))
        if was == form:
            yield Run(Op.SAME, text[:length], (), form)
        else:
            yield Run(Op.SAME, text[:length], _flags_of_form(was, form, text), form, was)
        if len(was_text) > length:
            old.insert(0, (was_text[length:], was))
        if len(text) > length:
            new.insert(0, (text[length:], form))


def _flags_of_form(was: Form, form: Form, text: str) -> tuple[Flag, ...]:
    """A raised figure is a power: 10⁶ without its form reads 106."""
    raised = _RAISED & (set(was.marks) ^ set(form.marks))
    if raised and any(letter.isdigit() for letter in text):
        return (Flag.NUMBER, Flag.FORMAT)
    return (Flag.ADDRESS if was.address != form.address else Flag.FORMAT,)


def _replaced(hunk: _Hunk, stand: LineContext) -> Iterator[Run]:
    """Struck words, then written ones; a space that both end with stays outside."""
    flags = flags_of_words(stand, hunk.deleted, hunk.inserted)
    shared = _shared_end(hunk)
    for op, tokens in ((Op.DELETED, hunk.deleted), (Op.INSERTED, hunk.inserted)):
        for token in tokens:
            without_space = bool(shared) and token is tokens[-1]
            yield from _word(op, token, flags.get(token.word, ()), without_space=without_space)
    for text, form in shared:
        yield Run(Op.SAME, text, (), form)


def _word(op: Op, token: Token, flags: tuple[Flag, ...], *, without_space: bool) -> Iterator[Run]:
    """One struck or written word; the flags are the word's, not its space's."""
    if not flags and not without_space:
        yield from (Run(op, text, (), form) for text, form in token.pieces)
        return
    length = len(token.word)
    yield from (Run(op, text, flags, form) for text, form in _cut(token, 0, length))
    if not without_space:
        yield from (Run(op, text, (), form) for text, form in _cut(token, length, None))


def _shared_end(hunk: _Hunk) -> Cut:
    """The space that struck and written words both end with."""
    if not hunk.deleted or not hunk.inserted:
        return []
    before, after = (_cut(tokens[-1], len(tokens[-1].word), None) for tokens in (hunk.deleted, hunk.inserted))
    return after if before == after else []
