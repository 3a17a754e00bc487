"""A short notation for redlines, used in tables of expected results."""

from typing import Any

from monographs.document import MonographDocument, Section
from monographs.document.parts import Text
from monographs.redline import BREAK, LINE_BREAK, Line, Op, Redline, Run, redline

KEY = "00000000-0000-4000-8000-000000000001"
_VISIBLE = {BREAK: "¶", LINE_BREAK: "↵", "\u00a0": "⍽", "\u2009": "⸱", "\u202f": "⸱"}


#: Old text, new text, the redline in this notation, and the names of its flags.
Edit = tuple[Any, Any, str, str]


def p(*paragraphs: str) -> str:
    """Paragraphs as HTML."""
    return "".join(f"<p>{each}</p>" for each in paragraphs)


def monograph(*parts: Any, html: str = "", section: str = "how_it_works", **fields: Any) -> MonographDocument:
    """A monograph of one section with ``parts``, or with one text."""
    content = parts or ((Text(html=html),) if html else ())
    cited = fields.pop("cited", ())
    defaults = {"title": "imatinib", "slug": "imatinib", "review_interval_months": 12, "key": KEY}
    sections = (Section(type=section, heading="How it works", parts=content, sources=cited),)
    return MonographDocument(**{**defaults, "sections": sections, **fields})


def notation_of(found: Redline) -> str:
    """Changed lines as ``[-deleted-]{+inserted+}``, ``⟨form: words⟩``, ``↓n``/``↑n`` for moves."""
    lines = [line for section in found.changed for line in section.lines if line.changed]
    return " | ".join(_line(line) for line in lines)


def _line(line: Line) -> str:
    words = "".join(_runs(op, runs) for op, runs in line.runs_by_op)
    for letter, sign in _VISIBLE.items():
        words = words.replace(letter, sign)
    label = f"{line.label}: " if line.label else ""
    if line.move:
        label = f"{'↓' if line.op is Op.DELETED else '↑'}{line.move} {label}"
    if line.old_context:
        before, after = _context(line.old_context), _context(line.context)
        label = (
            f"({before} → {after}) {label}" if before != after else f"({line.old_context.label} →) {label}"
        )
    return label + words


def _context(context: Any) -> str:
    return " · ".join(map(str, context.places)) or f"{context.kind}{context.level or ''}"


def _runs(op: Op, runs: list[Run]) -> str:
    if op is Op.SAME:
        return "".join(_same(run) for run in runs)
    text = "".join(run.text for run in runs)
    return f"[-{text}-]" if op is Op.DELETED else f"{{+{text}+}}"


def _same(run: Run) -> str:
    if run.old_form is None:
        return run.text
    before = "+".join((*run.old_form.marks, *filter(None, [run.old_form.address]))) or "plain"
    after = "+".join((*run.form.marks, *filter(None, [run.form.address]))) or "plain"
    return f"⟨{before}→{after}: {run.text}⟩"


def compared(old: Any, new: Any) -> tuple[str, str]:
    """The redline of two texts or documents in this notation, and the names of its flags."""
    if isinstance(old, str):
        old, new = monograph(html=old), monograph(html=new)
    found = redline(old, new)
    return notation_of(found), " ".join(flag.name for flag in found.flags)
