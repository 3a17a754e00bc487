"""Reviewers are asked for due reviews, many at once: who can be, who is told, and where they see it."""

import html
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from monographs.core.db_clock import database_today
from monographs.editions.ledger import Event
from monographs.editions.models import LedgerEntry, Publication, ReviewKind
from monographs.editions.queries import current_edition
from monographs.editions.review_dates import add_months
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import AssignReview, DeclareConflict, NewReviewer, ReviewerChange
from monographs.review.assignments import assignment_stamp, assignments_by_page, forget_finished, in_force
from monographs.review.calendar_feed.feed_events import feed_events
from monographs.review.dashboard.rows import DashboardFilter, rows
from monographs.review.due_reviews.due_rows import due_rows
from monographs.review.handover.hand_over import NOBODY, HandoverRefused
from monographs.review.handover.leavers_work import WorkKind, work_of
from monographs.review.models import Absence, Notice, ReviewAssignment, ReviewerProfile
from monographs.review.notifications.digest import send_digests
from monographs.review.notifications.outbox import store_new
from monographs.review.notifications.reminders import reminders
from monographs.review.screens.history import history
from tests.conftest import as_user
from tests.factories import edit, make_monograph, make_user, publish, submit
from tests.review.test_handover import hand_over

pytestmark = pytest.mark.django_db
BATCH = "b" * 32


def shown(user: Any, address: str, **query: str) -> str:
    return " ".join(html.unescape(as_user(user).get(address, query).content.decode()).split())


def asked_of(page: Any) -> Any:
    found = assignments_by_page([page.translation_key]).get(page.translation_key)
    return found.reviewer if found else None


def stamp(page: Any) -> str:
    edition = current_edition(page.translation_key)
    return assignment_stamp(page.translation_key, edition.next_due, asked_of(page))


def ask(editor: Any, page: Any, reviewer: Any, **more: Any) -> str:
    change = more.pop("change", ReviewerChange.ASK)
    new = NewReviewer(more.pop("batch", BATCH), change, reviewer, **more)
    return AssignReview(editor, page.translation_key, new, seen=stamp(page)).execute()


def refused(editor: Any, page: Any, reviewer: Any, **more: Any) -> PolicyError:
    before = ReviewAssignment.objects.count()
    with pytest.raises(PolicyError) as refusal:
        ask(editor, page, reviewer, **more)
    assert ReviewAssignment.objects.count() == before
    return refusal.value


def posted(user: Any, *pages: Any, **choices: Any) -> tuple[int, str]:
    client = Client()
    client.force_login(user)
    rows = [f"{page.translation_key}:{stamp(page)}" for page in pages]
    data = {"change": "keep", "reviewer": "", "row": rows} | choices
    response = client.post(f"{reverse('due:assign')}?show=year", data)
    return response.status_code, " ".join(html.unescape(response.content.decode()).split())


@pytest.fixture
def pages(writer: Any, reviewer: Any) -> list[Any]:
    """Three pages that patients read, by one writer."""
    made = [make_monograph(f"med{number}umab", by=writer) for number in range(3)]
    for page in made:
        publish(page, writer, reviewer)
    return made


