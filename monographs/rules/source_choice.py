"""The newest source of the library as a remedy, in the place of one that it superseded."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from monographs.document import MonographDocument
from monographs.document.models import BaseDocument
from monographs.source_library.identifiers import IdentifierScheme
from monographs.source_library.models import DraftSource, LibrarySource, digest_of_source


@dataclass(frozen=True, slots=True)
class SourceChoice:
    """A source of the library to show for ``older``, which it superseded; when it was read is left open."""

    older: LibrarySource
    newer: LibrarySource
    only_shown: ClassVar[bool] = False

    @property
    def offer(self) -> str:
        """What the button says that applies it."""
        return f"Show “{self.newer}”"

    @property
    def about(self) -> str:
        """What the button adds for those who do not see what is around it."""
        return f"instead of “{self.older}”"

    @property
    def proposal(self) -> str:
        """What is proposed, where it cannot be applied."""
        return f"{self.newer}, {self.about}"

    @property
    def outcome(self) -> str:
        """What is so after it was applied."""
        return f"“{self.older}” is now “{self.newer}”; add the day on which you read it"

    def as_record(self) -> dict[str, Any]:
        """Return the choice as JSON-compatible data for the editor and for other programs."""
        return {
            "older": self.older.pk,
            "newer": self.newer.pk,
            "replacement": str(self.newer),
            "only_shown": self.only_shown,
            "outcome": self.outcome,
        }

    def chosen_in(self, document: BaseDocument) -> BaseDocument:
        """Return ``document`` with the newer source in the place of the older one."""
        if not isinstance(document, MonographDocument):
            return document
        newer = self.newer
        words = {"title": newer.title, "publisher": newer.publisher, "address": newer.address}
        sources = tuple(
            source.model_copy(update={**words, "date_seen": None})
            if digest_of_source(source.title, source.publisher, source.address) == self.older.digest
            else source
            for source in document.sources
        )
        return document.model_copy(update={"sources": sources})


def source_choices(key: str, sources: Iterable[LibrarySource]) -> dict[str, SourceChoice]:
    """Return, by digest, the newest source for each of ``sources`` for which a writer can take it at once.

    Only where the newest draft of the page ``key`` has the older one from the library and not the newer one.
    Never for a label: what is cited of it, and the version that the page names, belong to the older one. No
    query unless one was superseded; else one, and one for each source that superseded another.
    """
    found = [each for each in sources if each.superseded_by_id and each.scheme != IdentifierScheme.SET_ID]
    if not found:
        return {}
    in_draft = set(DraftSource.objects.filter(key=key).values_list("source", flat=True))
    choices = (SourceChoice(each, each.later()[-1]) for each in found)
    return {
        choice.older.digest: choice
        for choice in choices
        if choice.newer.gone_since is None
        and choice.newer.superseded_by_id is None
        and choice.older.pk in in_draft
        and choice.newer.pk not in in_draft
    }
