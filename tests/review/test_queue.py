"""The review queue: what a user can sign, the order, and the details of each row."""

import html
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from monographs.core.db_clock import database_today
from monographs.document.canonical import sha256_hex
from monographs.presentation.relative_dates import due_text, elapsed_text
from monographs.redline import redline
from monographs.review.actions import Return
from monographs.review.models import MedicalReviewTask, Note, ReviewerProfile, SectionRead, Submission, Tick
from monographs.review.policy import user_can_sign
from monographs.review.queue.diff_cache import clear_diff_cache
from monographs.review.queue.queue_rows import QueueGroup, add_details, queue_for, signable_count
from monographs.review.screens import queue as queue_screen
from tests.factories import edit, make_monograph, make_user, publish, sign, submit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_process() -> None:
    """Start without cached comparisons of other tests."""
    clear_diff_cache()


def shown(user: Any, **query: str) -> str:
    client = Client()
    client.force_login(user)
    return " ".join(html.unescape(client.get(reverse("review:queue"), query).content.decode()).split())


def in_review(title: str, by: Any, *, due: date | None = None, ask: tuple[Any, ...] = ()) -> Submission:
    submission = submit(make_monograph(title, by=by), by)
    submission.due_on = due
    submission.save(update_fields=["due_on"])
    submission.reviewers.set(ask)
    return submission


def titles(user: Any) -> list[str]:
    return [row.submission.title for row in queue_for(user)]


