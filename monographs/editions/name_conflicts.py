"""Two public medicines of one name: readers who look for the one would read the other."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import TextField, UUIDField

from monographs.core.compiled_query import CompiledQuery, Parameter, among
from monographs.core.medicine_names import name_key
from monographs.document import MonographDocument
from monographs.document.models import BaseDocument
from monographs.editions.models import Publication, PublicationState, PublicName

#: Makes ``names`` the only ones of a page. Most new editions change none.
_STORE_NAMES = """
WITH gone AS (DELETE FROM editions_publicname WHERE key = %(key)s AND name_key <> ALL(%(names)s::text[]))
INSERT INTO editions_publicname (key, name_key) SELECT %(key)s, unnest(%(names)s::text[])
ON CONFLICT DO NOTHING
"""


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


def store_public_names(sender: Any, instance: Publication, raw: bool = False, **kwargs: Any) -> None:
    """Receiver of ``post_save`` of a publication: store the names that a current edition makes public."""
    if instance.state != PublicationState.CURRENT:
        return
    names = sorted(_name_keys(instance.edition.title, *instance.edition.brand_names))
    with connection.cursor() as cursor:
        cursor.execute(_STORE_NAMES, {"key": instance.key, "names": names})


def _name_keys(*names: str) -> set[str]:
    return {key for name in names if (key := name_key(name))}


def name_conflicts(document: BaseDocument) -> list[NameConflict]:
    """Return the names of a medicine's ``document`` that belong to another public medicine. One query.

    A generic name may be neither the generic name nor a brand name of another one, and a brand name no
    generic name. Two medicines may share a brand name: a brand can be sold with several substances.
    """
    if not isinstance(document, MonographDocument) or not name_key(document.title):
        return []
    titles, brands = _public_names(document)
    found = list(_among(titles, "title", [document.title]))
    found += _among(brands, "title", [document.title]) if not found else ()
    found += _among(titles, "brand_names", document.brand_names)
    return found


#: Name, title and path of a public page.
_PublicName = tuple[str, str, str]


def _others() -> Any:
    sharing = PublicName.objects.filter(among("name_key", Parameter("names", TextField()))).values("key")
    kind = Parameter("kind", TextField())
    current = Publication.objects.filter(state=PublicationState.CURRENT, edition__kind=kind)
    others = current.filter(key__in=sharing).exclude(key=Parameter("key", UUIDField())).order_by("path")
    return others.values_list("path", "edition__title", "edition__brand_names")


_OTHERS: CompiledQuery[tuple[str, str, list[str] | None]] = CompiledQuery(_others)


def _public_names(document: MonographDocument) -> tuple[list[_PublicName], list[_PublicName]]:
    """Return the generic names and the brand names of the other medicines that share a name with this one.

    Their signed names are returned, all of them; ``PublicName`` only says which medicines these are.
    """
    keys = _name_keys(document.title, *document.brand_names)
    rows = _OTHERS.rows(names=list(keys), kind=document.kind, key=UUID(document.key))
    titles = [(title, title, path) for path, title, _ in rows]
    return titles, [(brand, title, path) for path, title, brands in rows for brand in brands or ()]


def _among(public_names: Iterable[_PublicName], anchor: str, names: Iterable[str]) -> Iterator[NameConflict]:
    wanted = {name_key(name): name for name in names if name_key(name)}
    for name, title, path in public_names if wanted else ():
        key = name_key(name)
        if key in wanted:
            yield NameConflict(anchor, wanted[key], title, path)
