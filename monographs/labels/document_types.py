"""Which documents are labels of medicines for people, and why others are refused."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from monographs.labels.label_error import LabelRefused

#: Words of types whose code is not in the list; animals and devices have several.
_NOT_FOR_PEOPLE = {
    "ANIMAL": "this is the label of a medicine for animals",
    "VETERINARY": "this is the label of a medicine for animals",
    "DEVICE": "this is the label of a device, not of a medicine",
    "COSMETIC": "this is the label of a cosmetic, not of a medicine",
    "SUPPLEMENT": "this is the label of a dietary supplement, not of a medicine",
}
#: New animal drug applications and their abbreviated and conditional forms.
_ANIMAL_APPLICATIONS = ("NADA", "ANADA", "CNADA")


@cache
def _types() -> dict[str, dict[str, Any]]:
    path = Path(__file__).with_name("document_types.toml")
    return {entry["code"]: entry for entry in tomllib.loads(path.read_text("utf-8"))["type"]}


def check_document_type(code: str, name: str) -> None:
    """Refuse a document whose type is none of a medicine for people."""
    if known := _types().get(code):
        if not known["read"]:
            raise LabelRefused(f"{known['reason']} ({known['name'].lower()}); follow the one for people")
        return
    check_product_type(name)
    raise LabelRefused(
        f"documents of type {name or 'without a name'} ({code or 'no code'}) are not read; "
        "add it to document_types.toml if it is the label of a medicine for people"
    )


def check_product_type(name: str) -> None:
    """Refuse a type, by its name, that is not of a medicine for people. An unknown one passes."""
    for word, reason in _NOT_FOR_PEOPLE.items():
        if word in name.upper():
            raise LabelRefused(f"{reason} ({name.lower()}); follow the one for people")


def check_application(number: str) -> None:
    """Refuse a product that was approved for animals, whatever type its document says."""
    if number.upper().startswith(_ANIMAL_APPLICATIONS):
        raise LabelRefused(
            f"its application {number} is one of a medicine for animals; follow the one for people"
        )
