"""The versions of standard texts that a page's stored draft includes."""

from collections.abc import Iterator, Mapping
from typing import Any

from wagtail.models import Page

from monographs.blocks.standard_text_block import StandardTextBlock, TextVersion
from monographs.models import ConditionPage, DrugClassPage, MonographPage
from monographs.review.replacement.stored_leaves import StoredLeaf, StoredStreams

#: The types of pages that can include standard texts.
INCLUDING_PAGES: tuple[type[Page], ...] = (MonographPage, DrugClassPage, ConditionPage)


class StoredVersions:
    """The standard texts in the stored ``content`` of a revision of a page of type ``model``."""

    def __init__(self, content: Mapping[str, Any], model: type[Page]) -> None:
        self._streams = StoredStreams(content, model)

    def _leaves(self) -> Iterator[tuple[StoredLeaf, TextVersion]]:
        for leaf in self._streams.leaves:
            if isinstance(leaf.block, StandardTextBlock) and (version := TextVersion.read(leaf.value)):
                yield leaf, version

    def versions(self, section: str = "") -> list[TextVersion]:
        """Return the versions that blocks have, or those in ``section`` (an anchor), in order, each once."""
        found = (version for leaf, version in self._leaves() if section in ("", leaf.section))
        return list(dict.fromkeys(found))

    def updated(self, newer: TextVersion) -> dict[str, Any]:
        """Return the values of the page's fields with ``newer`` in each block that has its text."""
        for leaf, version in self._leaves():
            if version.key == newer.key:
                leaf.holder[leaf.name] = str(newer)
        return self._streams.values()
