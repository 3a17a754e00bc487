"""Pairs of units become lines of a redline."""

from collections.abc import Iterator
from dataclasses import replace

from monographs.redline.alignment import AlignedPair
from monographs.redline.change_flags import flag_of_stand
from monographs.redline.model import Line, Run
from monographs.redline.units import UnitLine
from monographs.redline.vocabulary import Flag, Op, in_order
from monographs.redline.word_diff import all_of, compare_words

_FORBIDS = "dont"


def lines_of_pair(pair: AlignedPair) -> Iterator[Line]:
    """The lines of one pair, in order."""
    if pair.move:
        yield from _moved(pair)
    elif pair.old is None or pair.new is None:
        op = Op.INSERTED if pair.old is None else Op.DELETED
        for piece in (pair.new or pair.old).lines:  # type: ignore[union-attr]  # one of them is there
            yield _whole(op, piece)
    else:
        for old, new in matched(pair.old.lines, pair.new.lines):
            yield _line(old, new)


def matched(
    old: tuple[UnitLine, ...], new: tuple[UnitLine, ...]
) -> Iterator[tuple[UnitLine | None, UnitLine | None]]:
    """Heads with heads, and details with those of the same name."""
    if len(old) == len(new) == 1:
        yield old[0], new[0]
        return
    yield old[0], new[0]
    before, after = list(old[1:]), list(new[1:])
    names = {piece.stand.label for piece in after}
    for piece in after:
        while before and before[0].stand.label != piece.stand.label and before[0].stand.label not in names:
            yield before.pop(0), None
        if before and before[0].stand.label == piece.stand.label:
            yield before.pop(0), piece
        else:
            yield None, piece
    for piece in before:
        yield piece, None


def _line(old: UnitLine | None, new: UnitLine | None) -> Line:
    if old is None or new is None:
        return _whole(Op.INSERTED if old is None else Op.DELETED, new or old)  # type: ignore[arg-type]
    was = old.stand if _stands_elsewhere(old, new) else None
    if old.pieces == new.pieces and not was:
        return Line(Op.SAME, tuple(all_of(Op.SAME, new.tokens, new.stand)), new.stand)
    runs = compare_words(old.tokens, new.tokens, new.stand)
    flags = {flag for run in runs for flag in run.flags} | set(_flags_of_place(old, new))
    is_changed = bool(was) or any(run.changed for run in runs)
    return Line(Op.CHANGED if is_changed else Op.SAME, tuple(runs), new.stand, was, in_order(flags))


def _stands_elsewhere(old: UnitLine, new: UnitLine) -> bool:
    return old.ground != new.ground or replace(old.stand, places=()) != replace(new.stand, places=())


def _flags_of_place(old: UnitLine, new: UnitLine) -> Iterator[Flag]:
    if old.ground != new.ground:
        yield Flag.PLACE
        if _FORBIDS in (old.ground.split("/")[-1], new.ground.split("/")[-1]):
            yield Flag.NEGATION
    if (old.stand.kind, old.stand.level) != (new.stand.kind, new.stand.level):
        yield Flag.FORMAT


def _whole(op: Op, piece: UnitLine) -> Line:
    runs = all_of(op, piece.tokens, piece.stand)
    own = flag_of_stand(piece.stand)
    flags = {flag for run in runs for flag in run.flags} | ({own} if own else set())
    return Line(op, tuple(runs), piece.stand, None, in_order(flags))


def _moved(pair: AlignedPair) -> Iterator[Line]:
    """One end of a move. Words that did not change came along; only the others are struck or written."""
    assert pair.old is not None  # noqa: S101  # a move has two ends
    assert pair.new is not None  # noqa: S101
    op, shown = (Op.DELETED, Op.INSERTED) if pair.at_old else (Op.INSERTED, Op.DELETED)
    for old, new in matched(pair.old.lines, pair.new.lines):
        own = old if pair.at_old else new
        if own is None:
            continue
        if old is None or new is None:
            line = _whole(op, own)
            yield replace(line, flags=in_order({*line.flags, Flag.MOVED}), move=pair.move)
            continue
        runs = [
            _carried(run, op, at_old=pair.at_old)
            for run in compare_words(old.tokens, new.tokens, new.stand)
            if run.op is not shown
        ]
        flags = {flag for run in runs for flag in run.flags} | {Flag.MOVED, *_flags_of_place(old, new)}
        was = old.stand if not pair.at_old and _stands_elsewhere(old, new) else None
        yield Line(op, tuple(runs), own.stand, was, in_order(flags), pair.move)


def _carried(run: Run, op: Op, *, at_old: bool) -> Run:
    if run.op is not Op.SAME:
        return run
    form = run.was if at_old and run.was is not None else run.form
    return replace(run, op=op, form=form, was=None if at_old else run.was, came=True)
