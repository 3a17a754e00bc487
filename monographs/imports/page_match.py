"""Find the pages that a medicine's name may mean, and the page of a drug class by its title."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from django.contrib.auth.models import User
from rapidfuzz.fuzz import ratio
from wagtail.coreutils import cautious_slugify
from wagtail.models import Revision

from monographs.core.medicine_names import name_key
from monographs.document.models import CollectionType
from monographs.imports.errors import ImportRefused
from monographs.imports.name_line import is_listed_qualifier
from monographs.models import DrugClassPage, MonographIndexPage, MonographPage

_NOT_A_WORD = re.compile(r"[\W_]+")
#: Percent. Names at least as alike may be one name, misspelt (vexarubicn), or two (prednisone, prednisolone).
_ALIKE = 86
#: Letters. A word shared by two names makes them similar unless it is shorter, or names a salt or a form.
_SHORTEST_SHARED_WORD = 5
#: More similar names than this would not be read.
_MOST_SIMILAR = 8


class NameSimilarity(IntEnum):
    """Which of a page's names is similar to that of a text, best first."""

    NAME = 0
    BRAND = 1
    SIMILAR = 2


@dataclass(frozen=True, slots=True)
class PageMatch:
    """A page that a text may be about. ``why`` says in which way its names are like the text's."""

    page_id: int
    title: str
    slug: str
    similarity: NameSimilarity
    why: str
    state: str = ""

    @property
    def value(self) -> str:
        """The value of the choice of this page in a form."""
        return str(self.page_id)


@dataclass(frozen=True, slots=True)
class PageMatches:
    """The pages that a text may be about: those of its name, and those with a similar one."""

    exact: list[PageMatch] = field(default_factory=list)
    similar: list[PageMatch] = field(default_factory=list)

    @property
    def only(self) -> PageMatch | None:
        """The one page of exactly this name, None if there is none, or more than one."""
        return self.exact[0] if len(self.exact) == 1 else None

    @property
    def all(self) -> list[PageMatch]:
        """All of them, the most alike first."""
        return [*self.exact, *self.similar]


def index_of(collection: CollectionType) -> MonographIndexPage:
    """Return the index page for pages of ``collection``. Raises ``ImportRefused`` when there is none."""
    index = MonographIndexPage.objects.filter(collection=collection.value).first()
    if index is None:
        raise ImportRefused(f"the site has no index page for {collection.value} yet; run setup_site first")
    return index


def find_medicine(name: str, brands: list[str]) -> PageMatches:
    """Return the pages that a text about ``name`` with ``brands`` may be about. Two queries.

    Pages in another language are other pages; of those with exactly the name none is merely similar.
    """
    language = index_of(CollectionType.MEDICINES).locale_id
    pages = list(MonographPage.objects.filter(alias_of=None, locale=language).order_by("path"))
    ranked = sorted(_matches(pages, name, brands), key=lambda match: match[:2])
    exact = [match for _, _, match in ranked if match.similarity is not NameSimilarity.SIMILAR]
    if any(match.similarity is NameSimilarity.NAME for match in exact):
        exact = [match for match in exact if match.similarity is NameSimilarity.NAME]
    found = {match.page_id for match in exact}
    similar = [match for _, _, match in ranked if match.page_id not in found]
    return PageMatches(exact, similar[:_MOST_SIMILAR])


def _matches(
    pages: Iterable[MonographPage], name: str, brands: list[str]
) -> Iterator[tuple[NameSimilarity, float, PageMatch]]:
    wanted = _WantedName(name, name_key(name), {name_key(brand): brand for brand in brands}, _slug(name))
    for page in pages if wanted.key else ():
        similarity, why = wanted.compare(page)
        if why:
            best = max(ratio(wanted.key, name_key(title)) for title in _titles(page))
            yield similarity, -best, PageMatch(page.pk, page.title, page.slug, similarity, why, _state(page))


def _slug(name: str) -> str:
    return str(cautious_slugify(name))


def _titles(page: MonographPage) -> set[str]:
    return {title for title in (page.draft_title, page.title) if title}


@dataclass(frozen=True, slots=True)
class _WantedName:
    """A text's name and brand names, with their keys."""

    name: str
    key: str
    brands: dict[str, str]
    slug: str

    def compare(self, page: MonographPage) -> tuple[NameSimilarity, str]:
        """Return in which way the names of ``page`` are like these, and why; no reason if they are not."""
        titles = {name_key(title) for title in _titles(page)}
        if self.key in titles:
            return NameSimilarity.NAME, "has this name"
        own = {name_key(brand): brand for brand in page.brand_names}
        if self.key in own:
            return NameSimilarity.BRAND, f"has the brand name {own[self.key]}"
        return NameSimilarity.SIMILAR, self._shared_brand(titles, set(own)) or self._similar(page, titles)

    def _shared_brand(self, titles: set[str], own: set[str]) -> str:
        for key, brand in self.brands.items():
            if key in own:
                return f"has the brand name {brand} too"
            if key in titles:
                return f"is called {brand}"
        return ""

    def _similar(self, page: MonographPage, titles: set[str]) -> str:
        if self.slug and page.slug == self.slug:
            return f"has the address that this name would get ({self.slug})"
        words = _telling_words(self.name)
        if any(words & _telling_words(title) for title in _titles(page)):
            return "has a similar name"
        alike = any(ratio(self.key, title) >= _ALIKE for title in titles)
        return "has a name that looks alike" if alike else ""


def _telling_words(name: str) -> set[str]:
    words = (word for word in _NOT_A_WORD.split(name) if len(word) >= _SHORTEST_SHARED_WORD)
    return {name_key(word) for word in words if not is_listed_qualifier(word)}


def _state(page: MonographPage) -> str:
    if page.live:
        return (
            "patients read it; it has a newer draft" if page.has_unpublished_changes else "patients read it"
        )
    return "draft"


def work_of_others(page: MonographPage, user: User | None) -> list[str]:
    """Return who else than ``user`` saved drafts of a page that patients do not read yet, latest first."""
    drafts = Revision.objects.for_instance(page).exclude(user=None).order_by("-created_at", "-pk")
    if page.live_revision_id:
        drafts = drafts.filter(pk__gt=page.live_revision_id)
    if user is not None:
        drafts = drafts.exclude(user=user)
    people = [revision.user for revision in drafts.select_related("user")]
    return list(dict.fromkeys(person.get_full_name() or person.get_username() for person in people if person))


def find_class(title: str) -> DrugClassPage | None:
    """Return the class page with this title, regardless of case, hyphens and singular or plural."""
    wanted = _class_key(title)
    return next((p for p in DrugClassPage.objects.order_by("path") if _class_key(p.title) == wanted), None)


def class_in(words: str) -> DrugClassPage | None:
    """Return the class page that ``words`` name, or else the most exact one that they end with.

    “BCL-2 inhibitor” is the class “BCL-2 inhibitors”, and a “BCR-ABL kinase inhibitor” one of the “Kinase
    inhibitors”. One query.
    """
    wanted = _class_words(words)
    found: tuple[int, DrugClassPage | None] = (0, None)
    for page in DrugClassPage.objects.order_by("path"):
        own = _class_words(page.title)
        if own and len(own) > found[0] and wanted[-len(own) :] == own:
            found = (len(own), page)
    return found[1]


def _class_key(title: str) -> str:
    return "".join(_class_words(title))


def _class_words(title: str) -> list[str]:
    return [_singular(word) for word in _NOT_A_WORD.sub(" ", title.casefold()).split()]


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
