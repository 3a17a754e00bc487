"""Seeded faults in words taken from elsewhere: from the library of sources, and from standard texts."""

from collections.abc import Iterator
from contextlib import contextmanager

from monographs.blocks import standard_text_block
from monographs.models import StandardTextPage
from monographs.review.contributors import indirect
from tests.stateful.seeded_faults import CONTRIBUTOR_SIGNED, Patch


@contextmanager
def without_authors_of_sources(patch: Patch) -> Iterator[None]:
    """(21) Words of the library of sources are nobody's. Disabled: their authors."""
    patch.setattr(indirect, "_of_sources", lambda document: iter(()))
    yield


@contextmanager
def unsigned_standard_texts(patch: Patch) -> Iterator[None]:
    """(22) A block says what the draft of a standard text says. Disabled: reading it from an edition."""

    def of_the_draft(version: standard_text_block.TextVersion) -> standard_text_block.SignedStandardText:
        draft = StandardTextPage.objects.get(translation_key=version.key).get_latest_revision_as_object()
        return standard_text_block.SignedStandardText(draft.title, draft.to_document().body)

    patch.setattr(standard_text_block, "signed_texts", [of_the_draft])
    yield


#: Name → the fault, and a pattern of the state machine's finding that identifies it.
BORROWED_FAULTS = {
    "21 words of sources are nobody's": (without_authors_of_sources, CONTRIBUTOR_SIGNED),
}
#: Name → the fault, and the test that finds it.
NAMED_BORROWED_FAULTS = {
    "22 unsigned standard texts": (
        unsigned_standard_texts,
        "tests/review/test_standard_texts.py::test_a_later_draft_or_version_changes_no_medicine",
    ),
}
