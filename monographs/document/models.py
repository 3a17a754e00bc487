"""One document model per page type."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from monographs.document.frozen_model import FrozenModel
from monographs.document.html import page_keys
from monographs.document.parts import (
    Advice,
    CommonPart,
    Companions,
    ConditionPart,
    Effects,
    Figure,
    Key,
    Part,
    Text,
)
from monographs.document.sections import Section

#: Raised when the shape of a document changes; stored editions keep the version they were signed with.
SCHEMA_VERSION: Literal[1] = 1

Slug = Annotated[str, Field(pattern=r"^[-a-zA-Z0-9_]+$")]


class CollectionType(StrEnum):
    """What an index page lists; also the first step of its members' public path."""

    MEDICINES = "medicines"
    CLASSES = "classes"
    CONDITIONS = "conditions"

    @property
    def path(self) -> str:
        """Where its members are listed."""
        return f"/{self.value}/"

    def page(self, slug: str) -> str:
        """Where the member called ``slug`` is read."""
        return f"{self.path}{slug}/"


def slug_of(path: str) -> str:
    """The name of a page in its public path: the last step."""
    return path.strip("/").rpartition("/")[2]


class Reference(FrozenModel):
    """Another page of ours, by key, with the name it had when this document was signed."""

    key: Key
    name: str


class Source(FrozenModel):
    """A source the text rests on, numbered from 1 in the order patients see."""

    number: Annotated[int, Field(ge=1)]
    title: str
    publisher: str = ""
    address: str = ""
    date_seen: date | None = None


class Identifiers(FrozenModel):
    """Codes by which other programs know the medicine.

    RxCUI: RxNorm concept; ATC: WHO classification; UNII: FDA substance; SPL: set id and version of the
    label the text was checked against.
    """

    rxcui: tuple[str, ...] = ()
    atc: str = ""
    unii: str = ""
    label_set_id: str = ""
    label_version: str = ""


class Link(FrozenModel):
    """A named address outside the site."""

    label: str
    address: str


class BaseDocument(FrozenModel):
    """What every page says about itself."""

    schema_version: Literal[1] = SCHEMA_VERSION
    key: Key
    slug: Slug
    language: str = "en"
    title: str
    summary: str = ""
    change_note: str = ""
    review_interval_months: Annotated[int, Field(ge=1, le=120)]
    demonstration: bool = False

    @property
    def path(self) -> str:
        """The public path at which this document is read."""
        raise TypeError("a bare document has no public path")

    def all_parts(self) -> Iterator[Part | CommonPart]:
        """Every part, in reading order, those inside condition parts included."""
        for part in self.own_parts():
            yield part
            if isinstance(part, ConditionPart):
                yield from part.parts

    def own_parts(self) -> Iterator[Part | CommonPart]:
        """The outermost parts, in reading order."""
        return iter(())

    def figures(self) -> list[Figure]:
        """Pinned figures, each file once."""
        return list({p.sha256: p for p in self.all_parts() if isinstance(p, Figure)}.values())

    def borrowed_names(self) -> set[tuple[str, str]]:
        """Key and name wherever this document says the name of another page."""
        names: set[tuple[str, str]] = set()
        for part in self.all_parts():
            if isinstance(part, Companions):
                names.update((item.page, item.name) for item in part.items if item.page)
            elif isinstance(part, ConditionPart):
                names.add((part.condition, part.condition_name))
        return names

    def linked_keys(self) -> list[str]:
        """Keys of every page this document points to, sorted, each once."""
        keys: set[str] = set()
        for part in self.all_parts():
            if isinstance(part, Text | Advice | Effects):
                keys.update(page_keys(part.html))
            elif isinstance(part, Companions):
                keys.update(item.page for item in part.items if item.page)
            elif isinstance(part, ConditionPart):
                keys.add(part.condition)
        return sorted(keys)


class MonographDocument(BaseDocument):
    """One medicine. ``title`` is its generic name."""

    kind: Literal["monograph"] = "monograph"
    brand_names: tuple[str, ...] = ()
    pronunciation: str = ""
    drug_class: Reference | None = None
    conditions: tuple[Reference, ...] = ()
    routes: tuple[str, ...] = ()
    identifiers: Identifiers = Identifiers()
    sections: tuple[Section, ...] = ()
    sources: tuple[Source, ...] = ()

    @property
    def path(self) -> str:
        return CollectionType.MEDICINES.page(self.slug)

    def own_parts(self) -> Iterator[Part | CommonPart]:
        for section in self.sections:
            yield from section.parts

    def borrowed_names(self) -> set[tuple[str, str]]:
        references = [*self.conditions, *([self.drug_class] if self.drug_class else [])]
        return super().borrowed_names() | {(reference.key, reference.name) for reference in references}

    def linked_keys(self) -> list[str]:
        keys = set(super().linked_keys()) | {c.key for c in self.conditions}
        if self.drug_class:
            keys.add(self.drug_class.key)
        return sorted(keys)


class _BodyDocument(BaseDocument):
    body: tuple[CommonPart, ...] = ()

    def own_parts(self) -> Iterator[Part | CommonPart]:
        return iter(self.body)


class DrugClassDocument(_BodyDocument):
    """A class of medicines, described."""

    kind: Literal["drug_class"] = "drug_class"

    @property
    def path(self) -> str:
        return CollectionType.CLASSES.page(self.slug)


class ConditionDocument(_BodyDocument):
    """A disease, described."""

    kind: Literal["condition"] = "condition"

    @property
    def path(self) -> str:
        return CollectionType.CONDITIONS.page(self.slug)


class IndexDocument(_BodyDocument):
    """The introduction of a list of medicines, classes or conditions."""

    kind: Literal["index"] = "index"
    collection: CollectionType

    @property
    def path(self) -> str:
        return f"/{self.collection}/"


class InformationDocument(_BodyDocument):
    """A page about the service: how we write, corrections, who pays."""

    kind: Literal["information"] = "information"

    @property
    def path(self) -> str:
        return f"/about/{self.slug}/"


class HomeDocument(_BodyDocument):
    """The home page, and the words that frame every page: organisation, account link, app invitation."""

    kind: Literal["home"] = "home"
    organisation: str
    account_link: Link | None = None
    app_heading: str = ""
    app_text: str = ""
    app_links: tuple[Link, ...] = ()
    notice: str = ""

    @property
    def path(self) -> str:
        return "/"


Document = Annotated[
    MonographDocument
    | DrugClassDocument
    | ConditionDocument
    | IndexDocument
    | InformationDocument
    | HomeDocument,
    Field(discriminator="kind"),
]
_adapter: TypeAdapter[Any] = TypeAdapter(Document)


def parse_document(data: str | bytes) -> Any:
    """The document held by canonical JSON text. Raises ``pydantic.ValidationError`` if it holds none."""
    return _adapter.validate_json(data)
