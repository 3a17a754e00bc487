"""A redline in one line of plain text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from monographs.redline.vocabulary import CHANGE_NOTE, GRAVE, PAGE, Flag, Op, Status

if TYPE_CHECKING:
    from monographs.redline.model import Line, SectionRedline

#: Characters of changed words that a summary quotes on either side.
_LONGEST_QUOTE = 30
_VERBS = {Status.ADDED: "Added", Status.REMOVED: "Removed", Status.MOVED: "Moved"}


def summarize(changed: Sequence[SectionRedline]) -> str:
    """What is most serious, where, with its words; then what else is grave, and how much more there is."""
    if not changed:
        return "The text is unchanged."
    changed = sorted(changed, key=lambda section: section.anchor == PAGE)
    worst, section = _worst(changed)
    if section.status in _VERBS:
        said = f"{_VERBS[section.status]}: {section.heading}"
    elif worst:
        said = f"{worst[0].upper()}{worst[1:]} in {section.heading}{_quoted(section, worst)}"
    else:
        said = f"Words changed in {section.heading}"
    said += _also(changed, None if section.status in _VERBS else worst)
    more = sum(not _is_note_only(other) for other in changed if other is not section)
    return f"{said}; {more} more section{'s' if more > 1 else ''} changed." if more else f"{said}."


def _worst(changed: Sequence[SectionRedline]) -> tuple[Flag | None, SectionRedline]:
    for flag in Flag:
        for section in changed:
            if flag in section.flags:
                return flag, section
    return None, changed[0]


def _also(changed: Sequence[SectionRedline], told: Flag | None) -> str:
    """Every other grave flag within a section: whoever reads no further must know of each."""
    raised = {flag for section in changed if section.status not in _VERBS for flag in section.flags}
    others = [flag.value for flag in GRAVE if flag in raised and flag is not told]
    return f"; also {', '.join(others)}" if others else ""


def _is_note_only(section: SectionRedline) -> bool:
    """Whether nothing but the note on the change itself is new: it is so in each edition."""
    return section.anchor == PAGE and all(line.label == CHANGE_NOTE for line in section.lines if line.changed)


def _quoted(section: SectionRedline, flag: Flag) -> str:
    for line in section.lines:
        if flag not in line.flags:
            continue
        before, after = _words(line, flag, Op.DELETED), _words(line, flag, Op.INSERTED)
        if before and after:
            return f" ({before} → {after})"
        if before or after:
            return f" (added: {after})" if after else f" (removed: {before})"
    return ""


def _words(line: Line, flag: Flag, op: Op) -> str:
    """The first flagged words of one fate in a line."""
    for run in line.runs:
        if run.op is op and flag in run.flags:
            words = " ".join(run.text.split())
            return words if len(words) <= _LONGEST_QUOTE else f"{words[:_LONGEST_QUOTE].rstrip()}…"
    return ""
