"""The texts of a page's stored draft in which words can be replaced, found by the types of its blocks.

Names, identifiers, choices, addresses, sources and standard texts are none: only what the page's writers
wrote as running text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wagtail import blocks
from wagtail.models import Page

from monographs.review.replacement.stored_leaves import StoredLeaf, StoredStreams
from monographs.review.replacement.word_pattern import Hit, Replacement, WordPattern

#: A field of pages with running text, before those of ``STREAMS``.
SUMMARY = "summary"
#: Fields of blocks that hold no text of their own.
_NO_TEXT = frozenset({"sources", "reference"})


@dataclass(slots=True)
class DraftText:
    """A text of a draft: where it stands in words, its value, and what holds it (``holder[name]``)."""

    place: str
    value: str
    is_html: bool
    holder: Any
    name: Any


@dataclass(frozen=True, slots=True)
class PlacedHit:
    """An occurrence in a draft, by its number among all of the draft (from 0), and where it stands."""

    number: int
    place: str
    hit: Hit


class StoredTexts:
    """The running texts of the stored ``content`` of a revision of a page of type ``model``."""

    def __init__(self, content: Mapping[str, Any], model: type[Page]) -> None:
        self._streams = StoredStreams(content, model)
        self._summary: dict[str, Any] = {}
        self.texts: list[DraftText] = []
        if content.get(SUMMARY):
            self._summary[SUMMARY] = content[SUMMARY]
            self.texts.append(DraftText("Summary", content[SUMMARY], False, self._summary, SUMMARY))
        self.texts += filter(None, map(_text_of, self._streams.leaves))

    def hits(self, pattern: WordPattern) -> list[PlacedHit]:
        """Return the occurrences in all texts, in reading order."""
        found = ((text, hit) for text in self.texts for hit in pattern.hits(text.value, is_html=text.is_html))
        return [PlacedHit(number, text.place, hit) for number, (text, hit) in enumerate(found)]

    def replaced(self, replacement: Replacement, numbers: set[int]) -> dict[str, Any]:
        """Return the values of the page's fields with the occurrences of these numbers replaced."""
        number = 0
        for text in self.texts:
            hits = replacement.pattern.hits(text.value, is_html=text.is_html)
            chosen = [hit for n, hit in enumerate(hits, start=number) if n in numbers]
            number += len(hits)
            text.holder[text.name] = replacement.apply(text.value, chosen, is_html=text.is_html)
        return {**self._summary, **self._streams.values()}


def _text_of(leaf: StoredLeaf) -> DraftText | None:
    """Return the running text of a value; None if it is none."""
    is_html = isinstance(leaf.block, blocks.RichTextBlock)
    is_plain = isinstance(leaf.block, blocks.CharBlock | blocks.TextBlock)
    if not isinstance(leaf.value, str) or leaf.name in _NO_TEXT or not (is_html or is_plain):
        return None
    return DraftText(leaf.place, leaf.value, is_html, leaf.holder, leaf.name)
