"""A page's fields other than its text (names, slug, summary, codes) as units."""

from collections.abc import Iterator
from typing import Any

from monographs.core.translation_marks import gettext_noop as _
from monographs.redline.unit_lines import Unit
from monographs.redline.units import unit
from monographs.redline.vocabulary import CHANGE_NOTE, YES

_LABELS = {
    "title": _("Name"),
    "language": _("Language"),
    "slug": _("Address of the page"),
    "summary": _("Summary"),
    "change_note": CHANGE_NOTE,
    "review_interval_months": _("Review interval in months"),
    "demonstration": _("Marked as demonstration"),
    "pronunciation": _("Pronunciation"),
    "brand_names": _("Brand name"),
    "drug_class": _("Drug class"),
    "conditions": _("Condition"),
    "routes": _("Route"),
    "rxcui": _("RxCUI"),
    "atc": _("ATC code"),
    "unii": _("UNII"),
    "label_set_id": _("Label set id"),
    "label_version": _("Label version"),
    "collection": _("Collection"),
    "organisation": _("Organisation"),
    "account_link": _("Account link"),
    "app_heading": _("App heading"),
    "app_text": _("App text"),
    "app_links": _("App link"),
    "notice": _("Notice"),
    "if_nobody_answers": _("If nobody answers"),
    "standard_texts": _("Standard text"),
}
#: Labels of codes and addresses: a number in them is no dose.
CODES = frozenset(_LABELS[name] for name in ("slug", "rxcui", "atc", "unii", "label_set_id", "label_version"))


def units_of_facts(facts: dict[str, Any]) -> Iterator[Unit]:
    """Yield a unit for every non-empty field of ``facts`` (a document's JSON), also for unknown fields."""
    for name, value in facts.items():
        yield from _field(name, value)


def _field(name: str, value: Any) -> Iterator[Unit]:
    label = _LABELS.get(name, name.replace("_", " ").capitalize())
    match value:
        case None | "" | False:
            return
        case True:
            yield unit("mark", YES, label=label)
        case dict() if reference := _reference(value):
            text, address = reference
            yield unit("field", text, label=label, address=address)
        case dict():
            yield from units_of_facts(value)
        case list():
            for each in value:
                yield from _field(name, each)
        case _:
            yield unit("field", str(value), label=label)


def _reference(value: dict[str, Any]) -> tuple[str, str] | None:
    """Return name and address of what ``value`` refers to; None if it is no reference."""
    match value:
        case {"key": key, "name": text}:
            return text, f"page:{key}"
        case {"key": key, "title": text, "number": number, "sha256": sha256}:
            return f"{text}, version {number}", f"edition:{key}/{sha256}"
        case {"label": text, "address": address}:
            return text, address
    return None
