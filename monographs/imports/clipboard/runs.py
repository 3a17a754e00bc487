"""Runs of words with one look, and their rich text."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from monographs.imports.clipboard.looks import Look, Omission

#: Not the no-break space, which keeps "5 mg" on one line.
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_SPACES = re.compile(r"[ \t\r\n\f\v\u00a0]{2,}")
_RAISED = str.maketrans("0123456789+-\u2212=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-\u2212=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
BREAK = "<br/>"
#: The look of words that nothing says anything about.
NO_LOOK = Look()

#: Returns the opening tag of a link for an address and its words; "" where only the words are kept.
AddressLinker = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class StyledRun:
    """Words with one look; a line break (``ends_line``); or a ``gap`` that keeps numbers apart."""

    words: str
    look: Look = NO_LOOK
    ends_line: bool = False
    gap: bool = False

    @property
    def marks(self) -> tuple[str, ...]:
        """The tags of its look, outermost first."""
        look = self.look
        return tuple(
            tag for tag in ("b" if look.bold else "", "i" if look.italic else "", look.raised) if tag
        )


def visible(runs: Iterable[StyledRun]) -> list[StyledRun]:
    """Return the runs that are kept, with a space for each gap between digits and other words."""
    kept = [run for run in runs if run.look.omitted is None]
    found: list[StyledRun] = []
    for n, run in enumerate(kept):
        if not run.gap:
            found.append(run)
            continue
        before = next((r.words[-1:] for r in reversed(found) if r.words or r.ends_line), "")
        after = next((r.words[:1] for r in kept[n + 1 :] if r.words or r.ends_line), "")
        if before.isalnum() and after.isalnum() and (before.isdigit() or after.isdigit()):
            found.append(StyledRun(" "))
    return found


def omitted(runs: Sequence[StyledRun]) -> list[tuple[Omission, str]]:
    """Return why and which words are left out, one entry for words that follow one another."""
    found: list[tuple[Omission, str]] = []
    for kind, alike in groupby(runs, key=lambda run: run.look.omitted):
        words = " ".join("".join(" " if run.ends_line else run.words for run in alike).split())
        if kind is not None and words:
            found.append((kind, words))
    return found


def plain(runs: Iterable[StyledRun]) -> str:
    """The text without formatting; ten to the ninth stays “10⁹” and does not become “109”."""
    return " ".join("".join(_plain(run) for run in visible(runs)).split())


def _plain(run: StyledRun) -> str:
    if run.ends_line:
        return " "
    table = {"sup": _RAISED, "sub": _LOWERED}.get(run.look.raised)
    return run.words.translate(table) if table else run.words


def rich_text(runs: Iterable[StyledRun], linker: AddressLinker, *, bold: bool = True) -> str:
    """Return rich text. ``linker`` gives the tag for an address and the words that it underlines."""
    kept = visible(runs)
    lines = [list(alike) for ends, alike in groupby(kept, key=lambda run: run.ends_line) if not ends]
    found = [_line(line, linker, bold) for line in lines]
    return BREAK.join(line for line in found if line)


def _line(runs: list[StyledRun], linker: AddressLinker, bold: bool) -> str:
    html: list[str] = []
    for href, linked in groupby(runs, key=lambda run: run.look.href):
        inner: list[str] = []
        words: list[str] = []
        for marks, alike in groupby(linked, key=lambda run: run.marks):
            text = "".join(run.words for run in alike)
            words.append(text)
            tags = [mark for mark in marks if (bold or mark != "b") and text.strip()]
            inner.append("".join(f"<{tag}>" for tag in tags) + escape(text, quote=False))
            inner.append("".join(f"</{tag}>" for tag in reversed(tags)))
        link = linker(href, "".join(words).strip()) if href and "".join(words).strip() else ""
        html.append(f"{link}{''.join(inner)}</a>" if link else "".join(inner))
    return tidy("".join(html))


def tidy(html: str) -> str:
    """Reduce white space as a browser shows it, also across tags."""
    html = _SPACE.sub(" ", html)
    # A space on both sides of a tag is one space
    html = re.sub(
        r" ((?:</?[a-z][^>]*>)+) ", lambda m: f"{m[1]} " if m[1].startswith("</") else f" {m[1]}", html
    )
    html = _SPACES.sub(" ", html)
    return re.sub(r"^((?:<[a-z][^>]*>)*)[ \u00a0]+|[ \u00a0]+((?:</[a-z]+>)*)$", r"\1\2", html)
