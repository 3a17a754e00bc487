"""Seeded faults in words taken from elsewhere: from the library of sources, and from standard texts."""

from collections.abc import Iterator
from contextlib import contextmanager

from monographs.blocks import standard_text_block
from monographs.editions import publishing
from monographs.editions.models import Edition
from monographs.models import StandardTextPage
from monographs.review.contributors import indirect
from monographs.review.policies import label_answer_policy
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


@contextmanager
def withdrawn_words_published(patch: Patch) -> Iterator[None]:
    """(26) A standard text is withdrawn just before its words become public. Disabled: the last look."""
    patch.setattr(publishing, "check_texts_in_use", lambda document: None)
    yield


@contextmanager
def newest_authors_only(patch: Patch) -> Iterator[None]:
    """(27) Who wrote nearly all of a page answers for it after a comma of somebody else.

    Disabled: the authors of earlier editions in code.
    """
    original = label_answer_policy.authors_of_editions
    patch.setattr(
        label_answer_policy,
        "authors_of_editions",
        lambda editions: original(Edition.objects.filter(pk=editions.latest("number").pk)),
    )
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
    "26 withdrawn words are published": (
        withdrawn_words_published,
        "tests/races/test_standard_texts_withdrawn.py"
        "::test_a_signature_that_waits_for_the_withdrawal_is_refused",
    ),
    "27 earlier authors answer labels": (
        newest_authors_only,
        "tests/label_watch/test_answers.py::test_who_wrote_an_earlier_edition_does_not_answer",
    ),
}
