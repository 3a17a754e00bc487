"""Document types, one per page type."""

from abc import abstractmethod
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from operator import not_
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, NamedTuple, get_args

from pydantic import Field

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
    Sha256,
    Table,
    Text,
)
from monographs.document.public_path import fill_pattern
from monographs.document.sections import Section

#: Incremented when the shape of documents changes; stored editions keep the version they were signed with
#: and are read with it (``versions/``).
SCHEMA_VERSION: Literal[3] = 3

Slug = Annotated[str, Field(pattern=r"^[-a-zA-Z0-9_]+$")]

#: Paths below this are of signed texts that the public site does not show.
KEPT_FOLDER = "/standard-texts/"


def is_for_patients(path: str) -> bool:
    """Return whether a path, or the pattern of one, is an address that patients have."""
    return not path.startswith(KEPT_FOLDER)


class CollectionType(StrEnum):
    """What an index page lists; also the first segment of its members' public path."""

    MEDICINES = "medicines"
    CLASSES = "classes"
    CONDITIONS = "conditions"

    @property
    def path(self) -> str:
        """The public path of the list."""
        return f"/{self.value}/"

    def page(self, slug: str) -> str:
        """The public path of the member with this slug."""
        return f"{self.path}{slug}/"


def slug_of(path: str) -> str:
    """Return the slug in a page's public path: its last segment."""
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


class StandardTextUse(FrozenModel):
    """A signed standard text whose words are in this document: its page's key, its name, edition and hash."""

    key: Key
    title: str
    number: Annotated[int, Field(ge=1)]
    sha256: Sha256


class Link(FrozenModel):
    """A named address outside the site."""

    label: str
    address: str


class LocatedPart(NamedTuple):
    """A part of a document and where it is.

    ``section`` is None in a document without sections. ``condition`` is the part for one condition that holds
    this one, None for a top-level part.
    """

    part: Part | CommonPart
    section: Section | None = None
    condition: ConditionPart | None = None


class BaseDocument(FrozenModel):
    """What every page says about itself."""

    #: The public path, with the document's fields in braces.
    path_pattern: ClassVar[str]
    if TYPE_CHECKING:

        @property
        def kind(self) -> str:
            """The discriminator of ``Document``; a field of every document type."""

    schema_version: Literal[3] = SCHEMA_VERSION
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
        return fill_pattern(self.path_pattern, self)

    @abstractmethod
    def top_level_parts(self) -> Iterator[LocatedPart]:
        """Yield the parts that are not inside another, in reading order."""

    def walk(self) -> Iterator[LocatedPart]:
        """Yield every part in reading order; those for one condition come after the part that holds them."""
        for located in self.top_level_parts():
            yield located
            if isinstance(located.part, ConditionPart):
                for inner in located.part.parts:
                    yield LocatedPart(inner, located.section, located.part)

    def all_parts(self) -> Iterator[Part | CommonPart]:
        """Yield every part in reading order, without its place."""
        return (located.part for located in self.walk())

    def figures(self) -> list[Figure]:
        """Figures, each file once."""
        return list({p.sha256: p for p in self.all_parts() if isinstance(p, Figure)}.values())

    def borrowed_names(self) -> set[tuple[str, str]]:
        """Key and name of every other page that this document names."""
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
            elif isinstance(part, Table):
                keys.update(key for cell in part.cells for key in page_keys(cell))
            elif isinstance(part, Companions):
                keys.update(item.page for item in part.items if item.page)
            elif isinstance(part, ConditionPart):
                keys.add(part.condition)
        return sorted(keys)


class MonographDocument(BaseDocument):
    """One medicine. ``title`` is its generic name."""

    path_pattern = CollectionType.MEDICINES.page("{slug}")

    kind: Literal["monograph"] = "monograph"
    brand_names: tuple[str, ...] = ()
    pronunciation: str = ""
    drug_class: Reference | None = None
    conditions: tuple[Reference, ...] = ()
    routes: tuple[str, ...] = ()
    identifiers: Identifiers = Identifiers()
    sections: tuple[Section, ...] = ()
    sources: tuple[Source, ...] = ()
    #: Where words of ``sections`` come from; the words themselves are parts like all others.
    standard_texts: tuple[StandardTextUse, ...] = ()

    def top_level_parts(self) -> Iterator[LocatedPart]:
        return (LocatedPart(part, section) for section in self.sections for part in section.parts)

    def borrowed_names(self) -> set[tuple[str, str]]:
        references = [*self.conditions, *([self.drug_class] if self.drug_class else [])]
        return super().borrowed_names() | {(reference.key, reference.name) for reference in references}

    def linked_keys(self) -> list[str]:
        keys = set(super().linked_keys()) | {c.key for c in self.conditions}
        if self.drug_class:
            keys.add(self.drug_class.key)
        return sorted(keys)


class BodyDocument(BaseDocument):
    """A document whose text is one list of parts, without sections."""

    body: tuple[CommonPart, ...] = ()

    def top_level_parts(self) -> Iterator[LocatedPart]:
        return (LocatedPart(part) for part in self.body)


class IncludingBodyDocument(BodyDocument):
    """A body document that can include standard texts."""

    #: Where words of ``body`` come from. A text without standard texts is stored without this field, as it
    #: was before there was one, so its hash stays.
    standard_texts: Annotated[
        tuple[StandardTextUse, ...], Field(exclude_if=not_, json_schema_extra={"minItems": 1})
    ] = ()


class DrugClassDocument(IncludingBodyDocument):
    """A class of medicines, described."""

    path_pattern = CollectionType.CLASSES.page("{slug}")

    kind: Literal["drug_class"] = "drug_class"


class ConditionDocument(IncludingBodyDocument):
    """A disease, described."""

    path_pattern = CollectionType.CONDITIONS.page("{slug}")

    kind: Literal["condition"] = "condition"


class InformationDocument(BodyDocument):
    """A page about the service: how we write, corrections, who pays."""

    path_pattern = "/about/{slug}/"

    kind: Literal["information"] = "information"


class StandardTextDocument(BodyDocument):
    """A text that other pages include word for word. Its path is of the record, no address for patients."""

    path_pattern = f"{KEPT_FOLDER}{{slug}}/"

    kind: Literal["standard_text"] = "standard_text"


class IndexDocument(BodyDocument):
    """The introduction of a list of medicines, classes or conditions."""

    path_pattern = "/{collection}/"

    kind: Literal["index"] = "index"
    collection: CollectionType


class HomeDocument(BodyDocument):
    """The home page, and the words that frame every page: organisation, account link, app invitation.

    ``if_nobody_answers`` ends every box that says to call: what to do when the call is not answered.
    """

    path_pattern = "/"

    kind: Literal["home"] = "home"
    organisation: str
    account_link: Link | None = None
    app_heading: str = ""
    app_text: str = ""
    app_links: tuple[Link, ...] = ()
    notice: str = ""
    if_nobody_answers: str = ""


Document = Annotated[
    MonographDocument
    | DrugClassDocument
    | ConditionDocument
    | InformationDocument
    | StandardTextDocument
    | IndexDocument
    | HomeDocument,
    Field(discriminator="kind"),
]

DOCUMENT_TYPES: tuple[type[BaseDocument], ...] = get_args(get_args(Document)[0])
#: The pattern of the public path by kind of document.
PATH_PATTERNS: dict[str, str] = {
    document_type.model_fields["kind"].default: document_type.path_pattern for document_type in DOCUMENT_TYPES
}
