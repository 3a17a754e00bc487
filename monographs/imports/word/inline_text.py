"""The text of one paragraph, with the formatting that a leaflet keeps, and what was left out of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from html import escape
from itertools import groupby

from monographs.core.characters import normalise_text
from monographs.imports.raised_characters import lowered, raised
from monographs.imports.remarks import Remark, RemarkKind
from monographs.imports.text_lines import doubt_remarks

#: Not the no-break space, which keeps "5 mg" on one line.
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
#: Line ends within words are spaces; a tab may be that of a typed bullet.
_LINES = re.compile(r"[ \r\n\f\v]+")


class RunStatus(StrEnum):
    """Whether words are in the draft, and why not."""

    KEPT = "kept"
    INSERTED = "inserted"
    STRUCK = "struck"
    HIDDEN = "hidden"
    DELETED = "deleted"

    @property
    def is_shown(self) -> bool:
        """Whether words with this status are in the draft."""
        return self in (RunStatus.KEPT, RunStatus.INSERTED)


_MESSAGES = {
    RunStatus.INSERTED: "These words are a tracked insertion, not yet accepted in Word; they were kept.",
    RunStatus.STRUCK: "These words are struck out in Word; they were left out.",
    RunStatus.HIDDEN: "These words are hidden in Word; they were left out.",
    RunStatus.DELETED: "These words are a tracked deletion in Word; they were left out.",
}


@dataclass(frozen=True, slots=True)
class FormattedRun:
    """Words with the same formatting, or a line break (no words).

    ``position``: their distance above the line in half-points.
    """

    words: str
    marks: tuple[str, ...] = ()
    href: str = ""
    ends_line: bool = False
    status: RunStatus = RunStatus.KEPT
    position: int = 0

    @property
    def plain(self) -> str:
        """The words without formatting; superscript and subscript digits become Unicode characters."""
        if self.ends_line:
            return " "
        if "sup" in self.marks:
            return raised(self.words)
        return lowered(self.words) if "sub" in self.marks else self.words


@dataclass(slots=True)
class InlineText:
    """One paragraph. ``all_runs`` has the words left out too; ``notes`` are other remarks about it."""

    all_runs: list[FormattedRun] = field(default_factory=list)
    cites: list[str] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)

    @property
    def runs(self) -> list[FormattedRun]:
        """The words that are in the draft."""
        return [run for run in self.all_runs if run.status.is_shown]

    @property
    def plain(self) -> str:
        """The text without formatting; ten to the ninth stays “10⁹” and does not become “109”."""
        return _plain(self.runs)

    @property
    def is_bold(self) -> bool:
        """Whether all of it is bold, like headings in documents without styles."""
        visible = [run for run in self.runs if run.words.strip()]
        return bool(visible) and all("b" in run.marks for run in visible)

    def html(self, *, bold: bool = True) -> str:
        """Return rich text; ``bold=False`` drops bold, as in headings."""
        return _html(self.runs, bold=bold)

    def remarks(self, *, bold: bool = True) -> list[Remark]:
        """Return what is to be said about it, with its rich text as it would be otherwise."""
        found: list[Remark] = []
        start = 0
        for status, alike in groupby(self.all_runs, key=lambda run: run.status):
            runs = list(alike)
            end = start + len(runs)
            quote = _plain(runs)
            if status is not RunStatus.KEPT and quote:
                inserted = status is RunStatus.INSERTED
                other = RunStatus.DELETED if inserted else RunStatus.KEPT
                flipped = [replace(run, status=other) for run in runs]
                undone = [*self.all_runs[:start], *flipped, *self.all_runs[end:]]
                found.append(
                    Remark(
                        RemarkKind.UNSURE if inserted else RemarkKind.OMITTED,
                        _MESSAGES[status],
                        quote,
                        result=quote if inserted else "",
                        undone=_html([run for run in undone if run.status.is_shown], bold=bold),
                    )
                )
            start = end
        return [*found, *self.notes]

    def lines(self) -> "Iterator[InlineText]":
        """Yield each line as a paragraph of its own; the first keeps the footnotes and remarks."""
        cites, notes = self.cites, self.notes
        for ends, runs in groupby(self.all_runs, key=lambda run: run.ends_line and run.status.is_shown):
            if not ends:
                yield InlineText(list(runs), cites, notes)
                cites, notes = [], []

    def without_start(self, length: int) -> "InlineText":
        """Return the text without its first characters, such as a typed bullet; what is left out stays."""
        runs: list[FormattedRun] = []
        for run in self.all_runs:
            if not run.status.is_shown or not length:
                runs.append(run)
                continue
            taken = max(1, len(run.words)) if run.ends_line else len(run.words)
            if taken > length:
                runs.append(replace(run, words=run.words[length:]))
            length = max(0, length - taken)
        return InlineText(runs, self.cites, self.notes)

    @property
    def typed(self) -> str:
        """The text with its line breaks, character by character as in ``without_start``."""
        return "".join("\n" if run.ends_line else run.words for run in self.runs)

    def finish(self) -> None:
        """Settle what depends on the whole paragraph: raised characters, struck digits, odd characters."""
        self._settle_positions()
        self._keep_digits_apart()
        self._normalise()
        self.notes += doubt_remarks(self.typed)

    def _settle_positions(self) -> None:
        """Characters are raised or lowered only where others of the paragraph stand on the line."""
        visible = [run for run in self.all_runs if run.words.strip() and run.status.is_shown]
        if any(not run.position for run in visible):
            self.all_runs = [_positioned(run) for run in self.all_runs]
        else:
            self.all_runs = [replace(run, position=0) for run in self.all_runs]

    def _keep_digits_apart(self) -> None:
        """Put a space where struck words stood between digits: “1” and “0” must not become “10”."""
        runs: list[FormattedRun] = []
        last, struck = "", False
        for run in self.all_runs:
            if run.status is RunStatus.STRUCK and run.words:
                struck = True
            elif run.status.is_shown and run.words:
                if struck and last.isdigit() and run.words[0].isdigit():
                    runs.append(FormattedRun(" "))
                last, struck = run.words[-1], False
            runs.append(run)
        self.all_runs = runs

    def _normalise(self) -> None:
        runs: list[FormattedRun] = []
        for like, alike in groupby(self.all_runs, key=lambda run: replace(run, words="")):
            words = _LINES.sub(" ", "".join(run.words for run in alike))
            if like.ends_line:
                runs += [like]
                continue
            normal = normalise_text(words)
            self.notes += [
                Remark(
                    RemarkKind.CHANGED,
                    f"{change.name}: “{change.before}” was read as “{change.after}”.",
                    change.before,
                    result=change.after,
                )
                for change in normal.visible_changes
            ]
            runs.append(replace(like, words=_LINES.sub(" ", normal.text)))
        self.all_runs = runs


def _positioned(run: FormattedRun) -> FormattedRun:
    if not run.position or {"sup", "sub"} & set(run.marks):
        return replace(run, position=0)
    mark = "sup" if run.position > 0 else "sub"
    return replace(run, marks=tuple(sorted({*run.marks, mark})), position=0)


def _plain(runs: list[FormattedRun]) -> str:
    return " ".join("".join(run.plain for run in runs).split())


def _html(runs: list[FormattedRun], *, bold: bool) -> str:
    lines = (
        _line(list(line), bold) for ends, line in groupby(runs, key=lambda run: run.ends_line) if not ends
    )
    return "<br/>".join(line for line in lines if line)


def _line(runs: list[FormattedRun], bold: bool) -> str:
    html: list[str] = []
    for (marks, href), alike in groupby(runs, key=lambda run: (run.marks, run.href)):
        words = "".join(run.words for run in alike)
        if not words.strip():
            html.append(words)
            continue
        tags = [mark for mark in marks if bold or mark != "b"]
        inner = "".join(f"<{tag}>" for tag in tags) + escape(words, quote=False)
        inner += "".join(f"</{tag}>" for tag in reversed(tags))
        html.append(f'<a href="{escape(href)}">{inner}</a>' if href else inner)
    return _SPACE.sub(" ", "".join(html)).strip(" ")
