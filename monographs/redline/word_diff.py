"""Comparing two versions of one line word by word."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from rapidfuzz.distance import Indel

from monographs.redline.change_flags import flags_by_word
from monographs.redline.model import BREAK, LINE_BREAK, Form, LineContext, Run
from monographs.redline.tokens import Token
from monographs.redline.vocabulary import Flag, Op

#: Function words: alone between two changes they make a redline hard to read.
_SMALL = frozenset(
    "a an the of to in on at by for from with and or if is are be as it its this that these you your we our "
    "can may will has have do does so".split()
)
#: Changed words around an unchanged small gap from which on the gap is merged into the change.
_CROWDED = 4
#: A passage of which less than this share is left, in at least so many changes, is shown as an old and a new
#: one. Half is what git calls a rewrite (gitdiffcore(7), the break score of ``-B``).
_LEFT_OF_REWRITTEN = 0.5
_CHANGES_OF_REWRITTEN = 3
_FIRST = 0x10000
_RAISED = frozenset({"sub", "sup"})


@dataclass(frozen=True, slots=True)
class _Hunk:
    """Unchanged words (the same in both texts), or words that others replaced."""

    deleted: tuple[Token, ...]
    inserted: tuple[Token, ...]
    same: bool

    @property
    def size(self) -> int:
        return max(len(self.deleted), len(self.inserted))

    @property
    def is_small(self) -> bool:
        """Whether the unchanged words are function words and punctuation only."""
        return self.same and all(
            token.word.lower() in _SMALL or not any(letter.isalnum() for letter in token.word)
            for token in self.deleted
        )


def compare_words(old: Sequence[Token], new: Sequence[Token], context: LineContext) -> list[Run]:
    """Return runs that hold every character of both versions."""
    runs: list[Run] = []
    for hunk in _split_numbers(_without_small_gaps(_hunks(old, new))):
        runs += _same_runs(hunk) if hunk.same else _replaced_runs(hunk, context)
    return merge_runs(_with_white_space_flags(_deleted_first(runs)))


def old_and_new_passage(runs: Sequence[Run]) -> list[Run]:
    """Return all words as deleted ones and then inserted ones if the passage was rewritten, else ``runs``.

    The measure is that by which lines are paired (normalised indel similarity): twice the words that are
    left, divided by those of both texts. Words keep the flags of the comparison word by word.
    """
    changes = [op for op, _ in groupby(runs, key=lambda run: run.op is Op.SAME) if not op]
    left, changed = _words_of(runs, same=True), _words_of(runs, same=False)
    if len(changes) < _CHANGES_OF_REWRITTEN or 2 * left >= _LEFT_OF_REWRITTEN * (2 * left + changed):
        return list(runs)
    old = [_on_side(run, Op.DELETED) for run in runs if run.op is not Op.INSERTED]
    return merge_runs([*old, *(_on_side(run, Op.INSERTED) for run in runs if run.op is not Op.DELETED)])


def _words_of(runs: Iterable[Run], *, same: bool) -> int:
    texts = "".join(run.text for run in runs if (run.op is Op.SAME) is same).split()
    return sum(any(letter.isalnum() for letter in word) for word in texts)


def _on_side(run: Run, op: Op) -> Run:
    if run.op is not Op.SAME:
        return run
    form = run.old_form if op is Op.DELETED and run.old_form is not None else run.form
    return Run(op, run.text, (), form)


def _deleted_first(runs: Iterable[Run]) -> list[Run]:
    """Put deleted words before inserted ones within each change."""
    ordered: list[Run] = []
    for is_same, group in groupby(runs, key=lambda run: run.op is Op.SAME):
        change = list(group)
        ordered += change if is_same else sorted(change, key=lambda run: run.op is Op.INSERTED)
    return ordered


def _with_white_space_flags(runs: list[Run]) -> list[Run]:
    """Flag changed white space if nothing else of the line changed."""
    changed = "".join(run.text for run in runs if run.op is not Op.SAME)
    if not changed or changed.strip():
        return runs
    flag = Flag.FORMAT if BREAK in changed or LINE_BREAK in changed else Flag.SPACING
    return [run if run.op is Op.SAME else replace(run, flags=(flag,)) for run in runs]


def uniform_runs(op: Op, tokens: Sequence[Token], context: LineContext, *, moved: bool = False) -> list[Run]:
    """Return runs that give all tokens the same operation."""
    if op is Op.SAME or moved:
        runs = [Run(op, text, (), form, moved=moved) for token in tokens for text, form in token.pieces]
    else:
        deleted, inserted = (tokens, ()) if op is Op.DELETED else ((), tokens)
        runs = list(_replaced_runs(_Hunk(tuple(deleted), tuple(inserted), False), context))
    return merge_runs(runs)


def as_characters(words: Iterable[str], codes: dict[str, str]) -> str:
    """Encode each word as one character for the differ. New words are added to ``codes``."""
    return "".join(codes.setdefault(word, chr(_FIRST + len(codes))) for word in words)


def merge_runs(runs: Iterable[Run]) -> list[Run]:
    """Merge neighbouring runs that differ in nothing but their text."""
    result: list[Run] = []
    texts: list[str] = []
    for run in runs:
        if result and _differ_in_text_only(result[-1], run):
            texts.append(run.text)
        elif run.text:
            if len(texts) > 1:
                result[-1] = replace(result[-1], text="".join(texts))
            result.append(run)
            texts = [run.text]
    if len(texts) > 1:
        result[-1] = replace(result[-1], text="".join(texts))
    return result


def _differ_in_text_only(one: Run, other: Run) -> bool:
    return (
        one.op is other.op
        and one.flags == other.flags
        and one.form == other.form
        and one.old_form == other.old_form
        and one.moved == other.moved
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


def _without_small_gaps(hunks: Iterable[_Hunk]) -> list[_Hunk]:
    """Merge changes that only a few function words separate, as an editor would."""
    result: list[_Hunk] = []
    for hunk in hunks:
        if not hunk.same and len(result) > 1 and result[-1].is_small:
            between, left = result[-1], result[-2]
            if left.size + hunk.size >= _CROWDED and not (_one_for_one(left) and _one_for_one(hunk)):
                result[-2:] = [
                    _Hunk(
                        left.deleted + between.deleted + hunk.deleted,
                        left.inserted + between.inserted + hunk.inserted,
                        False,
                    )
                ]
                continue
        result.append(hunk)
    return result


def _one_for_one(hunk: _Hunk) -> bool:
    return len(hunk.deleted) == len(hunk.inserted) == 1


def _split_numbers(hunks: Iterable[_Hunk]) -> Iterator[_Hunk]:
    """Split off a number that replaces a number at the start or end of a longer change."""
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


def _same_runs(hunk: _Hunk) -> Iterator[Run]:
    for before, after in zip(hunk.deleted, hunk.inserted, strict=True):
        if before.pieces == after.pieces:
            for text, form in after.pieces:
                yield Run(Op.SAME, text, (), form)
            continue
        length = len(after.word)
        yield from _form_runs(_slice(before, 0, length), _slice(after, 0, length))
        if before.space == after.space:
            yield from _form_runs(_slice(before, length, None), _slice(after, length, None))
        else:
            for text, form in _slice(before, length, None):
                yield Run(Op.DELETED, text, (), form)
            for text, form in _slice(after, length, None):
                yield Run(Op.INSERTED, text, (), form)


TokenSlice = list[tuple[str, Form]]


def _slice(token: Token, start: int, end: int | None) -> TokenSlice:
    if len(token.pieces) == 1:
        text, form = token.pieces[0]
        part = text[start:end]
        return [(part, form)] if part else []
    result: TokenSlice = []
    at = 0
    for text, form in token.pieces:
        part = text[max(start - at, 0) : None if end is None else max(end - at, 0)]
        at += len(text)
        if part:
            result.append((part, form))
    return result


def _form_runs(before: TokenSlice, after: TokenSlice) -> Iterator[Run]:
    """Runs of the same text in two forms, split where either form changes."""
    old, new = list(before), list(after)
    while old and new:
        (old_text, old_form), (text, form) = old.pop(0), new.pop(0)
        length = min(len(old_text), len(text))
        if old_form == form:
            yield Run(Op.SAME, text[:length], (), form)
        else:
            yield Run(Op.SAME, text[:length], _flags_of_form(old_form, form, text), form, old_form)
        if len(old_text) > length:
            old.insert(0, (old_text[length:], old_form))
        if len(text) > length:
            new.insert(0, (text[length:], form))


def _flags_of_form(old_form: Form, form: Form, text: str) -> tuple[Flag, ...]:
    """The flags of a changed form; a superscript digit is a number: 10⁶ without its form reads 106."""
    raised = _RAISED & (set(old_form.marks) ^ set(form.marks))
    if raised and any(letter.isdigit() for letter in text):
        return (Flag.NUMBER, Flag.FORMAT)
    return (Flag.ADDRESS if old_form.address != form.address else Flag.FORMAT,)


def _replaced_runs(hunk: _Hunk, context: LineContext) -> Iterator[Run]:
    """Deleted words, then inserted ones; a space at the end of both is unchanged."""
    flags = flags_by_word(context, hunk.deleted, hunk.inserted)
    shared = _shared_trailing_space(hunk)
    for op, tokens in ((Op.DELETED, hunk.deleted), (Op.INSERTED, hunk.inserted)):
        for token in tokens:
            without_space = bool(shared) and token is tokens[-1]
            yield from _word_runs(op, token, flags.get(token.word, ()), without_space=without_space)
    for text, form in shared:
        yield Run(Op.SAME, text, (), form)


def _word_runs(op: Op, token: Token, flags: tuple[Flag, ...], *, without_space: bool) -> Iterator[Run]:
    """One deleted or inserted word; the flags are on the word, not on the space after it."""
    if not flags and not without_space:
        yield from (Run(op, text, (), form) for text, form in token.pieces)
        return
    length = len(token.word)
    yield from (Run(op, text, flags, form) for text, form in _slice(token, 0, length))
    if not without_space:
        yield from (Run(op, text, (), form) for text, form in _slice(token, length, None))


def _shared_trailing_space(hunk: _Hunk) -> TokenSlice:
    """The space at the end of both the deleted and the inserted words."""
    if not hunk.deleted or not hunk.inserted:
        return []
    before, after = (
        _slice(tokens[-1], len(tokens[-1].word), None) for tokens in (hunk.deleted, hunk.inserted)
    )
    return after if before == after else []
