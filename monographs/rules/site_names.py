"""The names that pages of this site have, in the forms in which rules look for them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.db import connection

from monographs.models import DrugClassPage, MonographPage
from monographs.rules.readability import Names
from monographs.rules.word_lookup import words_in

#: A number that changes with the names of any page. The database reads them in a tenth of the time that it
#: takes to send them.
_FINGERPRINT = """SELECT sum(
        hashtextextended(concat_ws(chr(31), p.title, m.brand_names::text, p.translation_key::text), 0)
    )
    FROM wagtailcore_page AS p
    LEFT JOIN monographs_monographpage AS m ON m.page_ptr_id = p.id
    LEFT JOIN monographs_drugclasspage AS c ON c.page_ptr_id = p.id
    WHERE m.page_ptr_id IS NOT NULL OR c.page_ptr_id IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class BrandSpelling:
    """How the page ``key``, called ``title``, writes a brand."""

    brand: str
    title: str
    key: str


@dataclass(frozen=True)
class SiteNames:
    """Names of medicines, brands and classes.

    Texts are checked whenever a writer pauses, so each form of the names is made once for all of them.

    ``brands``: brand name in lower case → generic name. ``spellings``: brand in letters alone → how each
    page that has it writes it.
    """

    names: frozenset[str] = frozenset()
    brands: Mapping[str, str] = field(default_factory=dict)
    spellings: Mapping[str, tuple[BrandSpelling, ...]] = field(default_factory=dict)

    @cached_property
    def lowered(self) -> frozenset[str]:
        """The names in lower case."""
        return frozenset(name.lower() for name in self.names)

    @cached_property
    def parts(self) -> frozenset[str]:
        """What spaces separate in the names."""
        return frozenset(part for name in self.names for part in name.split())

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the names that can be misspelt, in lower case."""
        return words_of_names(self.names)

    @cached_property
    def measured(self) -> Names:
        """The names as reading grades leave them out."""
        return Names(self.names)

    @cached_property
    def _brands_by_first_word(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for brand, generic in self.brands.items():
            if brand.strip() and generic.strip():
                found.setdefault(first_word(brand), []).append(brand)
        return found

    def brands_that_begin(self, words: Iterable[str]) -> Iterator[str]:
        """Yield the brands whose first word is one of ``words``, in lower case."""
        for word in words:
            yield from self._brands_by_first_word.get(word, ())

    def spelling_elsewhere(self, letters: str, key: str) -> BrandSpelling | None:
        """Return how a page other than ``key`` writes the brand ``letters``; None if no other has it."""
        return next((each for each in self.spellings.get(letters, ()) if each.key != key), None)


def letters_of(name: str) -> str:
    """Return the letters and digits of a name in lower case, by which two spellings of it are the same."""
    return re.sub(r"[\W_]+", "", name.casefold())


def first_word(brand: str) -> str:
    """Return what a brand begins with, up to a space or a sign other than a hyphen."""
    return re.split(r"[^\w-]", brand, maxsplit=1)[0]


def words_of_names(names: frozenset[str]) -> frozenset[str]:
    """Return each word of ``names`` that can be misspelt, in lower case."""
    return frozenset(word.lower() for name in names for _, word in words_in(name))


#: The names that this process read last, with their fingerprint.
_last: tuple[int | None, SiteNames] = (None, SiteNames())


def site_names() -> SiteNames:
    """Return the names of all medicines and classes, drafts included. One query, or three if any changed."""
    global _last  # noqa: PLW0603  # replaced as a whole, so that threads need no lock
    with connection.cursor() as cursor:
        cursor.execute(_FINGERPRINT)
        (fingerprint,) = cursor.fetchone()
    known, names = _last
    if fingerprint is None:
        return SiteNames()
    if fingerprint != known:
        names = _read()
        _last = (fingerprint, names)
    return names


def _read() -> SiteNames:
    names = set(DrugClassPage.objects.values_list("title", flat=True))
    brands: dict[str, str] = {}
    spellings: dict[str, list[BrandSpelling]] = {}
    rows = MonographPage.objects.order_by("-pk").values_list("title", "brand_names", "translation_key")
    for title, brand_names, key in rows:
        names.update([title, *brand_names])
        for brand in brand_names:
            brands.setdefault(brand.lower(), title)
            spellings.setdefault(letters_of(brand), []).append(BrandSpelling(brand, title, str(key)))
    return SiteNames(
        frozenset(names), brands, {letters: tuple(found) for letters, found in spellings.items()}
    )
