"""The names of other pages that a document has by value, written anew."""

from collections.abc import Mapping

from monographs.document.models import BaseDocument, MonographDocument, Reference
from monographs.document.parts import Companion, Companions, ConditionPart, Part

#: Another page's key and its name, as ``BaseDocument.borrowed_names`` gives them.
BorrowedName = tuple[str, str]


def with_names(document: BaseDocument, names: Mapping[BorrowedName, str]) -> BaseDocument:
    """Return ``document`` with the names that ``names`` gives in place of those it has; the rest stays."""
    if not isinstance(document, MonographDocument):
        return document  # only medicines name other pages by value
    conditions = (_reference(each, names) for each in document.conditions)
    sections = tuple(
        section.model_copy(update={"parts": tuple(_part(part, names) for part in section.parts)})
        for section in document.sections
    )
    return document.model_copy(
        update={
            "drug_class": document.drug_class and _reference(document.drug_class, names),
            "conditions": tuple(sorted(conditions, key=lambda each: (each.name, each.key))),
            "sections": sections,
        }
    )


def _reference(reference: Reference, names: Mapping[BorrowedName, str]) -> Reference:
    name = names.get((reference.key, reference.name), reference.name)
    return reference.model_copy(update={"name": name})


def _part(part: Part, names: Mapping[BorrowedName, str]) -> Part:
    match part:
        case ConditionPart():
            name = names.get((part.condition, part.condition_name), part.condition_name)
            return part.model_copy(update={"condition_name": name})
        case Companions():
            return part.model_copy(update={"items": tuple(_companion(each, names) for each in part.items)})
        case _:
            return part


def _companion(companion: Companion, names: Mapping[BorrowedName, str]) -> Companion:
    name = names.get((companion.page or "", companion.name), companion.name)
    return companion.model_copy(update={"name": name})
