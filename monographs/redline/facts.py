"""What a page says beside its sections: names, address, summary, codes."""

from collections.abc import Iterator
from typing import Any

from monographs.redline.units import Unit, unit

_LABELS = {
    "title": "Name",
    "slug": "Address of the page",
    "change_note": "What changed",
    "review_interval_months": "Review interval",
    "demonstration": "Mark as demonstration",
    "brand_names": "Brand name",
    "drug_class": "Drug class",
    "conditions": "Condition",
    "routes": "Route",
    "rxcui": "RxCUI",
    "atc": "ATC code",
    "unii": "UNII",
    "label_set_id": "Label set id",
    "label_version": "Label version",
    "account_link": "Account link",
    "app_links": "App link",
}
#: Codes and addresses: their figures are no doses.
CODES = frozenset(_LABELS[name] for name in ("slug", "rxcui", "atc", "unii", "label_set_id", "label_version"))


def units_of_facts(facts: dict[str, Any]) -> Iterator[Unit]:
    """Every field of ``facts`` (a document's JSON), also those this room has never heard of."""
    for name, value in facts.items():
        yield from _field(name, value)


def _field(name: str, value: Any) -> Iterator[Unit]:
    label = _LABELS.get(name, name.replace("_", " ").capitalize())
    match value:
        case None | "" | False:
            return
        case True:
            yield unit("field", "yes", label=label)
        case {"key": key, "name": text}:
            yield unit("field", text, label=label, address=f"page:{key}")
        case {"label": text, "address": address}:
            yield unit("field", text, label=label, address=address)
        case dict():
            yield from units_of_facts(value)
        case list():
            for each in value:
                yield from _field(name, each)
        case _:
            said = f"{value} months" if name.endswith("_months") else str(value)
            yield unit("field", said, label=label)