def test_several_reviews_are_asked_for_at_once_and_each_person_gets_one_email(
    pages: list[Any],
    reviewer: Any,
    reviewer2: Any,
    editor: Any,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    for page in pages:
        ask(editor, page, reviewer)
    Notice.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        status, screen = posted(editor, *pages, change="ask", reviewer=str(reviewer2.pk))
    assert status == 200
    assert "Changed: 3 reviews" in screen
    assert "Not changed" not in screen
    due = current_edition(pages[0].translation_key).next_due
    day = f"{due:%B} {due.day}, {due.year}"
    assert screen.count(f"Asked: Reviewer2 Tester; due {day}.") == 3
    assert [asked_of(page) for page in pages] == [reviewer2] * 3
    told = {email.to[0]: email for email in mail.outbox}
    assert sorted(told) == ["reviewer2@example.org", "reviewer@example.org"]
    assert len(mail.outbox) == len(told), "one email each"
    assert {email.subject for email in mail.outbox} == {"Changed for 3 reviews that are due"}
    for page in pages:
        assert (
            f"Editor Tester asks you for the next review of “{page.title}”"
            in told["reviewer2@example.org"].body
        )
        assert f"No longer asked to review: {page.title}" in told["reviewer@example.org"].body
    assert reverse("due:review", args=[pages[0].pk]) in told["reviewer2@example.org"].body
    assert LedgerEntry.objects.filter(event=Event.REVIEW_ASSIGNED).count() == 6
    (latest, *_) = history(pages[0].translation_key).object_list
    assert latest.sentence == "Editor Tester changed who is asked for its next review"
    assert latest.remark == f"Before: Reviewer Tester. Now: Reviewer2 Tester. Due {day}."


def test_nobody_in_particular_is_asked_any_more(pages: list[Any], reviewer2: Any, editor: Any) -> None:
    ask(editor, pages[0], reviewer2)
    done = ask(editor, pages[0], None, change=ReviewerChange.NOBODY, batch="c" * 32)
    assert done.startswith("Asked: nobody in particular;")
    assert asked_of(pages[0]) is None
    assert Notice.objects.filter(user=reviewer2, subject__startswith="No longer asked").exists()
    assert history(pages[0].translation_key).object_list[0].remark.startswith("Before: Reviewer2")


def test_who_could_not_sign_it_is_not_asked_and_the_screen_says_why(
    pages: list[Any], writer: Any, reviewer: Any, reviewer2: Any, editor: Any
) -> None:
    wrote, interest, _ = pages
    publish(edit(wrote, reviewer2, how_it_works="Words of the second."), writer, reviewer)
    DeclareConflict(
        reviewer2, interest.translation_key, reviewer2, reason="Shares.", starts_on=database_today()
    ).execute()
    expired = make_user("expired", "Medical reviewers", credentials="MD")
    ReviewerProfile.objects.filter(user=expired).update(expires_on=database_today() - timedelta(days=1))
    screen = shown(editor, reverse("due:assign"), show="year")
    assert screen.count("Reviewer2 Tester wrote in it") == 1
    assert screen.count("Reviewer2 Tester has a conflict of interest") == 1
    assert "Cannot be asked for any: Expired Tester has expired credentials." in screen
    assert f'<option value="{expired.pk}"' not in screen
    status, outcome = posted(editor, *pages, change="ask", reviewer=str(reviewer2.pk))
    assert status == 200
    assert "Changed: 1 review<" in outcome
    assert "Not changed: 2 reviews" in outcome
    assert "Reviewer2 Tester wrote in it." in outcome
    assert "Reviewer2 Tester has a conflict of interest." in outcome
    assert [asked_of(page) for page in pages] == [None, None, reviewer2]
    for person, why in ((expired, "has expired credentials"), (writer, "is no reviewer of its step")):
        refusal = refused(editor, pages[2], person)
        assert refusal.rule == Rule.CANNOT_BE_ASKED
        assert refusal.message == f"{person.get_full_name()} {why}."


def test_what_changed_meanwhile_is_left_as_it_is(
    pages: list[Any], writer: Any, reviewer: Any, reviewer2: Any, editor: Any
) -> None:
    moved, _, in_review = pages
    seen = {page.pk: stamp(page) for page in pages}
    ask(editor, moved, reviewer)
    submit(edit(in_review, writer, how_it_works="Changed."), writer)
    client = as_user(editor)
    data = {
        "change": "ask", "reviewer": str(reviewer2.pk),
        "row": [f"{page.translation_key}:{seen[page.pk]}" for page in (moved, in_review)] + ["x", "0:1"],
    }  # fmt: skip
    outcome = html.unescape(client.post(reverse("due:assign"), data).content.decode())
    assert "It changed meanwhile. Asked: Reviewer Tester;" in outcome
    assert "It is in review already: ask somebody for that under Texts in review." in outcome
    assert "Changed: " not in outcome
    assert asked_of(moved) == reviewer
    screen = shown(editor, reverse("due:assign"), show="year")
    assert "It is in review already" in screen
    assert "Change med2umab" not in screen


@pytest.mark.parametrize("role", ["writer", "reviewer", "superuser"])
def test_only_editors_ask(
    role: str, pages: list[Any], reviewer2: Any, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(role)
    assert refused(user, pages[0], reviewer2).rule == Rule.NOT_AN_EDITOR
    assert LedgerEntry.objects.get(event=Event.REFUSED).subject == str(pages[0].translation_key)
    seen = as_user(user).get(reverse("due:assign"))
    assert seen.status_code == (200 if role == "superuser" else 302)
    assert b'name="row"' not in seen.content
    posted(user, pages[0], change="ask", reviewer=str(reviewer2.pk))
    assert asked_of(pages[0]) is None


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({}, "Choose what to change"),
        ({"change": "ask"}, "Choose whom to ask"),
        ({"remind": "on", "row": []}, "Tick the reviews to change"),
        ({"reviewer": "first"}, "choose “Ask the reviewer below”"),
        ({"change": "ask", "reviewer": "999999"}, "Select a valid choice"),
    ],
    ids=["nothing", "nobody", "no review", "not asked", "unknown"],
)
def test_a_form_that_says_too_little_changes_nothing(
    choices: dict[str, Any], message: str, pages: list[Any], reviewer2: Any, editor: Any
) -> None:
    if choices.get("reviewer") == "first":
        choices = choices | {"reviewer": str(reviewer2.pk)}
    status, screen = posted(editor, pages[0], **choices)
    assert status == 400
    assert message in screen
    assert not LedgerEntry.objects.filter(event=Event.REVIEW_ASSIGNED).exists()


