"""Turning pairs of units into lines of a redline."""

from collections.abc import Iterator
from dataclasses import replace

from monographs.redline.alignment import AlignedPair
from monographs.redline.change_flags import flag_of_context
from monographs.redline.model import Line, Run
from monographs.redline.unit_lines import UnitLine
from monographs.redline.vocabulary import Flag, Op, in_order
from monographs.redline.word_diff import compare_words, old_and_new_passage, uniform_runs

_DONT = "dont"


def lines_of_pair(pair: AlignedPair) -> Iterator[Line]:
    """Yield the lines of one pair that is no table, in order."""
    if pair.move:
        yield from _moved(pair)
    elif pair.old is None or pair.new is None:
        op = Op.INSERTED if pair.old is None else Op.DELETED
        for piece in (pair.new or pair.old).lines:  # type: ignore[union-attr]  # a pair has at least one
            yield _whole_line(op, piece)
    else:
        for old, new in matched(pair.old.lines, pair.new.lines):
            yield compared_line(old, new)


def matched(
    old: tuple[UnitLine, ...], new: tuple[UnitLine, ...]
) -> Iterator[tuple[UnitLine | None, UnitLine | None]]:
    """Pair first lines with first lines, and details with details of the same label."""
    if len(old) == len(new) == 1:
        yield old[0], new[0]
        return
    yield old[0], new[0]
    before, after = list(old[1:]), list(new[1:])
    names = {piece.context.label for piece in after}
    for piece in after:
        while (
            before and before[0].context.label != piece.context.label and before[0].context.label not in names
        ):
            yield before.pop(0), None
        if before and before[0].context.label == piece.context.label:
            yield before.pop(0), piece
        else:
            yield None, piece
    for piece in before:
        yield piece, None


def compared_line(old: UnitLine | None, new: UnitLine | None) -> Line:
    """Return the line of two versions of one, of which at least one is there."""
    if old is None or new is None:
        return _whole_line(Op.INSERTED if old is None else Op.DELETED, new or old)  # type: ignore[arg-type]  # a pair has at least one
    old_context = old.context if _context_changed(old, new) else None
    if old.pieces == new.pieces and not old_context:
        return Line(Op.SAME, tuple(uniform_runs(Op.SAME, new.tokens, new.context)), new.context)
    runs = compare_words(old.tokens, new.tokens, new.context)
    flags = {flag for run in runs for flag in run.flags} | set(_flags_of_place(old, new))
    is_changed = bool(old_context) or any(run.changed for run in runs)
    shown = tuple(old_and_new_passage(runs))
    return Line(Op.CHANGED if is_changed else Op.SAME, shown, new.context, old_context, in_order(flags))


def _context_changed(old: UnitLine, new: UnitLine) -> bool:
    return old.place_key != new.place_key or replace(old.context, places=()) != replace(
        new.context, places=()
    )


def _flags_of_place(old: UnitLine, new: UnitLine) -> Iterator[Flag]:
    if old.place_key != new.place_key:
        yield Flag.PLACE
        if _DONT in (old.place_key.split("/")[-1], new.place_key.split("/")[-1]):
            yield Flag.NEGATION
    if (old.context.kind, old.context.level) != (new.context.kind, new.context.level):
        yield Flag.FORMAT


def _whole_line(op: Op, piece: UnitLine) -> Line:
    runs = uniform_runs(op, piece.tokens, piece.context)
    fixed = flag_of_context(piece.context)
    flags = {flag for run in runs for flag in run.flags} | ({fixed} if fixed else set())
    return Line(op, tuple(runs), piece.context, None, in_order(flags))


def _moved(pair: AlignedPair) -> Iterator[Line]:
    """Yield the lines at one end of a move."""
    assert pair.old is not None  # noqa: S101  # a move has two ends
    assert pair.new is not None  # noqa: S101
    for old, new in matched(pair.old.lines, pair.new.lines):
        if (old if pair.at_old else new) is not None:
            yield moved_line(old, new, pair.move, at_old=pair.at_old)


def moved_line(old: UnitLine | None, new: UnitLine | None, move: int, *, at_old: bool) -> Line:
    """Return the line at one end of move number ``move``, which must be there.

    Unchanged words are marked as moved; only the others as deleted or inserted.
    """
    op, hidden = (Op.DELETED, Op.INSERTED) if at_old else (Op.INSERTED, Op.DELETED)
    if old is None or new is None:
        line = _whole_line(op, new or old)  # type: ignore[arg-type]  # one of them is there
        return replace(line, flags=in_order({*line.flags, Flag.MOVED}), move=move)
    runs = [
        _moved_run(run, op, at_old=at_old)
        for run in compare_words(old.tokens, new.tokens, new.context)
        if run.op is not hidden
    ]
    flags = {flag for run in runs for flag in run.flags} | {Flag.MOVED, *_flags_of_place(old, new)}
    old_context = old.context if not at_old and _context_changed(old, new) else None
    context = old.context if at_old else new.context
    return Line(op, tuple(runs), context, old_context, in_order(flags), move)


def _moved_run(run: Run, op: Op, *, at_old: bool) -> Run:
    if run.op is not Op.SAME:
        return run
    form = run.old_form if at_old and run.old_form is not None else run.form
    return replace(run, op=op, form=form, old_form=None if at_old else run.old_form, moved=True)