def test_rows_are_sorted_by_request_then_due_date_then_age(
    writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    in_review("aaa-no-day", writer)
    in_review("bbb-late", writer, due=database_today() - timedelta(days=3))
    in_review("ccc-next-week", writer, due=database_today() + timedelta(days=7), ask=(reviewer2,))
    in_review("ddd-asked", writer, due=database_today() + timedelta(days=30), ask=(reviewer,))
    in_review("eee-asked-no-day", writer, ask=(reviewer,))
    order = ["ddd-asked", "eee-asked-no-day", "bbb-late", "ccc-next-week", "aaa-no-day"]
    assert titles(reviewer) == order


def test_reviewers_who_are_not_named_can_still_sign(writer: Any, reviewer: Any, reviewer2: Any) -> None:
    submission = in_review("testumab", writer, ask=(reviewer,))
    (row,) = queue_for(reviewer2)
    assert (row.blocked, row.named, row.asked) == ("", ["Reviewer Tester"], False)
    sign(submission, reviewer2)
    assert queue_for(reviewer) == []


@pytest.mark.parametrize(
    ("days", "words"),
    [(-2, "overdue by 2 days"), (-1, "overdue by 1 day"), (0, "today"), (1, "tomorrow"), (9, "in 9 days")],
)
def test_a_due_date_is_relative_to_today(days: int, words: str) -> None:
    assert due_text(database_today() + timedelta(days=days)) == words


@pytest.mark.parametrize(
    ("waited", "words"),
    [
        (timedelta(seconds=30), "less than a minute"),
        (timedelta(seconds=90), "1 minute"),
        (timedelta(days=15, hours=3), "2 weeks, 1 day"),
    ],
)
def test_an_elapsed_time_is_text(waited: timedelta, words: str) -> None:
    assert elapsed_text(timezone.now() - waited).replace("\xa0", " ") == words


def test_a_row_shows_how_long_it_has_been_waiting(writer: Any, reviewer: Any) -> None:
    in_review("Iota", writer)
    assert "waiting for less than a minute" in shown(reviewer)


def test_overdue_rows_are_marked_and_counted(writer: Any, reviewer: Any) -> None:
    in_review("lateumab", writer, due=database_today() - timedelta(days=2))
    page = shown(reviewer)
    assert "overdue by 2 days" in page
    assert "1 · 1 overdue" in page


def test_a_row_shows_the_summary_of_the_redline(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    old = publish(page, writer, reviewer).document
    edit(page, writer, change_note="The dose.", how_it_is_administered="Take 5 mg, not 10 mg.")
    submission = submit(page, writer, reason="New dose.")
    said = redline(old, submission.document).summary()
    assert "Dose or number changed in How it is administered" in said
    assert html.unescape(said) in shown(reviewer)
    assert shown(reviewer).count("follows edition 1") == 1


def test_a_first_edition_is_named(writer: Any, reviewer: Any) -> None:
    in_review("testumab", writer)
    assert "First edition of this page." in shown(reviewer)


def test_the_summary_follows_the_edition_although_one_is_cached(
    published_medicine: Any, writer: Any, reviewer: Any
) -> None:
    page = published_medicine
    for number, line in (("7", "7 days"), ("8", "7 days → 8 days")):
        edit(page, writer, change_note=f"Now it is {number}.", how_it_works=f"It works for {number} days.")
        submission = submit(page, writer)
        assert line in shown(reviewer)
        sign(submission, reviewer)
    submit(page, writer, nothing_to_change=True)
    assert "The text is unchanged." in shown(reviewer)


def test_a_user_who_cannot_sign_sees_why_and_who_can(writer: Any, reviewer: Any, reviewer2: Any) -> None:
    submit(make_monograph("mineumab", by=reviewer), writer)
    page = shown(reviewer)
    assert "Nothing waits for your signature" in page
    assert "You changed this text; somebody else must sign it." in page
    assert "Can sign it now: Reviewer2 Tester" in page


def test_a_text_nobody_can_sign_shows_what_to_do(writer: Any, reviewer: Any) -> None:
    submit(make_monograph(by=reviewer), writer)
    assert "Nobody can sign it now: ask an editor" in shown(writer)


def test_a_writer_sees_the_status_of_their_texts(writer: Any, reviewer: Any) -> None:
    in_review("firstumab", writer, ask=(reviewer,))
    back = in_review("backumab", writer)
    Return(reviewer, back, reason="Explain <MRD>.").execute()
    page = shown(writer)
    assert "Your texts in review" in page
    assert "Asked to review: Reviewer Tester" in page
    assert page.index("backumab") < page.index("firstumab")
    assert "Explain <MRD>." in page
    assert reverse("wagtailadmin_pages:edit", args=[back.page_id]) in page
    assert "You cannot sign texts" not in page
    edit(back.page.specific, writer, how_it_works="Explained.")
    submit(back.page.specific, writer)
    assert "Explain <MRD>." not in shown(writer)


def test_a_writer_with_nothing_in_review_sees_what_to_do(writer: Any) -> None:
    page = shown(writer)
    assert "You cannot sign texts" in page
    assert "press <strong>Submit for review</strong>" in page


def test_a_scheduled_text_is_shown_to_its_submitter(writer: Any, reviewer: Any) -> None:
    later = timezone.now() + timedelta(days=2)
    submission = submit(make_monograph(by=writer), writer, publish_at=later)
    sign(submission, reviewer)
    assert f"Signed; becomes public on {later:%B} {later.day}" in shown(writer)
    assert queue_for(writer) == []


def test_progress_is_of_the_user_and_of_this_text(writer: Any, reviewer: Any, reviewer2: Any) -> None:
    page = make_monograph(by=writer)
    old = publish(page, writer, reviewer).document
    edit(page, writer, change_note="Both.", how_it_works="Other.", how_it_is_administered="Other.")
    submission = submit(page, writer)
    submission.checklist = ["Doses were checked."]
    submission.save()
    said = redline(old, submission.document).changed
    assert len(said) == 3
    mark = {"key": submission.key, "user": reviewer, "section": said[0].anchor}
    SectionRead.objects.create(digest=said[0].digest, **mark)
    SectionRead.objects.create(digest=sha256_hex(b"an earlier text"), **mark)
    long_ago = SectionRead.objects.create(digest=said[1].digest, **(mark | {"section": said[1].anchor}))
    SectionRead.objects.filter(pk=long_ago.pk).update(at=timezone.now() - timedelta(days=400))
    Tick.objects.create(submission=submission, user=reviewer, statement="Doses were checked.")
    author = {"id": reviewer.pk, "username": "reviewer", "name": "Reviewer Tester"}
    note = {"key": submission.key, "section": "how_it_works", "author_record": author}
    Note.objects.create(submission=submission, body="Why?", **note)
    Note.objects.create(submission=submission, body="Done.", status="resolved", **note)
    page_text = shown(reviewer)
    assert "1 of 3 sections read, 1 of 1 statements ticked" in page_text
    assert "1 open note" in page_text
    (row,) = add_details(reviewer2, queue_for(reviewer2))
    assert (row.progress, row.open_notes) == ("", 1)


def test_a_title_is_escaped(writer: Any, reviewer: Any) -> None:
    submit(make_monograph("<b>boldumab</b>", slug="boldumab", by=writer), writer, reason="<i>Why</i>")
    client = Client()
    client.force_login(reviewer)
    page = client.get(reverse("review:queue")).content.decode()
    assert "&lt;b&gt;boldumab" in page
    assert "<b>boldumab" not in page
    assert "<i>Why" not in page


def test_a_long_queue_is_paginated(writer: Any, reviewer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert queue_screen.PER_PAGE == 25
    monkeypatch.setattr(queue_screen, "PER_PAGE", 4)  # six texts in review instead of 27
    for number in range(6):
        in_review(f"med{number:02}", writer)
    page = shown(reviewer)
    assert "1 to 4 of 6 in review. <strong>More on the next page.</strong>" in page
    assert page.count('class="review-card"') == 4
    assert shown(reviewer, p="2").count('class="review-card"') == 2


@pytest.mark.parametrize("count", [1, 4])
def test_the_number_of_queries_does_not_depend_on_the_length(
    count: int, writer: Any, reviewer: Any, reviewer2: Any, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        page = make_monograph(f"med{number}", by=writer)
        publish(page, writer, reviewer2)
        edit(page, writer, how_it_works="Other.")
        submission = submit(page, writer)
        submission.reviewers.set([reviewer, reviewer2])
    reviewer = type(reviewer).objects.get(pk=reviewer.pk)
    with django_assert_num_queries(12):
        rows = queue_for(reviewer)
    assert len(rows) == count
    with django_assert_num_queries(7):
        add_details(reviewer, rows)
    with django_assert_num_queries(5):  # summaries are cached by now
        add_details(reviewer, rows)


def test_admin_users_without_page_permissions_see_no_drafts(writer: Any) -> None:
    submission = submit(make_monograph("secretumab", by=writer), writer)
    outsider = make_user("outsider")
    outsider.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client = Client()
    client.force_login(outsider)
    for address in (
        reverse("review:queue"),
        reverse("dashboard:index"),
        reverse("dashboard:export"),
        reverse("dashboard:calendar"),
        reverse("review:record", args=[submission.key]),
        reverse("review:review", args=[submission.pk]),
        reverse("review:document", args=[submission.pk]),
        reverse("review:compare", args=[submission.key, "nothing", f"submission-{submission.pk}"]),
    ):
        response = client.get(address, follow=True)
        assert response.redirect_chain, address
        assert b"secretumab" not in response.content


def _expire(user: Any) -> None:
    ReviewerProfile.objects.filter(user=user).update(expires_on=database_today() - timedelta(days=1))


def _blank(user: Any) -> None:
    ReviewerProfile.objects.filter(user=user).update(credentials="  ")


def _deactivate(user: Any) -> None:
    type(user).objects.filter(pk=user.pk).update(is_active=False)


@pytest.mark.parametrize("change", [None, _expire, _blank, _deactivate, lambda user: user.groups.clear()])
def test_the_count_in_the_menu_is_what_the_policy_allows(
    change: Any, writer: Any, reviewer: Any, reviewer2: Any, django_assert_max_num_queries: Any
) -> None:
    in_review("freshumab", writer)
    submit(make_monograph("mineumab", by=reviewer), writer)
    again = make_monograph("againumab", by=reviewer)
    publish(again, writer, reviewer2)
    edit(again, writer, how_it_works="Other.")
    submit(again, writer)
    MedicalReviewTask.objects.update(signatures=2)
    sign(in_review("signedumab", writer), reviewer)
    if change:
        change(reviewer)
    person = type(reviewer).objects.get(pk=reviewer.pk)
    by_policy = {
        s.title for s in Submission.objects.filter(status="in_review") if user_can_sign(person, s).allowed
    }
    assert by_policy == (set() if change else {"freshumab", "againumab"})
    assert {row.submission.title for row in queue_for(person) if row.group is QueueGroup.SIGN} == by_policy
    with django_assert_max_num_queries(7):
        assert signable_count(person) == len(by_policy)


def test_a_step_for_others_is_not_counted(
    writer: Any, reviewer: Any, site: Any, django_assert_num_queries: Any
) -> None:
    MedicalReviewTask.objects.get().groups.set([Group.objects.create(name="Others")])
    in_review("testumab", writer)
    with django_assert_num_queries(1):
        assert signable_count(reviewer) == 0
    assert [row.group for row in queue_for(reviewer)] == [QueueGroup.OTHERS]