def test_who_is_asked_is_reminded_by_an_editor_and_when_the_day_comes(
    pages: list[Any], reviewer2: Any, editor: Any
) -> None:
    keep = ReviewerChange.KEEP
    assert "Nobody is asked" in refused(editor, pages[0], None, change=keep, remind=True).message
    ask(editor, pages[0], reviewer2)
    Notice.objects.all().delete()
    assert ask(editor, pages[0], None, change=keep, remind=True, batch="c" * 32).endswith(
        "Reminded: Reviewer2 Tester."
    )
    notice = Notice.objects.get()
    assert notice.user == reviewer2
    assert notice.subject.startswith("Reminder, please review by")
    assert history(pages[0].translation_key).object_list[0].remark == "To Reviewer2 Tester."
    refusal = refused(editor, pages[0], None, change=keep)
    assert refusal.rule == Rule.NOTHING_CHANGED
    type(reviewer2).objects.filter(pk=reviewer2.pk).update(email="")
    refusal = refused(editor, pages[0], None, change=keep, remind=True, batch="d" * 32)
    assert "nobody was reminded" in refusal.message
    type(reviewer2).objects.filter(pk=reviewer2.pk).update(email="reviewer2@example.org")
    Notice.objects.all().delete()
    store_new(reminders(current_edition(pages[0].translation_key).next_due))
    of_page = Notice.objects.filter(event="edition_due", about__contains=str(pages[0].translation_key))
    told = set(of_page.values_list("user__username", flat=True))
    assert "reviewer2" in told
    others = Notice.objects.filter(event="edition_due", user=reviewer2)
    assert others.count() == 1, "of the review that is asked of them, no other"


def test_who_is_asked_sees_it_wherever_they_look(
    pages: list[Any], reviewer: Any, reviewer2: Any, editor: Any
) -> None:
    page = pages[1]
    ask(editor, page, reviewer2)
    due = current_edition(page.translation_key).next_due
    queue = shown(reviewer2, reverse("review:queue"))
    assert "Due reviews that you are asked for" in queue
    assert f'href="{reverse("due:review", args=[page.pk])}"' in queue
    assert "Due reviews that you are asked for" not in shown(reviewer, reverse("review:queue"))
    home = shown(reviewer2, reverse("wagtailadmin_home"))
    assert "<strong>1</strong> <span>due review asked of you</span>" in home
    mine = shown(reviewer2, reverse("due:list"), show="mine")
    assert "med1umab" in mine
    assert "med0umab" not in mine
    assert "Reviewer2 Tester" in shown(reviewer, reverse("due:list"), show="year")
    assert "No review is due" in shown(reviewer, reverse("due:list"), show="mine")
    titles = {event.title: event.url for event in feed_events(reviewer2)}
    assert titles["Review due, asked of you: med1umab"].endswith(reverse("due:review", args=[page.pk]))
    assert "Review due: med0umab" in titles
    assert "Review due: med1umab" in {event.title for event in feed_events(reviewer)}
    calendar = shown(reviewer2, reverse("dashboard:calendar"), month=f"{due:%Y-%m}")
    assert calendar.count("Review due, asked of you") == 1
    (row,) = [row for row in rows(editor, DashboardFilter()) if row.title == "med1umab"]
    assert row.named == ["Reviewer2 Tester"]
    (only,) = rows(editor, DashboardFilter(person=reviewer2.pk))
    assert only.title == "med1umab"
    assert "med1umab" in shown(editor, reverse("due:assign"), show="year", person=str(reviewer2.pk))
    assert "med1umab" not in shown(editor, reverse("due:assign"), show="unasked")


def test_the_next_full_review_ends_it_and_a_correction_does_not(
    pages: list[Any], writer: Any, reviewer: Any, reviewer2: Any, editor: Any
) -> None:
    page = pages[0]
    edit(page, writer, summary="med0umab is a medecine.")
    publish(page, writer, reviewer)
    ask(editor, page, reviewer2)
    edit(page, writer, summary="med0umab is a medicine.")
    publish(page, writer, reviewer, kind=ReviewKind.CORRECTION)
    assert asked_of(page) == reviewer2
    assert forget_finished() == 0
    ReviewAssignment.objects.update(due_on=database_today() + timedelta(days=3))  # as of a year ago
    assert asked_of(page) is None
    assert not in_force().exists()
    assert "Due reviews that you are asked for" not in shown(reviewer2, reverse("review:queue"))
    assert forget_finished() == 1
    assert not ReviewAssignment.objects.exists()


