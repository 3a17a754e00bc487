"""What differs between two documents, place by place, in words a reviewer knows."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from monographs.document import SECTION_ORDER
from monographs.document.models import BaseDocument, MonographDocument


class ChangeKind(StrEnum):
    """What happened to a place."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One place that a patient would read differently."""

    place: str
    kind: ChangeKind
    anchor: str = ""


_LABELS = {
    "title": "Name",
    "slug": "Address",
    "body": "Text",
    "change_note": "What changed",
    "review_interval_months": "Review interval",
    "demonstration": "Mark as demonstration",
}
_UNSEEN = {"schema_version", "kind", "key", "sections"}


def changes(old: BaseDocument | None, new: BaseDocument) -> list[Change]:
    """Every place that differs, in page order; everything counts as added when there is no ``old``."""
    return list(_changes(old, new))


def _changes(old: BaseDocument | None, new: BaseDocument) -> Iterator[Change]:
    for name in type(new).model_fields:
        if name not in _UNSEEN:
            before = getattr(old, name, None) if old else None
            kind = _kind(before, getattr(new, name))
            if kind:
                yield Change(_LABELS.get(name, name.replace("_", " ").capitalize()), kind)
    if isinstance(new, MonographDocument):
        yield from _section_changes(old if isinstance(old, MonographDocument) else None, new)


def _section_changes(old: MonographDocument | None, new: MonographDocument) -> Iterator[Change]:
    before = {section.type: section for section in old.sections} if old else {}
    after = {section.type: section for section in new.sections}
    for section_type in SECTION_ORDER:
        kind = _kind(before.get(section_type), after.get(section_type))
        if kind:
            section = after.get(section_type) or before[section_type]
            yield Change(section.heading, kind, section.anchor if section_type in after else "")


def _kind(before: Any, after: Any) -> ChangeKind | None:
    if before == after or (not before and not after):
        return None
    if not before:
        return ChangeKind.ADDED
    return ChangeKind.CHANGED if after else ChangeKind.REMOVED


_IDENTIFIERS = {
    "rxcui": "RxCUI",
    "atc": "ATC code",
    "unii": "UNII",
    "label_set_id": "Label set id",
    "label_version": "Label version",
}


def beside_the_text(document: BaseDocument) -> list[tuple[str, str]]:
    """What a signature covers and the page as shown does not say, or says in small print only."""
    facts = [
        ("Address", document.path),
        ("What changed", document.change_note or "No note"),
        ("Summary for lists", document.summary or "None"),
        ("Next review", f"{document.review_interval_months} months after a full review"),
    ]
    if isinstance(document, MonographDocument):
        values = document.identifiers.model_dump()
        values["rxcui"] = ", ".join(values["rxcui"])
        facts += [(label, values[name]) for name, label in _IDENTIFIERS.items() if values[name]]
    return facts
