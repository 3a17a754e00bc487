"""A review round: the pages that a reviewer chose to review one after the other, carried by addresses."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from monographs.core.posted_keys import KEY

#: Pages of one review round: an address stays far below the 8 kB that servers accept.
MOST_PAGES = 100
_PAGES = re.compile(rf"{KEY}(\.{KEY})*")


@dataclass(frozen=True, slots=True)
class ReviewRound:
    """The primary keys of the pages of a review round, in order; each once. Empty outside one."""

    pages: tuple[int, ...] = ()

    @classmethod
    def of(cls, pages: Iterable[int]) -> "ReviewRound":
        """Return the review round of ``pages``, without those beyond ``MOST_PAGES``."""
        return cls(tuple(dict.fromkeys(pages))[:MOST_PAGES])

    @classmethod
    def read(cls, text: str) -> "ReviewRound":
        """Return the review round in the query string of an address; an empty one for anything else."""
        return cls.of(map(int, text.split("."))) if _PAGES.fullmatch(text) else cls()

    @property
    def query(self) -> str:
        """The query string of the round; empty outside one."""
        return f"?{urlencode({'round': '.'.join(map(str, self.pages))})}" if self.pages else ""

    def place(self, page: int) -> int:
        """The place of a page in the round, from 1; 0 if it is not in it."""
        return self.pages.index(page) + 1 if page in self.pages else 0

    def address(self, page: int) -> str:
        """The address at which a page is reviewed in this round."""
        return reverse("due:review", args=[page]) + self.query

    def after(self, page: int) -> str:
        """The address after a page: that of the next one, or the list after the last."""
        rest: Sequence[int] = self.pages[self.place(page) :] if page in self.pages else ()
        return self.address(rest[0]) if rest else reverse("due:list")
