"""What a reviewer sees, in a notation short enough for a table."""

from typing import Any

from monographs.document import MonographDocument, Section
from monographs.document.parts import Text
from monographs.redline import BREAK, LINE_BREAK, Line, Op, Redline, Run, redline

KEY = "00000000-0000-4000-8000-000000000001"
_SPELT = {BREAK: "¶", LINE_BREAK: "↵", "\u00a0": "⍽", "\u2009": "⸱", "\u202f": "⸱"}


#: Old, new, what the reviewer sees, and the names of the flags.
Edit = tuple[Any, Any, str, str]


def p(*paragraphs: str) -> str:
    """Paragraphs as HTML."""
    return "".join(f"<p>{each}</p>" for each in paragraphs)


def monograph(*parts: Any, html: str = "", section: str = "how_it_works", **fields: Any) -> MonographDocument:
    """A monograph of one section with ``parts``, or with one text."""
    said = parts or ((Text(html=html),) if html else ())
    cited = fields.pop("cited", ())
    own = {"title": "imatinib", "slug": "imatinib", "review_interval_months": 12, "key": KEY}
    sections = (Section(type=section, heading="How it works", parts=said, sources=cited),)
    return MonographDocument(**{**own, "sections": sections, **fields})


def seen(found: Redline) -> str:
    """Changed lines: ``[-struck-]{+written+}``, ``⟨form: words⟩``, ``↓n`` and ``↑n`` for a move's ends."""
    lines = [line for section in found.changed for line in section.lines if line.changed]
    return " | ".join(_line(line) for line in lines)


def _line(line: Line) -> str:
    words = "".join(_stretch(op, runs) for op, runs in line.stretches)
    for letter, sign in _SPELT.items():
        words = words.replace(letter, sign)
    label = f"{line.label}: " if line.label else ""
    if line.move:
        label = f"{'↓' if line.op is Op.DELETED else '↑'}{line.move} {label}"
    if line.was:
        before, after = _stand(line.was), _stand(line.stand)
        label = f"({before} → {after}) {label}" if before != after else f"({line.was.label} →) {label}"
    return label + words


def _stand(stand: Any) -> str:
    return " · ".join(map(str, stand.places)) or f"{stand.kind}{stand.level or ''}"


def _stretch(op: Op, runs: list[Run]) -> str:
    if op is Op.SAME:
        return "".join(_same(run) for run in runs)
    text = "".join(run.text for run in runs)
    return f"[-{text}-]" if op is Op.DELETED else f"{{+{text}+}}"


def _same(run: Run) -> str:
    if run.was is None:
        return run.text
    before = "+".join((*run.was.marks, *filter(None, [run.was.address]))) or "plain"
    after = "+".join((*run.form.marks, *filter(None, [run.form.address]))) or "plain"
    return f"⟨{before}→{after}: {run.text}⟩"


def compared(old: Any, new: Any) -> tuple[str, str]:
    """What a reviewer sees, and the flags, of two texts or documents."""
    if isinstance(old, str):
        old, new = monograph(html=old), monograph(html=new)
    found = redline(old, new)
    return seen(found), " ".join(flag.name for flag in found.flags)
