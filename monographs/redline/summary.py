"""A redline summarised in one line of plain text."""

from collections.abc import Sequence

from monographs.redline.model import Line, SectionRedline
from monographs.redline.vocabulary import CHANGE_NOTE, PAGE, SERIOUS, Flag, Op, Status

#: Characters of changed words that a summary quotes from each text.
_LONGEST_QUOTE = 30
_VERBS = {Status.ADDED: "Added", Status.REMOVED: "Removed", Status.MOVED: "Moved"}


def summarize(changed: Sequence[SectionRedline]) -> str:
    """Name the most serious change with its section and words, then other serious flags and sections."""
    if not changed:
        return "The text is unchanged."
    changed = sorted(changed, key=lambda section: section.anchor == PAGE)
    worst, section = _most_serious(changed)
    if section.status in _VERBS:
        summary = f"{_VERBS[section.status]}: {section.heading}"
    elif worst:
        summary = f"{worst[0].upper()}{worst[1:]} in {section.heading}{_quotation(section, worst)}"
    else:
        summary = f"Words changed in {section.heading}"
    summary += _other_serious_flags(changed, None if section.status in _VERBS else worst)
    more = sum(not _is_note_only(other) for other in changed if other is not section)
    return f"{summary}; {more} more section{'s' if more > 1 else ''} changed." if more else f"{summary}."


def _most_serious(changed: Sequence[SectionRedline]) -> tuple[Flag | None, SectionRedline]:
    for flag in Flag:
        for section in changed:
            if flag in section.flags:
                return flag, section
    return None, changed[0]


def _other_serious_flags(changed: Sequence[SectionRedline], named: Flag | None) -> str:
    """Every other serious flag, for readers who see the summary only."""
    raised = {flag for section in changed if section.status not in _VERBS for flag in section.flags}
    others = [flag.value for flag in SERIOUS if flag in raised and flag is not named]
    return f"; also {', '.join(others)}" if others else ""


def _is_note_only(section: SectionRedline) -> bool:
    """Whether only the change note differs, as it does in each edition."""
    return section.anchor == PAGE and all(line.label == CHANGE_NOTE for line in section.lines if line.changed)


def _quotation(section: SectionRedline, flag: Flag) -> str:
    for line in section.lines:
        if flag not in line.flags:
            continue
        before, after = _flagged_words(line, flag, Op.DELETED), _flagged_words(line, flag, Op.INSERTED)
        if before and after:
            return f" ({before} → {after})"
        if before or after:
            return f" (added: {after})" if after else f" (removed: {before})"
    return ""


def _flagged_words(line: Line, flag: Flag, op: Op) -> str:
    """The first words of a line with this flag and operation, shortened."""
    for run in line.runs:
        if run.op is op and flag in run.flags:
            words = " ".join(run.text.split())
            return words if len(words) <= _LONGEST_QUOTE else f"{words[:_LONGEST_QUOTE].rstrip()}…"
    return ""
