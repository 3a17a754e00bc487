"""How the draft of a page differs from what patients read: one rule for lists, menu, screens and actions.

Wagtail's ``has_unpublished_changes`` only says that a draft was saved since the last publication. It is a
cheap filter before this rule: a draft that was put back as patients read it has it, too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from monographs.document import matches_hash
from monographs.document.models import BaseDocument
from monographs.document.page_names import with_names
from monographs.editions.models import Edition
from monographs.models import ReviewedPage
from monographs.review.draft_state.older_names import NameChange, older_names_message

UNPUBLISHED_DRAFT = "Its draft differs from what patients read: submit or revert that first."


@dataclass(frozen=True, slots=True)
class DraftDifference:
    """Whether a draft differs from the public text, and the names, if it differs in names of pages only."""

    differs: bool
    names: tuple[NameChange, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether somebody's change waits in the draft."""
        return self.differs and not self.names

    @property
    def message(self) -> str:
        """Why a draft that differs is left as it is, and what to do; an empty text if it does not."""
        if self.names:
            return older_names_message(self.names)
        return UNPUBLISHED_DRAFT if self.differs else ""


SAME = DraftDifference(differs=False)


def draft_differs(draft: ReviewedPage, edition: Edition | None) -> DraftDifference:
    """Return how ``draft``, a page as its latest revision says, differs from ``edition``.

    It differs by ``names`` only if it would say what the edition says with the edition's names of other
    pages, and has their signed ones. A page without an edition has nothing to differ from.
    """
    if edition is None:
        return SAME
    try:
        document = draft.to_document()
        if matches_hash(document, edition.sha256):
            return SAME
        return DraftDifference(differs=True, names=tuple(_changed_names(document, edition)))
    except ValueError:  # too unfinished to be a document, or the edition is of a newer release
        return DraftDifference(differs=True)


def _changed_names(document: BaseDocument, edition: Edition) -> Iterator[NameChange]:
    read, drafted = edition.document.borrowed_names(), document.borrowed_names()
    old, new = dict(read - drafted), dict(drafted - read)
    if not new or old.keys() != new.keys():
        return
    as_read = with_names(document, {(key, name): old[key] for key, name in new.items()})
    if not matches_hash(as_read, edition.sha256):
        return
    newest = Edition.objects.filter(key__in=new).order_by("key", "-number").distinct("key")
    signed = {str(key): (kind, title) for key, kind, title in newest.values_list("key", "kind", "title")}
    if all(signed.get(key, ("", ""))[1] == name for key, name in new.items()):
        for key, name in sorted(new.items()):
            yield NameChange(UUID(key), signed[key][0], old[key], name)
