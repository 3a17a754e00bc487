"""Pairing the sections of two documents."""

from typing import Any

from monographs.document import SECTION_ORDER
from monographs.document.canonical import canonical_json, sha256_hex
from monographs.document.models import BaseDocument
from monographs.redline.model import Redline, SectionRedline, Status

#: What no reader sees, or what has a section of its own.
_APART = {"schema_version", "kind", "key", "sections", "sources", "body"}


def redline(old: BaseDocument | None, new: BaseDocument) -> Redline:
    """Compare ``new`` with ``old``; without ``old`` all of it is new."""
    before, after = _parts(old) if old else {}, _parts(new)
    names = [*after, *(name for name in before if name not in after)]
    order = ["page", *SECTION_ORDER, "body", "sources"]
    sections = [_section(name, before.get(name), after.get(name)) for name in sorted(names, key=order.index)]
    return Redline(tuple(sections), first=old is None)


def _parts(document: BaseDocument) -> dict[str, tuple[str, Any]]:
    said = document.model_dump(mode="json")
    parts: dict[str, tuple[str, Any]] = {
        "page": ("About the page", {name: value for name, value in said.items() if name not in _APART})
    }
    parts |= {section["type"]: (section["heading"], section) for section in said.get("sections", ())}
    headings = {"body": "Text", "sources": "Sources"}
    parts |= {name: (heading, said[name]) for name, heading in headings.items() if said.get(name)}
    return parts


def _section(name: str, before: tuple[str, Any] | None, after: tuple[str, Any] | None) -> SectionRedline:
    heading = (after or before or ("", None))[0]
    status = Status.CHANGED
    if before == after:
        status = Status.UNCHANGED
    elif before is None:
        status = Status.ADDED
    elif after is None:
        status = Status.REMOVED
    digest = sha256_hex(canonical_json([before and before[1], after and after[1]]))
    return SectionRedline(name, heading, status, (), (), digest)
