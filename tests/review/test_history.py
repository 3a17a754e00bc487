"""The history of a page: every event in order, by whom and why."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.models import MonographPage
from monographs.presentation.moments import long_moment_text
from monographs.review.actions import Recall, Restore, Return, Withdraw
from monographs.review.models import MedicalReviewTask, Note
from monographs.review.screens.history import PER_PAGE, HistoryEvent, history
from tests.factories import PASSWORD, edit, make_monograph, publish, sign, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(writer: Any) -> MonographPage:
    """A draft."""
    return make_monograph(by=writer)


def listed(page: Any) -> list[tuple[str, str]]:
    """Return the events in chronological order, as sentence and reason."""
    return [(event.sentence, event.reason) for event in reversed(list(history(page.translation_key)))]


def shown(user: Any, page: Any, **query: Any) -> str:
    client = Client()
    client.force_login(user)
    address = reverse("review:record", args=[page.translation_key])
    return " ".join(client.get(address, query).content.decode().split())


def test_a_return_and_its_void_signature_are_listed(
    page: Any, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    MedicalReviewTask.objects.update(signatures=2)
    submission = submit(page, writer, reason="New label.")
    sign(submission, reviewer)
    Return(reviewer2, submission, reason="Explain MRD.").execute()
    assert listed(page) == [
        ("Submitted by Writer Tester, full review", "New label."),
        ("Signed by Reviewer Tester, PharmD, Medical review", ""),
        ("Returned by Reviewer2 Tester", "Explain MRD."),
        ("The signature of Reviewer Tester became void", ""),
    ]


def test_an_edition_names_its_writers_and_signers(published_medicine: Any, writer: Any) -> None:
    page = published_medicine
    newest = history(page.translation_key)[0]
    assert (newest.sentence, newest.before) == ("Edition 1", 0)
    assert [signature.name for signature in newest.signatures] == ["Reviewer Tester"]
    text = shown(writer, page)
    assert "Signed by Reviewer Tester, PharmD (Medical review). Written by Writer Tester." in text


def test_editions_link_to_their_redline_also_as_files(
    published_medicine: Any, writer: Any, reviewer: Any
) -> None:
    page = published_medicine
    text = shown(writer, page)
    assert "redline" not in text
    edit(page, writer, how_it_works="Other.")
    publish(page, writer, reviewer)
    text = shown(writer, page)
    for name in ("compare", "redline_html", "redline_pdf"):
        assert f'href="{reverse(f"review:{name}", args=[page.translation_key, 1, 2])}"' in text


def test_schedule_recall_withdrawal_and_restored_edition_are_listed(
    published_medicine: Any, writer: Any, reviewer: Any, editor: Any
) -> None:
    page = published_medicine
    edit(page, writer, how_it_works="Other.")
    later = timezone.now() + timedelta(days=2)
    submission = submit(page, writer, publish_at=later)
    sign(submission, reviewer)
    Recall(writer, submission, reason="Too early.").execute()
    Withdraw(
        reviewer,
        page.translation_key,
        cause=WithdrawalReason.MISTAKE,
        note="Tenfold dose.",
        password=PASSWORD,
    ).execute()
    Restore(editor, MonographPage.objects.get(), number=1, reason="It was right.").execute()
    sentences = listed(page)
    assert (f"Signed and scheduled: public from {long_moment_text(later)}", "") in sentences
    assert ("Recalled by Writer Tester", "Too early.") in sentences
    assert ("The withdrawal was signed by Reviewer Tester, PharmD", "") in sentences
    assert ("Withdrawn by Reviewer Tester", "Tenfold dose.") in sentences
    assert sentences[-1] == ("Submitted by Editor Tester, full review", "It was right.")
    text = shown(editor, page)
    assert "Restores the text of edition 1." in text
    assert "Patients read:" in text


def test_notes_are_counted_where_they_were_left(page: Any, writer: Any, reviewer: Any) -> None:
    submission = submit(page, writer)
    author = {"id": reviewer.pk, "username": "reviewer", "name": "Reviewer Tester"}
    for status in ("open", "resolved", "withdrawn"):
        Note.objects.create(
            key=submission.key,
            submission=submission,
            section="how_it_works",
            body="Why?",
            author_record=author,
            status=status,
        )
    assert "3 notes, 1 open" in shown(writer, page)


def test_a_refusal_is_not_listed(page: Any, writer: Any) -> None:
    submission = submit(page, writer)
    client = Client()
    client.force_login(writer)
    form = {"sha256": submission.sha256, "password": PASSWORD}
    assert client.post(reverse("review:sign", args=[submission.pk]), form).status_code == 403
    assert [event.event for event in history(page.translation_key)] == [HistoryEvent.SUBMITTED]


def test_user_input_is_escaped(page: Any, writer: Any, reviewer: Any) -> None:
    submission = submit(page, writer, reason="<script>alert(1)</script>")
    Return(reviewer, submission, reason="<b>No</b>").execute()
    text = shown(writer, page)
    assert "<script>alert(1)" not in text
    assert "&lt;b&gt;No&lt;/b&gt;" in text


def test_a_page_never_submitted_says_what_to_do(page: Any, writer: Any) -> None:
    assert "This page was never submitted." in shown(writer, page)


def test_a_long_history_is_paginated(page: Any, writer: Any) -> None:
    for number in range(PER_PAGE // 2 + 1):
        Recall(writer, submit(page, writer, reason=f"Attempt {number}.")).execute()
    first, second = shown(writer, page), shown(writer, page, p=2)
    assert "More on the next page." in first
    assert first.count('class="history__event ') == PER_PAGE
    assert "Attempt 0." in second
    assert "Attempt 0." not in first


def test_a_refused_restore_of_an_old_edition_keeps_the_input(
    published_medicine: Any, writer: Any, reviewer: Any, editor: Any
) -> None:
    page = published_medicine
    edit(page, writer, how_it_works="Other.")
    publish(page, writer, reviewer)
    client = Client()
    client.force_login(editor)
    address = reverse("review:restore", args=[page.translation_key])
    response = client.post(address, {"number": 1, "reason": " "})
    assert response.status_code == 400
    text = response.content.decode()
    assert "Restore edition 1" in text
    assert "This field is required" in text


@pytest.mark.parametrize("rounds", [1, 4])
def test_the_number_of_queries_does_not_depend_on_the_length(
    rounds: int, page: Any, writer: Any, reviewer: Any, django_assert_num_queries: Any
) -> None:
    for number in range(rounds):
        edit(page, writer, how_it_works=f"Text {number}.")
        Return(reviewer, submit(page, writer), reason="Again.").execute()
        publish(page, writer, reviewer)
    with django_assert_num_queries(6):
        assert len(history(page.translation_key).object_list) == rounds * 5
