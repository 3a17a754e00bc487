"""The part of the editor's form by which a writer chooses a standard text, or takes over a newer version."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.views.generic import TemplateView

from monographs.blocks.standard_text_block import TextVersion
from monographs.document.models import BaseDocument
from monographs.editions.models import Edition
from monographs.editions.standard_texts import current_texts, signed_text, withdrawn_versions
from monographs.redline import redline
from monographs.redline.vocabulary import BODY
from monographs.review.page_access import ReviewAccessMixin


@dataclass(frozen=True, slots=True)
class OfferedText:
    """A signed version of a standard text: what a block stores for it, and its words line by line."""

    version: str
    edition: Edition
    words: tuple[str, ...]

    @classmethod
    def of(cls, edition: Edition) -> "OfferedText":
        """Return what an edition of a standard text offers."""
        version = TextVersion(str(edition.key), edition.number, edition.sha256)
        return cls(str(version), edition, tuple(lines_of(edition.document)))


def lines_of(document: BaseDocument) -> Iterator[str]:
    """Yield the words of a standard text as the redline shows them, a line each."""
    for section in redline(None, document).sections:
        if section.anchor == BODY:
            for line in section.lines:
                words = "".join(run.text for run in line.runs)
                yield f"{line.label}: {words}" if line.label else words


class TextChoiceView(ReviewAccessMixin, TemplateView):
    """What a block shows: the words of the version it has, a newer one, or the texts to choose from."""

    template_name = "review/standard_texts/choice.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = TextVersion.read(self.request.GET.get("chosen", ""))
        edition = signed_text(chosen.key, chosen.number, chosen.sha256) if chosen else None
        choosing = edition is None or "choose" in self.request.GET
        return super().get_context_data(
            is_unsigned=edition is None and bool(self.request.GET.get("chosen")),
            chosen=OfferedText.of(edition) if edition else None,
            choosing=choosing,
            offers=_offers() if choosing else [],
            **(_state_of(edition) if edition else {}),
            **kwargs,
        )


def _offers() -> list[OfferedText]:
    """Return what can be chosen, by title whatever its case."""
    found = sorted(current_texts().values(), key=lambda each: (each.title.casefold(), str(each.key)))
    return [OfferedText.of(each) for each in found]


def _state_of(edition: Edition) -> dict[str, Any]:
    """Return whether a version was withdrawn, and the newer one that can take its place."""
    newest = current_texts([edition.key]).get(edition.key)
    # A review after which nothing changed made a new number of the same words
    newer = newest if newest and newest.sha256 != edition.sha256 else None
    return {
        "is_withdrawn": edition.number <= withdrawn_versions([edition.key]).get(edition.key, 0),
        "newer": OfferedText.of(newer) if newer else None,
        "changes": changes_url(edition.key, edition.number, newer.number) if newer else "",
        "uses": reverse("standard_texts:text", args=[edition.key]),
    }


def changes_url(key: uuid.UUID, before: int, after: int) -> str:
    """Return the address of the comparison of two versions of a standard text."""
    return reverse("review:compare", args=[key, str(before), str(after)])
