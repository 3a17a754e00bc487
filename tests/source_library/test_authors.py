"""Whoever writes a source of the library is an author of the drafts that show it, until it is signed."""

import json
from typing import Any

import pytest
from django.db.transaction import atomic
from wagtail.log_actions import LogContext

from monographs.editions.queries import current_edition, public_edition
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError
from monographs.review.actions import Recall
from monographs.review.contributors.indirect import indirect_contributors
from monographs.source_library.models import LibrarySource, ShownSource
from tests.factories import edit, make_monograph, make_user, publish, sign, submit
from tests.source_library.library import add_source, change_source, use_source

pytestmark = pytest.mark.django_db

CONTRIBUTED = "You changed this text"


def test_a_draft_shows_what_the_library_says_by_value(writer: Any) -> None:
    source = add_source("NCCN: myeloma", address="https://nccn.example.org/myeloma", by=writer)
    page = use_source(make_monograph(by=writer), source, writer)
    (shown,) = page.to_document().sources
    assert (shown.number, shown.title, shown.publisher, shown.address) == (
        1,
        "NCCN: myeloma",
        "NCCN",
        "https://nccn.example.org/myeloma",
    )
    assert all(section.sources == (1,) for section in page.to_document().sections)


def test_who_wrote_an_unsigned_source_cannot_sign_a_text_with_it(
    writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    page = use_source(make_monograph(by=writer), add_source(by=reviewer), writer)
    submission = submit(page, writer)
    with pytest.raises(PolicyError, match=CONTRIBUTED):
        sign(submission, reviewer)
    sign(submission, reviewer2)


def test_who_changed_its_words_since_cannot_sign_either(writer: Any, reviewer: Any, reviewer2: Any) -> None:
    source = add_source(by=writer)
    page = use_source(make_monograph(by=writer), source, writer)
    publish(page, writer, reviewer2)
    change_source(source, reviewer, title="The guideline of today")
    submission = submit(edit(page, writer, how_it_works="Other."), writer)
    with pytest.raises(PolicyError, match=CONTRIBUTED):
        sign(submission, reviewer)


def test_a_signed_source_has_no_authors(writer: Any, reviewer: Any, reviewer2: Any) -> None:
    source = add_source(by=reviewer)
    publish(use_source(make_monograph(by=writer), source, writer), writer, reviewer2)
    other = use_source(make_monograph("otherumab", by=writer), source, writer)
    publish(other, writer, reviewer)


def test_only_a_change_of_what_patients_read_makes_an_author(
    writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    source = add_source(by=writer)
    change_source(source, reviewer, kind="paper", published_on="2025-01-01")
    publish(use_source(make_monograph(by=writer), source, writer), writer, reviewer)


def test_a_change_after_submission_refuses_the_signature(writer: Any, reviewer: Any) -> None:
    source = add_source(by=writer)
    submission = submit(use_source(make_monograph(by=writer), source, writer), writer)
    change_source(source, make_user("editor", "Editors"), title="Something else")
    with pytest.raises(PolicyError, match="changed"):
        sign(submission, reviewer)
    Recall(writer, submission).execute()
    again = submit(MonographPage.objects.get(), writer)
    assert again.document.sources[0].title == "Something else"
    sign(again, reviewer)


def test_a_change_reaches_patients_with_an_edition_only(writer: Any, reviewer: Any) -> None:
    source = add_source(by=writer)
    page = use_source(make_monograph(by=writer), source, writer)
    publish(page, writer, reviewer)
    before = current_edition(page.translation_key)
    change_source(source, writer, title="Other words")
    after = public_edition(page.translation_key)
    assert before is not None
    assert after is not None
    assert after.canonical == before.canonical
    assert "Other words" not in after.canonical


def test_who_wrote_words_that_are_put_back_is_their_author(
    writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    """Other words were signed in between."""
    source = add_source("How to treat it", by=reviewer)
    change_source(source, writer, title="How it is treated")
    page = use_source(make_monograph(by=writer), source, writer)
    publish(page, writer, reviewer2)
    change_source(source, writer, title="How to treat it")
    submission = submit(edit(page, writer, how_it_works="Other."), writer)
    with pytest.raises(PolicyError, match=CONTRIBUTED):
        sign(submission, reviewer)
    sign(submission, reviewer2)


@pytest.mark.parametrize("gone", ["deleted", "changed", "publisher changed and deleted"])
def test_a_copy_of_a_source_that_is_gone_is_its_authors(
    writer: Any, reviewer: Any, reviewer2: Any, gone: str
) -> None:
    source = add_source("How to treat it", by=reviewer, publisher="ASH")
    if gone == "publisher changed and deleted":
        change_source(source, writer, publisher="NCCN")
    said = LibrarySource.objects.get()
    if gone == "changed":
        change_source(source, writer, title="Something else")
    else:
        source.delete()
    draft = make_monograph(by=writer).get_latest_revision_as_object()
    value = {"reference": "label", "title": said.title, "publisher": said.publisher}
    draft.sources = json.dumps([{"type": "source", "value": value}])
    draft.save_revision(user=writer)
    submission = submit(draft, writer)
    with pytest.raises(PolicyError, match=CONTRIBUTED):
        sign(submission, reviewer)
    sign(submission, reviewer2)


@pytest.mark.parametrize("title", ["Guideline of the society on how to treat it", "Blood cancer guideline"])
def test_words_that_a_reviewer_typed_keep_their_author_through_the_library(
    writer: Any, reviewer: Any, title: str
) -> None:
    """A typed source leaves the draft when it goes into the library; its words do not."""
    page = make_monograph(by=writer)
    draft = page.get_latest_revision_as_object()
    first = list(draft.sources.get_prep_value())
    typed = {"type": "source", "value": {"reference": "own", "title": title}}
    draft.sources = json.dumps([*first, typed])
    draft.save_revision(user=reviewer, clean=False)
    source = add_source(title, by=writer, publisher="")
    chosen = {"type": "library", "value": {"reference": "own", "source": source.pk}}
    draft.sources = json.dumps([*first, chosen])
    draft.save_revision(user=writer, clean=False)
    assert "reviewer" in {person.username for person in indirect_contributors(draft.to_document(), {})}


def test_a_withdrawn_source_is_not_signed_any_more(writer: Any, reviewer: Any, reviewer2: Any) -> None:
    source = add_source(by=reviewer)
    page = use_source(make_monograph(by=writer), source, writer)
    publish(page, writer, reviewer2)
    assert ShownSource.objects.get().digest == source.digest
    ShownSource.objects.all().delete()
    other = use_source(make_monograph("otherumab", by=writer), source, writer)
    with pytest.raises(PolicyError, match=CONTRIBUTED):
        sign(submit(other, writer), reviewer)


def test_a_used_source_is_not_deleted_by_any_code(writer: Any, reviewer: Any) -> None:
    source = add_source(by=writer)
    use_source(make_monograph(by=writer), source, writer)
    for delete in (source.delete, LibrarySource.objects.all().delete):
        with LogContext(user=writer), pytest.raises(PolicyError, match="cannot be deleted"), atomic():
            delete()
    assert LibrarySource.objects.count() == 1
