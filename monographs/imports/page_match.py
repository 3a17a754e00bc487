"""Find the page of a medicine by generic name, slug or brand, and the page of a drug class by title."""

import re

from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Lower
from wagtail.coreutils import cautious_slugify

from monographs.document.models import CollectionType
from monographs.imports.errors import ImportRefused
from monographs.models import DrugClassPage, MonographIndexPage, MonographPage

_NOT_A_WORD = re.compile(r"[\W_]+")


def index_of(collection: CollectionType) -> MonographIndexPage:
    """Return the index page for pages of ``collection``. Raises ``ImportRefused`` when there is none."""
    index = MonographIndexPage.objects.filter(collection=collection.value).first()
    if index is None:
        raise ImportRefused(f"the site has no index page for {collection.value} yet; run setup_site first")
    return index


def find_medicine(name: str, brands: list[str]) -> tuple[MonographPage | None, bool]:
    """Return the page of a medicine, and whether it was found by its name (and not only by a brand).

    Raises ``ImportRefused`` when several pages match.
    """
    named = MonographPage.objects.filter(
        Q(title__iexact=name) | Q(draft_title__iexact=name) | Q(slug__iexact=cautious_slugify(name) or "-")
    )
    page = _only(named, name)
    if page is not None:
        return page, True
    # A file may be named after a brand, or swap brand and generic name
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
        raise ImportRefused(f"several pages match {name}: {titles}")
    return pages[0] if pages else None


def find_class(title: str) -> DrugClassPage | None:
    """Return the class page with this title, regardless of case, hyphens and singular or plural."""
    wanted = _class_key(title)
    return next((p for p in DrugClassPage.objects.order_by("path") if _class_key(p.title) == wanted), None)


def _class_key(title: str) -> str:
    words = _NOT_A_WORD.sub(" ", title.casefold()).split()
    return "".join(_singular(word) for word in words)


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
