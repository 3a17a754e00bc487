"""Where standard texts are used: in the editions that patients read, and in drafts."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Count
from wagtail.models import Page
from wagtail.query import PageQuerySet

from monographs.blocks.standard_text_block import TextVersion
from monographs.editions.models import Edition, IncludedText, PublicationState
from monographs.review.models import DraftStandardText
from monographs.review.replacement.stored_versions import INCLUDING_PAGES


@dataclass(slots=True)
class UsingPage:
    """A page that uses a standard text: the versions that patients read, and those in its draft.

    ``page`` is None for one whose row in Wagtail's table is missing, and before ``add_pages``.
    """

    key: uuid.UUID
    title: str
    public: list[TextVersion] = field(default_factory=list)
    draft: list[TextVersion] = field(default_factory=list)
    page: Page | None = None

    def is_older(self, newest: Edition | None) -> bool:
        """Whether its draft, or what patients read, has other words than ``newest``."""
        return newest is not None and any(
            version.sha256 != newest.sha256 for version in (*self.public, *self.draft)
        )

    def has_withdrawn(self, withdrawn: int) -> bool:
        """Whether it has a version up to the number ``withdrawn``."""
        return any(version.number <= withdrawn for version in (*self.public, *self.draft))


def public_text_versions(key: uuid.UUID | None = None) -> Iterator[tuple[uuid.UUID, str, TextVersion]]:
    """Yield page, title and version for each standard text, or for one, in each public edition. One query."""
    rows = IncludedText.objects.filter(edition__publications__state=PublicationState.CURRENT)
    if key is not None:
        rows = rows.filter(key=key)
    columns = ("edition__key", "edition__title", "key", "number", "sha256")
    for page, title, text, number, sha256 in rows.order_by("edition__title", "number").values_list(*columns):
        yield page, title, TextVersion(str(text), number, sha256)


def pages_with_other_words(newest: Iterable[Edition]) -> dict[uuid.UUID, int]:
    """Return, by text, how many pages patients read in other words than ``newest``. A query."""
    texts = {edition.key: edition.sha256 for edition in newest}
    rows = IncludedText.objects.filter(
        key__in=texts, edition__publications__state=PublicationState.CURRENT
    ).exclude(sha256__in=texts.values())
    counted = rows.order_by().values_list("key").annotate(Count("edition__key", distinct=True))
    return dict(counted)


def where_used(key: uuid.UUID) -> list[UsingPage]:
    """Return the pages that use the standard text ``key``, by title. Three queries."""
    found: dict[uuid.UUID, UsingPage] = {}
    for page_key, title, version in public_text_versions(key):
        found.setdefault(page_key, UsingPage(page_key, title)).public.append(version)
    for row in DraftStandardText.objects.filter(text=key).order_by("pk"):
        found.setdefault(row.key, UsingPage(row.key, "")).draft.append(row.version)
    titles = _pages_of(found).values_list("translation_key", "draft_title")
    for page_key, title in titles:
        found[page_key].title = found[page_key].title or title
    return sorted(found.values(), key=lambda use: (use.title.casefold(), str(use.key)))


def add_pages(uses: Iterable[UsingPage]) -> None:
    """Read the pages of ``uses``: not of all that use a text, which may be thousands. One query."""
    found = {use.key: use for use in uses}
    for page in _pages_of(found):
        found[page.translation_key].page = page


def _pages_of(keys: Iterable[uuid.UUID]) -> PageQuerySet[Page]:
    return Page.objects.type(*INCLUDING_PAGES).filter(translation_key__in=keys, alias_of=None)
