"""Storing versions of labels, and what changed between them."""

from itertools import islice, pairwise
from typing import Any

from django.db import IntegrityError, transaction

from monographs.document.canonical import sha256_hex
from monographs.editions.ledger import Event, append_entry
from monographs.editions.person import SYSTEM
from monographs.label_watch.models import LabelStep, LabelVersion
from monographs.labels import Label, LabelComparison, compare_labels, read_label

#: Reasons that are kept of a step: the gravest ones say why it matters, the redline shows them all.
_MOST_REASONS = 20
#: The columns of a step that a label task has, too; see ``findings_of``.
STEP_FINDINGS = ("change_class", "sections", "reasons")


def storable(text: str) -> str:
    """Return a text of a source as the database takes it: without NUL, and no halves of characters."""
    return text.replace("\0", "").encode(errors="replace").decode()


def store_label(data: bytes, label: Label, origin: str) -> LabelVersion:
    """Store the bytes of one version once, with its ledger entry; return its row.

    ``label`` is what ``read_label`` makes of ``data``. One transaction; two processes may store the same.
    """
    digest = sha256_hex(data)
    if found := LabelVersion.objects.filter(sha256=digest).defer("data").first():
        return found
    try:
        with transaction.atomic():
            version = LabelVersion.objects.create(
                set_id=label.set_id,
                version=label.version,
                sha256=digest,
                data=data,
                source_format=label.source_format.value,
                effective=label.effective,
                title=storable(label.title),
                maker=storable(label.maker),
                names=[storable(name) for name in label.names],
                application_numbers=[storable(number) for number in label.application_numbers],
                origin=storable(origin),
            )
            append_entry(Event.LABEL_STORED, SYSTEM, _as_record(version), subject=version.set_id)
    except IntegrityError:
        found = LabelVersion.objects.filter(sha256=digest).defer("data").first()
        if found is None:
            raise
        return found
    return version


def stored_version(set_id: str, version: int, *, like: LabelVersion | None = None) -> LabelVersion | None:
    """Return a stored version of a label, of the format of ``like`` if there is one; without its bytes."""
    rows = list(LabelVersion.objects.filter(set_id=set_id, version=version).defer("data"))
    alike = [row for row in rows if like is None or row.source_format == like.source_format]
    return next(iter([*alike, *rows]), None)


def newest_stored(set_id: str) -> LabelVersion | None:
    """Return the newest stored version of a label, without its bytes."""
    return LabelVersion.objects.filter(set_id=set_id).defer("data").first()


def read_version(version: LabelVersion) -> Label:
    """Return a stored version as a label."""
    return read_label(bytes(version.data))


def _as_record(version: LabelVersion) -> dict[str, Any]:
    return {
        "label": version.set_id,
        "version": version.version,
        "sha256": version.sha256,
        "origin": version.origin,
    }


def compare_stored(set_id: str) -> list[LabelStep]:
    """Compare each stored version of a label with the one before it; return the steps that were missing.

    Versions may be stored in any order, as the files of a folder are. Of two rows of one version the first
    stored counts, or the one of the same format as the version it is compared with.
    """
    rows = list(LabelVersion.objects.filter(set_id=set_id).defer("data").order_by("version", "id"))
    numbers = list(dict.fromkeys(row.version for row in rows))
    by_number = {number: [row for row in rows if row.version == number] for number in numbers}
    known = set(
        LabelStep.objects.filter(newer__set_id=set_id).values_list("older__version", "newer__version")
    )
    return [
        _compare(*_alike(by_number[old], by_number[new]))
        for old, new in pairwise(numbers)
        if (old, new) not in known
    ]


def _alike(older: list[LabelVersion], newer: list[LabelVersion]) -> tuple[LabelVersion, LabelVersion]:
    """Return rows of one format, if there are any; else the first ones."""
    pairs = [(old, new) for old in older for new in newer if old.source_format == new.source_format]
    return pairs[0] if pairs else (older[0], newer[0])


def _compare(older: LabelVersion, newer: LabelVersion) -> LabelStep:
    comparison = compare_labels(read_version(older), read_version(newer))
    step, _ = LabelStep.objects.get_or_create(
        older=older,
        newer=newer,
        defaults={**findings_of(comparison), "notes": list(comparison.notes)},
    )
    return step


def compared_with_stored(stored: LabelVersion, label: Label) -> str:
    """Say how a version that is not newer by its number differs from the stored one, in words for a notice.

    "" if it has its number and says the same. It is not stored: versions are ordered by number, and dates go
    back within one label.
    """
    found = findings_of(compare_labels(read_version(stored), label))
    if label.version == stored.version and not found["change_class"]:
        return ""
    dates = ""
    if label.effective and stored.effective:
        is_later = label.effective > stored.effective
        dates = (
            f"the date {label.effective} is {'' if is_later else 'not '}later than {stored.effective}"
            f"{': the count began again' if is_later else ''}. "
        )
    if not found["change_class"]:
        return f"{dates}Against the stored version: no change of words that a page rests on"
    reason = found["reasons"][0]
    what = f"{reason['why']}: {' '.join(reason['words'])[:200]}"
    sections = ", ".join(found["sections"])
    return f"{dates}Against the stored version: {found['change_class']}, in {sections} ({what})"


def findings_of(comparison: LabelComparison) -> dict[str, Any]:
    """Return the columns that a step and a label task have of a comparison: class, sections, reasons."""
    return {
        "change_class": comparison.change_class or "",
        "sections": [section.value for section in comparison.touched],
        "reasons": _reasons_of(comparison),
    }


def _reasons_of(comparison: LabelComparison) -> list[dict[str, Any]]:
    """Return why the step has its class: per change heading, class, reason and words, the gravest first."""
    changes = [
        (section, change) for section in comparison.sections if section.sections for change in section.changes
    ]
    changes.sort(key=lambda each: each[1].change_class.rank)
    return [
        {
            "code": section.code.code,
            "heading": section.heading,
            "class": change.change_class.value,
            "why": change.reason.why,
            "words": list(change.reason.words),
        }
        for section, change in islice(changes, _MOST_REASONS)
    ]
