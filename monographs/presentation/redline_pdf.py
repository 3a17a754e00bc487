"""A redline as a PDF."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monographs.presentation.labels import heading, move, picture, place, translated
from monographs.presentation.redline_html import note_of, told_stand
from monographs.presentation.redline_layout import PlacedLine, line_groups
from monographs.presentation.typst_pdf import SETS, typeset
from monographs.redline import BREAK, LINE_BREAK, Line, Redline, Run, SectionRedline

_SOURCE = Path(__file__).with_name("redline.typ")
_BOLD = frozenset({"heading", "section", "effect", "companion"})
_INDENTED = {"bullet": "• ", "item": "• ", "number": "# "}


@dataclass(frozen=True, slots=True)
class Cover:
    """What a file says about itself: whose texts it compares, and who made it when."""

    title: str
    language: str
    made: str
    texts: tuple[tuple[str, str], ...]


def redline_pdf(
    redline: Redline, cover: Cover, pictures: Mapping[str, bytes], links: Mapping[str, str]
) -> bytes:
    """The PDF. ``pictures``: bytes by file name; one that cannot be set is named by its hash."""
    shown = {name: data for name, data in pictures.items() if name.endswith(SETS)}
    return typeset(_SOURCE, _data(redline, cover, shown, links), shown)


def _data(
    redline: Redline, cover: Cover, pictures: Mapping[str, bytes], links: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "title": cover.title,
        "language": cover.language.split("-")[0],
        "made": f"{cover.made}.",
        "texts": [list(text) for text in cover.texts],
        "summary": redline.summary(),
        "sections": [_section(section, pictures, links) for section in redline.changed],
        "unchanged": [heading(section) for section in redline.unchanged],
    }


def _section(
    section: SectionRedline, pictures: Mapping[str, bytes], links: Mapping[str, str]
) -> dict[str, Any]:
    lines = [placed for stretch in line_groups(section) for placed in stretch.lines]
    return {
        "heading": heading(section),
        "status": translated(section.status),
        "flags": [translated(flag) for flag in section.flags],
        "lines": [_line(placed, pictures, links) for placed in lines],
    }


def _line(placed: PlacedLine, pictures: Mapping[str, bytes], links: Mapping[str, str]) -> dict[str, Any]:
    line = placed.line
    sign = _INDENTED.get(line.kind, "")
    runs = [_run(run, links) for run in line.runs]
    return {
        "op": line.op.value,
        "place": place(placed.places),
        "label": translated(line.label),
        "move": move(line),
        "told": told_stand(line),
        "flags": [translated(flag) for flag in line.flags],
        "bold": line.kind in _BOLD,
        "indent": line.level if sign else int(line.kind == "detail"),
        "pictures": _pictures(line, pictures),
        "runs": [_sign(sign), *runs] if sign else runs,
    }


def _sign(sign: str) -> dict[str, Any]:
    return {"op": "same", "came": False, "text": sign, "marks": [], "note": ""}


def _run(run: Run, links: Mapping[str, str]) -> dict[str, Any]:
    text = run.text.replace(LINE_BREAK, "\n").replace(BREAK, "¶\n" if run.changed else "\n")
    return {
        "op": run.op.value,
        "came": run.came,
        "text": text,
        "marks": list(run.marks),
        "note": note_of(run, links),
    }


def _pictures(line: Line, pictures: Mapping[str, bytes]) -> list[dict[str, str]]:
    if line.kind != "figure":
        return []
    return [{"file": run.text, "alt": picture(run.op)} for run in line.runs if run.text in pictures]
