"""Which page a text is about: by generic name, address or brand; and which class its class line names."""

import re

from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Lower
from wagtail.coreutils import cautious_slugify

from monographs.document.models import CollectionType
from monographs.imports.errors import ImportRefused
from monographs.models import DrugClassPage, MonographIndexPage, MonographPage

_NOT_A_WORD = re.compile(r"[\W_]+")


def index_of(collection: CollectionType) -> MonographIndexPage:
    """The list under which pages of ``collection`` are kept."""
    index = MonographIndexPage.objects.filter(collection=collection.value).first()
    if index is None:
        raise ImportRefused(f"the site has no list of {collection.value} yet; run setup_site first")
    return index


def find_medicine(name: str, brands: list[str]) -> tuple[MonographPage | None, bool]:
    """The page of a medicine, and whether it has this name (or only shares a brand).

    Raises ``ImportRefused`` when several pages could be meant.
    """
    named = MonographPage.objects.filter(
        Q(title__iexact=name) | Q(draft_title__iexact=name) | Q(slug__iexact=cautious_slugify(name) or "-")
    )
    page = _only(named, name)
    if page is not None:
        return page, True
    # A file may be named by its brand, or give brand and generic name the other way round
    by_brand = {p.pk: p for word in [name, *brands] for p in _with_brand(word)}
    swapped = MonographPage.objects.filter(_any_title(brands)) if brands else MonographPage.objects.none()
    by_brand |= {p.pk: p for p in swapped}
    return _only_of(list(by_brand.values()), " or ".join([name, *brands])), False


def _any_title(names: list[str]) -> Q:
    wanted = Q()
    for name in names:
        wanted |= Q(title__iexact=name)
    return wanted


def _with_brand(brand: str) -> list[MonographPage]:
    joined = Lower(Func(F("brand_names"), Value("\n"), function="array_to_string", output_field=TextField()))
    pages = MonographPage.objects.annotate(brands=joined).filter(brands__contains=brand.lower())
    return [p for p in pages if brand.casefold() in {b.casefold() for b in p.brand_names}]


def _only(pages: QuerySet[MonographPage], name: str) -> MonographPage | None:
    return _only_of(list(pages[:3]), name)


def _only_of(pages: list[MonographPage], name: str) -> MonographPage | None:
    if len(pages) > 1:
        titles = ", ".join(f"“{p.title}” ({p.slug})" for p in pages)
        raise ImportRefused(f"several pages could be meant by {name}: {titles}")
    return pages[0] if pages else None


def find_class(title: str) -> DrugClassPage | None:
    """The class page with this title, whatever its case, hyphens and number."""
    wanted = _class_key(title)
    return next((p for p in DrugClassPage.objects.order_by("path") if _class_key(p.title) == wanted), None)


def _class_key(title: str) -> str:
    words = _NOT_A_WORD.sub(" ", title.casefold()).split()
    return "".join(_singular(word) for word in words)


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
