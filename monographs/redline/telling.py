"""A redline in one line of plain text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from monographs.redline.vocabulary import Flag, Op, Status

if TYPE_CHECKING:
    from monographs.redline.model import Line, SectionRedline

#: Characters of changed words that a summary quotes on either side.
_LONGEST_QUOTE = 30
_VERBS = {Status.ADDED: "Added", Status.REMOVED: "Removed", Status.MOVED: "Moved"}


def tell(changed: Sequence[SectionRedline]) -> str:
    """What is most serious, where, with its words; then how much more there is."""
    if not changed:
        return "The text is unchanged."
    worst, section = _worst(changed)
    if section.status in _VERBS:
        said = f"{_VERBS[section.status]}: {section.heading}"
    elif worst:
        said = f"{worst[0].upper()}{worst[1:]} in {section.heading}{_quoted(section, worst)}"
    else:
        said = f"Words changed in {section.heading}"
    more = len(changed) - 1
    return f"{said}; {more} more section{'s' if more > 1 else ''} changed." if more else f"{said}."


def _worst(changed: Sequence[SectionRedline]) -> tuple[Flag | None, SectionRedline]:
    for flag in Flag:
        for section in changed:
            if flag in section.flags:
                return flag, section
    return None, next((section for section in changed if section.anchor != "page"), changed[0])


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
