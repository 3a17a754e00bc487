"""A bundle in the review queue: one row, which says what holds for all of its pages."""

import html
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from monographs.core.db_clock import database_today
from monographs.review.actions import AddNote, MakeBundle, Recall
from monographs.review.models import ReviewBundle, Submission
from monographs.review.queue.queue_rows import (
    QueueGroup,
    QueueRow,
    add_details,
    queue_for,
    signable_count,
)
from tests.factories import make_monograph, read_all, submit

pytestmark = pytest.mark.django_db


def put_together(editor: Any, writer: Any, *names: str, own: Any = None) -> list[Submission]:
    """A bundle of pages by ``writer``, and of one that ``own`` wrote, whose name comes first."""
    texts = [submit(make_monograph(name, by=writer), writer) for name in names]
    if own:
        texts.insert(0, submit(make_monograph("aaamab", by=own), writer))
    MakeBundle(editor, texts, title="Renaming").execute()
    return texts


def row_of(user: Any) -> QueueRow:
    (row,) = add_details(user, queue_for(user))
    return row


def shown(user: Any) -> str:
    client = Client()
    client.force_login(user)
    return " ".join(html.unescape(client.get(reverse("review:queue")).content.decode()).split())


def test_a_bundle_with_a_page_of_the_reviewer_does_not_wait_for_them(
    editor: Any, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    put_together(editor, writer, "betamab", "gammamab", own=reviewer)
    row = row_of(reviewer)
    assert row.group is QueueGroup.OTHERS
    reason = "You cannot sign 1 of its 3 pages: You changed this text; somebody else must sign it."
    assert row.blocked == reason
    assert row.eligible == ["Reviewer2 Tester"]
    assert signable_count(reviewer) == 0
    assert "Nothing waits for your signature" in shown(reviewer)
    assert reason in shown(reviewer)
    assert row_of(reviewer2).group is QueueGroup.SIGN
    assert signable_count(reviewer2) == 1


def test_reasons_that_differ_are_counted(editor: Any, writer: Any, reviewer: Any) -> None:
    texts = put_together(editor, writer, "betamab", "gammamab", own=reviewer)
    Recall(writer, texts[1]).execute()
    assert row_of(reviewer).blocked == "You cannot sign 2 of its 3 pages."


def test_a_page_in_review_no_more_keeps_its_bundle(editor: Any, writer: Any, reviewer: Any) -> None:
    texts = put_together(editor, writer, "alphamab", "betamab", "gammamab")
    assert signable_count(reviewer) == 1
    Recall(writer, texts[0]).execute()
    row = row_of(reviewer)
    reason = "Its review has ended; an editor can take it out."
    assert row.blocked == f"You cannot sign 1 of its 3 pages: {reason}"
    assert (row.bundled, len(row.texts), row.eligible) == (3, 2, [])
    assert signable_count(reviewer) == 0
    assert "Nobody can sign all of its pages now" in shown(reviewer)


def test_a_row_of_a_bundle_counts_the_notes_and_has_the_earliest_date_of_its_pages(
    editor: Any, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    texts = put_together(editor, writer, "alphamab", "betamab", "gammamab")
    late = database_today() - timedelta(days=2)
    for text, day in zip(texts[1:], (late, database_today() + timedelta(days=2)), strict=True):
        Submission.objects.filter(pk=text.pk).update(due_on=day)
        AddNote(reviewer2, text, section="how_it_works", body="Is this so?").execute()
    texts[2].reviewers.set([reviewer])
    row = row_of(reviewer)
    assert row.submission == texts[0]
    assert (row.open_notes, row.due_on, row.late, row.asked) == (2, late, True, True)
    assert row.named == ["Reviewer Tester"]
    page = shown(reviewer)
    assert "2 open notes" in page
    assert "overdue by 2 days" in page
    assert "1 · 1 overdue" in page


def test_a_row_of_a_bundle_says_nothing_of_the_progress_with_one_page(
    editor: Any, writer: Any, reviewer: Any
) -> None:
    texts = put_together(editor, writer, "alphamab", "betamab")
    read_all(texts[0], reviewer)
    assert row_of(reviewer).progress == ""


def test_bundles_are_sorted_by_their_earliest_date(editor: Any, writer: Any, reviewer: Any) -> None:
    put_together(editor, writer, "alphamab")
    texts = put_together(editor, writer, "betamab", "gammamab")
    Submission.objects.filter(pk=texts[1].pk).update(due_on=database_today())
    assert [row.submission.title for row in queue_for(reviewer)] == ["betamab", "alphamab"]


def test_a_bundle_of_one_page_is_named_as_one(editor: Any, writer: Any, reviewer: Any) -> None:
    put_together(editor, writer, "alphamab")
    page = shown(reviewer)
    assert "Its page is alphamab:" in page
    assert "signed as one" not in page
    assert "The first is" not in page


def test_a_bundle_of_one_page_that_cannot_be_signed_says_why(editor: Any, writer: Any, reviewer: Any) -> None:
    put_together(editor, writer, own=reviewer)
    assert row_of(reviewer).blocked == "You changed this text; somebody else must sign it."


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_depend_on_the_bundles(
    count: int, editor: Any, writer: Any, reviewer: Any, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        put_together(editor, writer, f"alphamab{number}", f"betamab{number}")
    assert ReviewBundle.objects.count() == count
    reviewer = type(reviewer).objects.get(pk=reviewer.pk)
    with django_assert_num_queries(13):
        rows = queue_for(reviewer)
    assert len(rows) == count
    add_details(reviewer, rows)
    with django_assert_num_queries(3):
        add_details(reviewer, rows)
