"""The version of documents after the newest one, as a later release may bring it: one more field."""

from copy import deepcopy
from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, TypeAdapter, create_model

from home.models import HomePage, InformationPage
from monographs.document.models import DOCUMENT_TYPES, SCHEMA_VERSION
from monographs.document.versions import stored_document
from monographs.document.versions.shape import Shape
from monographs.editions.record import edition_rules
from monographs.models import (
    ConditionPage,
    DrugClassPage,
    MonographIndexPage,
    MonographPage,
    StandardTextPage,
)
from monographs.pages import monograph as monograph_page
from monographs.public.queries import parse_cached

NEXT = SCHEMA_VERSION + 1
#: The new field and its default.
FIELD, DEFAULT = "audience", "everybody"


def upgrade(document: dict[str, Any]) -> dict[str, Any]:
    return {**document, "schema_version": NEXT, FIELD: DEFAULT}


def downgrade(document: dict[str, Any]) -> dict[str, Any]:
    older = {name: value for name, value in document.items() if name != FIELD}
    return {**older, "schema_version": SCHEMA_VERSION}


def next_shape() -> Shape:
    """The shape of the newest version with the new field in every kind of document."""
    schema = deepcopy(dict(stored_document.VERSIONS[-1].shape.schema))
    for reference in schema["discriminator"]["mapping"].values():
        definition = schema["$defs"][reference.rpartition("/")[2]]
        definition["properties"] |= {
            FIELD: {"type": "string", "format": "trimmed"},
            "schema_version": {"const": NEXT, "type": "integer"},
        }
        definition["required"].append(FIELD)
    return Shape(schema)


def release_next_version(patch: pytest.MonkeyPatch) -> None:
    """Let the models, the pages and the versions be those of a release with one more version."""
    version = stored_document.DocumentVersion(NEXT, next_shape(), upgrade, downgrade)
    fields: dict[str, Any] = {"schema_version": (Literal[NEXT], NEXT), FIELD: (str, DEFAULT)}
    types: dict[str, Any] = {
        each.__name__: create_model(each.__name__, __base__=each, **fields) for each in DOCUMENT_TYPES
    }
    union: Any = Annotated[reduce(or_, types.values()), Field(discriminator="kind")]
    models: TypeAdapter[Any] = TypeAdapter(union)
    patch.setattr(stored_document, "VERSIONS", [*stored_document.VERSIONS, version])
    patch.setattr(
        stored_document,
        "MODELS",
        [*stored_document.MODELS, models],
    )
    for page in (
        HomePage,
        InformationPage,
        MonographIndexPage,
        DrugClassPage,
        ConditionPage,
        MonographPage,
        StandardTextPage,
    ):
        patch.setattr(page, "document_type", types[page.document_type.__name__])
    patch.setattr(monograph_page, "MonographDocument", types["MonographDocument"])
    patch.setattr(edition_rules, "DOCUMENT_VERSIONS", (*edition_rules.DOCUMENT_VERSIONS, NEXT))
    parse_cached.cache_clear()
