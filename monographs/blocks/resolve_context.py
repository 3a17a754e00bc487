"""State shared by the blocks of one page while they are converted into a document."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup
from wagtail.models import Page

from monographs.document.html import MAX_LIST_LEVELS, PAGE_KEY_ATTRIBUTE, list_levels, sanitise
from monographs.document.models import StandardTextUse

#: Digits of the largest possible primary key.
_MAX_DIGITS = 19


@dataclass(frozen=True)
class ResolveContext:
    """The page's language, numbers of sources by reference, images and their bytes by SHA-256.

    ``standard_texts`` are those that were included so far, by version.
    """

    source_numbers: Mapping[str, int] = field(default_factory=dict)
    language: str = ""
    images: dict[str, Any] = field(default_factory=dict)
    image_data: dict[str, bytes] = field(default_factory=dict)
    standard_texts: dict[str, StandardTextUse] = field(default_factory=dict)

    def numbers(self, references: str) -> tuple[int, ...]:
        """Return the numbers of the sources in ``references`` (comma-separated) without unknown ones."""
        return tuple(
            sorted({self.source_numbers[r] for r in split_references(references) if r in self.source_numbers})
        )

    def included_texts(self) -> tuple[StandardTextUse, ...]:
        """Return the standard texts that were included, as a document names them."""
        return tuple(sorted(self.standard_texts.values(), key=lambda use: (use.title, use.key, use.number)))


def split_references(references: str) -> list[str]:
    """Split source references as writers type them: separated by commas, case and spaces ignored."""
    return [r.strip().lower() for r in (references or "").split(",") if r.strip()]


class ListLevelsError(ValueError):
    """Lists are nested too deeply. The message says how to fix it."""


def check_lists(value: Any) -> None:
    """Raise ``ListLevelsError`` for rich text whose lists are nested more than ``MAX_LIST_LEVELS`` deep."""
    levels = list_levels(getattr(value, "source", value) or "")
    if levels > MAX_LIST_LEVELS:
        raise ListLevelsError(
            f"Lists are nested {levels} levels deep here; at most {MAX_LIST_LEVELS} are allowed. Make the "
            "inner items a list of their own, below a sentence or a heading."
        )


def resolve_html(value: Any) -> str:
    """Return rich text as a document holds it: sanitised, with links to pages by key.

    Raises ``ListLevelsError`` rather than leave out levels of a list.
    """
    check_lists(value)
    source: str = getattr(value, "source", value) or ""
    if 'linktype="page"' not in source:
        return sanitise(source)
    soup = BeautifulSoup(source, "html.parser")
    # Pairs, not a dict: BeautifulSoup tags with equal content are equal keys
    links = [(link, str(link.get("id", ""))) for link in soup.find_all("a", attrs={"linktype": "page"})]
    keys = _keys({int(number) for _, number in links if number.isdecimal() and len(number) <= _MAX_DIGITS})
    for link, number in links:
        link.attrs = {PAGE_KEY_ATTRIBUTE: keys[number]} if number in keys else {}
    return sanitise(str(soup))


def _keys(ids: set[int]) -> dict[str, str]:
    rows = Page.objects.filter(pk__in=ids).values_list("pk", "translation_key")
    return {str(pk): str(key) for pk, key in rows}
