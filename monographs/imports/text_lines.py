"""Lines of a text file: in normal form, each with what was changed in it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from monographs.core.character_doubts import character_doubts
from monographs.core.characters import CharacterChange, normalise_text
from monographs.imports.remarks import Remark, RemarkKind

_NEL = "\x85"
_C1 = re.compile("[\x80-\x84\x86-\x9f]")
_PARAGRAPH_BREAK = "\u2029"
_LINE_END = re.compile(r"\r\n|[\n\r\v\f\u2028]")
_BROKEN_WORD = re.compile(r"[^\W\d_]\xad\s*$")
#: A remark quotes so many places, and says that there are more.
_MOST_QUOTES = 6


@dataclass(slots=True)
class SourceLine:
    """A line: ``text`` in normal form, ``raw`` as it is in the file."""

    text: str
    raw: str
    changes: list[CharacterChange] = field(default_factory=list)


def source_lines(text: str) -> list[SourceLine]:
    """Return the lines of ``text``. A word that a soft hyphen breaks at the end of a line is in one line."""
    # In texts with other characters of Windows-1252 in this range it is an ellipsis, else the end of a line
    if not _C1.search(text):
        text = text.replace(_NEL, "\n")
    pieces = _LINE_END.split(text.replace(_PARAGRAPH_BREAK, "\n\n"))
    lines: list[SourceLine] = []
    n = 0
    while n < len(pieces):
        raw = pieces[n]
        while n + 1 < len(pieces) and _BROKEN_WORD.search(raw) and pieces[n + 1].lstrip()[:1].isalpha():
            n += 1
            raw = f"{raw.rstrip()}\n{pieces[n].lstrip()}"
        n += 1
        # “\x80” keeps the meaning of “\x85” the same in each line of a text that has both
        normal = normalise_text(raw.replace(_NEL, "…"))
        changes = list(normal.visible_changes)
        if _NEL in raw:
            changes.append(CharacterChange("control character (U+0085)", _NEL, "…", "[U+0085]", "…"))
        lines.append(SourceLine(normal.text.replace("\n", " ").rstrip(), raw.strip(), changes))
    return lines


def change_remark(lines: Iterable[SourceLine], *, can_undo: bool) -> list[Remark]:
    """Return a remark about the characters that were changed in ``lines``, none if none were."""
    lines = list(lines)
    changes = [change for line in lines for change in line.changes]
    if not changes:
        return []
    names = list(dict.fromkeys(change.name for change in changes))
    what = ", ".join(names[:_MOST_QUOTES]) + (" and others" if len(names) > _MOST_QUOTES else "")
    return [
        Remark(
            RemarkKind.CHANGED,
            f"Characters were replaced by what they stand for: {what}.",
            _quotes(change.before for change in changes),
            _quotes(change.after for change in changes),
            " ".join(line.raw.replace("\n", " ") for line in lines) if can_undo else None,
        )
    ]


def _quotes(places: Iterable[str]) -> str:
    quoted = list(dict.fromkeys(places))
    more = f" … and {len(quoted) - _MOST_QUOTES} more" if len(quoted) > _MOST_QUOTES else ""
    return " / ".join(quoted[:_MOST_QUOTES]) + more


def doubt_remarks(text: str) -> list[Remark]:
    """Return a remark about each character of ``text`` that may be misread."""
    found: dict[tuple[str, str], list[str]] = {}
    for doubt in character_doubts(text):
        found.setdefault((doubt.name, doubt.fix), []).append(doubt.quote)
    return [
        Remark(RemarkKind.UNSURE, f"{name[:1].upper()}{name[1:]} was kept. {fix}", _quotes(quotes))
        for (name, fix), quotes in found.items()
    ]
