"""Two public medicines of one name: readers who look for the one would read the other."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from monographs.core.medicine_names import name_key
from monographs.document import MonographDocument
from monographs.document.models import BaseDocument
from monographs.editions.models import Publication, PublicationState

#: Key, title and path of a public page.
_PublicName = tuple[UUID, str, str]


@dataclass(frozen=True, slots=True)
class NameConflict:
    """A name of a document that a public page of another medicine has. ``path`` is that page's."""

    anchor: str
    name: str
    title: str
    path: str

    @property
    def message(self) -> str:
        """What is wrong, and what can be done."""
        what = "this name" if self.anchor == "title" else f"the name “{self.name}”"
        return (
            f"Patients read a page of another medicine with {what} already: “{self.title}” ({self.path}). "
            "Give this page the name by which it differs, or change that page instead of this one."
        )


def name_conflicts(document: BaseDocument) -> list[NameConflict]:
    """Return the names of a medicine's ``document`` that belong to another public medicine. One query.

    A generic name may be neither the generic name nor a brand name of another one, and a brand name no
    generic name. Two medicines may share a brand name: a brand can be sold with several substances.
    """
    if not isinstance(document, MonographDocument) or not name_key(document.title):
        return []
    return PublicNames().conflicts(document)


class PublicNames:
    """The names of all public medicines now, by what is compared of them. One query."""

    def __init__(self) -> None:
        self._titles: dict[str, list[_PublicName]] = defaultdict(list)
        self._brands: dict[str, list[_PublicName]] = defaultdict(list)
        current = Publication.objects.filter(
            state=PublicationState.CURRENT, edition__kind=MonographDocument.model_fields["kind"].default
        )
        for row in current.order_by("path").values_list(
            "key", "path", "edition__title", "edition__brand_names"
        ):
            key, path, title, brands = row
            self._titles[name_key(title)].append((key, title, path))
            for brand in brands or ():
                self._brands[name_key(brand)].append((key, title, path))

    def conflicts(self, document: BaseDocument) -> list[NameConflict]:
        """Return the conflicts of ``document`` with the names of other pages."""
        if not isinstance(document, MonographDocument) or not name_key(document.title):
            return []
        found = list(self._among(self._titles, document, "title", [document.title]))
        found += self._among(self._brands, document, "title", [document.title]) if not found else ()
        found += self._among(self._titles, document, "brand_names", document.brand_names)
        return found

    @staticmethod
    def _among(
        public: dict[str, list[_PublicName]], document: BaseDocument, anchor: str, names: Iterable[str]
    ) -> Iterator[NameConflict]:
        own = UUID(document.key)
        for wanted, name in {name_key(name): name for name in names if name_key(name)}.items():
            for key, title, path in public.get(wanted, ()):
                if key != own:
                    yield NameConflict(anchor, name, title, path)