def test_a_notice_of_a_review_that_was_made_is_only_listed(
    pages: list[Any], reviewer2: Any, editor: Any
) -> None:
    ask(editor, pages[0], reviewer2)
    notice = Notice.objects.get(user=reviewer2, event="review_assigned")
    Notice.objects.exclude(pk=notice.pk).delete()
    mail.outbox.clear()
    day = add_months(current_edition(pages[0].translation_key).next_due, -12)
    Notice.objects.filter(pk=notice.pk).update(
        about=f"page-{pages[0].translation_key}/due-{day}/terms-{BATCH}",
        created_at=notice.created_at - timedelta(hours=1),
    )
    send_digests()
    assert not mail.outbox, "nothing is left to tell"
    assert Notice.objects.get(pk=notice.pk).sent_at


def test_a_delegate_sees_it_and_is_told(pages: list[Any], reviewer: Any, reviewer2: Any, editor: Any) -> None:
    today = database_today()
    Absence.objects.create(user=reviewer2, delegate=reviewer, starts_on=today, ends_on=today)
    ask(editor, pages[0], reviewer2)
    assert set(Notice.objects.filter(event="review_assigned").values_list("user__username", flat=True)) == {
        "reviewer",
        "reviewer2",
    }
    assert "Due reviews that you are asked for" in shown(reviewer, reverse("review:queue"))
    assert "med0umab" in shown(reviewer, reverse("due:list"), show="mine")
    assert "Review due, asked of you: med0umab" in {event.title for event in feed_events(reviewer)}
    assert "away until" in shown(editor, reverse("due:assign"), show="year")
    assert asked_of(pages[0]) == reviewer2, "who is asked has not changed"


def test_somebody_who_leaves_hands_it_over(
    pages: list[Any], writer: Any, reviewer: Any, reviewer2: Any, editor: Any
) -> None:
    third = make_user("third", "Medical reviewers", credentials="MD")
    publish(edit(pages[0], third, how_it_works="Words of the third."), writer, reviewer)
    for page in pages:
        ask(editor, page, reviewer2)
    items = work_of(reviewer2)
    assert [(item.kind, item.title) for item in items] == [(WorkKind.DUE, page.title) for page in pages]
    with pytest.raises(HandoverRefused) as refusal:
        hand_over(editor, reviewer2, due=third)
    assert refusal.value.reasons == {items[0].name: "Third Tester wrote in it."}
    with pytest.raises(HandoverRefused) as refusal:
        hand_over(editor, reviewer2, due=writer)
    assert set(refusal.value.reasons.values()) == {"Writer Tester is no reviewer of its step."}
    hand_over(editor, reviewer2, due=third, **{items[0].name.replace("-", "_"): NOBODY})
    assert [asked_of(page) for page in pages] == [None, third, third]
    assert not work_of(reviewer2)
    assert (
        history(pages[1].translation_key)
        .object_list[0]
        .remark.startswith("Before: Reviewer2 Tester. Now: Third Tester.")
    )


def test_who_cannot_review_it_any_more_is_named(
    pages: list[Any], writer: Any, reviewer: Any, reviewer2: Any, editor: Any
) -> None:
    ask(editor, pages[0], reviewer2)
    ReviewerProfile.objects.filter(user=reviewer2).update(expires_on=database_today() - timedelta(days=1))
    publication = Publication.objects.select_related("edition").get(key=pages[0].translation_key)
    (row,) = due_rows(editor, [publication])
    assert row.asked_in_vain == "has expired credentials"
    assert "Has expired credentials, so somebody else must be asked." in shown(
        editor, reverse("due:assign"), show="year"
    )


def test_the_screen_takes_as_many_queries_for_many_reviews_as_for_few(
    pages: list[Any], writer: Any, reviewer: Any, reviewer2: Any, editor: Any, django_assert_num_queries: Any
) -> None:
    client, address = as_user(editor), f"{reverse('due:assign')}?show=year"
    ask(editor, pages[0], reviewer2)
    client.get(address)
    with django_assert_num_queries(QUERIES):
        client.get(address)
    for page in pages[1:]:
        ask(editor, page, reviewer2)
    for name in ("moreumab", "evenmoreumab"):
        publish(make_monograph(name, by=writer), writer, reviewer)
    with django_assert_num_queries(QUERIES):
        assert client.get(address).content.count(b'name="row"') == 5


#: Of the screen on which reviewers are asked.
QUERIES = 41
