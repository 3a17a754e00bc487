"""Searching the drafts of all pages for words, in a fixed number of queries."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import QuerySet
from wagtail.models import Page

from monographs.models import ReviewedPage, reviewed_page_models
from monographs.review.models.review_bundle import MOST_PAGES
from monographs.review.replacement.draft_obstacles import DraftObstacles
from monographs.review.replacement.draft_texts import PlacedHit, StoredTexts
from monographs.review.replacement.word_pattern import WordPattern

#: Occurrences on one screen, of at most the pages of a bundle; so the most that are replaced at once.
MOST_HITS = 600


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page in whose draft the words were found; ``obstacle`` says why it is left out, if it is."""

    page: Page
    revision: int
    hits: tuple[PlacedHit, ...]
    obstacle: str

    @property
    def choices(self) -> list[tuple[str, PlacedHit]]:
        """The occurrences, each with what a form sends for it: page, revision and number."""
        return [(f"{self.page.pk}:{self.revision}:{placed.number}", placed) for placed in self.hits]


@dataclass(frozen=True, slots=True)
class DraftSearch:
    """What was found; ``more`` is true if not all of it is here."""

    pages: tuple[FoundPage, ...]
    more: bool

    @property
    def possible(self) -> tuple[FoundPage, ...]:
        """The pages in which the words can be replaced."""
        return tuple(found for found in self.pages if not found.obstacle)

    @property
    def left_out(self) -> tuple[FoundPage, ...]:
        """The pages in which they cannot."""
        return tuple(found for found in self.pages if found.obstacle)

    @property
    def count(self) -> int:
        """How many occurrences can be replaced."""
        return sum(len(found.hits) for found in self.possible)


def search_drafts(user: User, pattern: WordPattern) -> DraftSearch:
    """Return the pages in whose latest draft the words of ``pattern`` are, by title."""
    found: list[tuple[Page, tuple[PlacedHit, ...]]] = []
    total, more = 0, False
    for page, hits in _pages_with_hits(pattern):
        if len(found) == MOST_PAGES or total + len(hits) > MOST_HITS:
            more = True
            break
        found.append((page, hits))
        total += len(hits)
    obstacles = DraftObstacles.of(user, [page for page, _ in found])
    return DraftSearch(
        tuple(
            FoundPage(page, page.latest_revision_id, hits, obstacles.of_page(page)) for page, hits in found
        ),
        more,
    )


def _pages_with_hits(pattern: WordPattern) -> Iterator[tuple[Page, tuple[PlacedHit, ...]]]:
    for page in _candidates(pattern).iterator(chunk_size=50):
        model = page.specific_class
        if model is None or not issubclass(model, ReviewedPage):
            continue
        if hits := StoredTexts(page.latest_revision.content, model).hits(pattern):
            yield page, tuple(hits)


def _candidates(pattern: WordPattern) -> QuerySet[Page]:
    """Return the pages with a draft in which the words may be.

    Without accents every draft must be read, because the database compares characters as they are. It looks
    for letters without accents and digits only: in stored texts other characters are escaped (JSON).
    """
    types = reviewed_page_models()
    pages = Page.objects.type(*types).filter(alias_of=None).exclude(latest_revision=None)
    longest = max(re.findall(r"[A-Za-z0-9]+", pattern.words), key=len, default="")
    if longest and not pattern.ignore_accents:
        pages = pages.filter(latest_revision__content__icontains=longest)
    found: QuerySet[Page] = pages.select_related("latest_revision").order_by("title", "pk")
    return found
