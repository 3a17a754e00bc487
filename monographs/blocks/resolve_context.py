"""What a block needs beside its own value to become part of a document."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup
from wagtail.models import Page

from monographs.document.html import PAGE_KEY_ATTRIBUTE, sanitise


@dataclass(frozen=True)
class ResolveContext:
    """State of resolving one page: the number of each source, and images read, by the hash of their bytes."""

    source_numbers: Mapping[str, int] = field(default_factory=dict)
    images: dict[str, Any] = field(default_factory=dict)
    pinned: dict[str, bytes] = field(default_factory=dict)

    def numbers(self, references: str) -> tuple[int, ...]:
        """Numbers of the sources named in ``references`` (comma-separated), unknown ones left out."""
        return tuple(sorted({self.source_numbers[r] for r in split(references) if r in self.source_numbers}))


def split(references: str) -> list[str]:
    """Source references as writers type them: separated by commas, case and space ignored."""
    return [r.strip().lower() for r in (references or "").split(",") if r.strip()]


def resolve_html(value: Any) -> str:
    """Rich text as a document holds it: page links by key, everything else reduced to a leaflet's tags."""
    source: str = getattr(value, "source", value) or ""
    if 'linktype="page"' not in source:
        return sanitise(source)
    soup = BeautifulSoup(source, "html.parser")
    # Pairs, not a dict: two equal links are equal to a dict as well
    links = [(link, str(link.get("id", ""))) for link in soup.find_all("a", attrs={"linktype": "page"})]
    keys = _keys({int(number) for _, number in links if number.isdecimal()})
    for link, number in links:
        link.attrs = {PAGE_KEY_ATTRIBUTE: keys[number]} if number in keys else {}
    return sanitise(str(soup))


def _keys(ids: set[int]) -> dict[str, str]:
    rows = Page.objects.filter(pk__in=ids).values_list("pk", "translation_key")
    return {str(pk): str(key) for pk, key in rows}
