"""Delegation while somebody is away: who gets what, where it is shown, and that it gives no right to sign."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from monographs.core.db_clock import database_today
from monographs.pages.refusals import Rule
from monographs.review import policy
from monographs.review.models import Absence, Notice, Submission
from monographs.review.notifications.outbox import store_new
from monographs.review.notifications.reminders import reminders
from monographs.review.queue.queue_rows import queue_for
from monographs.review.team.team_rows import team_reviews
from tests.factories import make_monograph, make_user, submit

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ADDRESS = "/admin/away/"


def away(user: Any, delegate: Any, first: int = 0, last: int = 5) -> Absence:
    today = database_today()
    return Absence.objects.create(
        user=user, delegate=delegate, starts_on=today + first * DAY, ends_on=today + last * DAY
    )


def ask(writer: Any, *reviewers: Any, **terms: Any) -> Submission:
    return submit(make_monograph(by=writer), writer, reviewers=list(reviewers), **terms)


def told(event: str = "asked") -> set[str]:
    return set(Notice.objects.filter(event=event).values_list("user__username", flat=True))


def test_assignments_and_reminders_go_to_the_delegate_as_well(
    writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    absence = away(reviewer, reviewer2)
    submission = ask(writer, reviewer, due_on=database_today())
    assert told() == {"reviewer", "reviewer2"}
    notice = Notice.objects.get(user=reviewer2)
    assert notice.subject.startswith("For Reviewer Tester: Please review")
    day = f"{absence.ends_on:%B} {absence.ends_on.day}"
    assert notice.text.startswith(
        f"You get this for Reviewer Tester, who is away until {day}; Reviewer2 Tester stands in."
    )
    store_new(reminders(database_today()))
    assert told("submission_due") == {"reviewer", "reviewer2"}
    assert store_new(reminders(database_today())) == [], "nobody is told twice"
    assert submission.reviewers.get() == reviewer, "who is asked has not changed"


@pytest.mark.parametrize(("first", "last"), [(1, 5), (-9, -1)], ids=["later", "before"])
def test_other_days_delegate_nothing(
    writer: Any, reviewer: Any, reviewer2: Any, first: int, last: int
) -> None:
    away(reviewer, reviewer2, first, last)
    ask(writer, reviewer)
    assert told() == {"reviewer"}


def test_who_gets_it_anyway_gets_it_once_and_nobody_stands_in_for_a_delegate(
    writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    third = make_user("reviewer3", "Medical reviewers", credentials="MD")
    away(reviewer, reviewer2)
    away(reviewer2, third)
    ask(writer, reviewer, reviewer2)
    assert told() == {"reviewer", "reviewer2", "reviewer3"}
    assert Notice.objects.filter(user=reviewer2).count() == 1
    third.is_active = False
    third.save()
    Notice.objects.all().delete()
    submit(make_monograph("second", by=writer), writer, reviewers=[reviewer2])
    assert told() == {"reviewer2"}, "who left stands in for nobody"


def test_a_delegate_signs_only_what_they_may_sign_themselves(
    writer: Any, reviewer: Any, reviewer2: Any, editor: Any
) -> None:
    away(reviewer, editor)
    submission = ask(writer, reviewer)
    assert policy.user_can_sign(editor, submission).rule == Rule.NOT_A_REVIEWER
    away(reviewer, writer, last=9)
    assert policy.user_can_sign(writer, submission).rule in (Rule.NOT_A_REVIEWER, Rule.CONTRIBUTED)
    assert policy.eligible_signers(submission) == [reviewer, reviewer2]


def test_lists_say_who_is_away_and_who_stands_in(
    writer: Any, reviewer: Any, reviewer2: Any, editor: Any, client: Client
) -> None:
    absence = away(reviewer, reviewer2)
    words = (
        f"Reviewer Tester (away until {absence.ends_on:%B} {absence.ends_on.day}; Reviewer2 Tester stands in)"
    )
    client.force_login(writer)
    page = make_monograph("other", by=writer)
    assert (
        words.replace("Tester (", "Tester, PharmD (")
        in client.get(f"/admin/review/submit/{page.pk}/").content.decode()
    )
    submission = ask(writer, reviewer)
    (row,) = queue_for(reviewer2)
    assert (row.named, row.asked) == ([words], True)
    assert team_reviews().rows[0].absences == (words,)
    assert words in client.get(f"/admin/review/{submission.pk}/").content.decode()
    client.force_login(editor)
    assert words in client.get("/admin/team/reviews/").content.decode()


def test_people_say_it_themselves_and_editors_for_others(
    writer: Any, reviewer: Any, reviewer2: Any, editor: Any, client: Client
) -> None:
    today = database_today()
    form = {"person": reviewer.pk, "delegate": reviewer2.pk, "starts_on": f"{today}", "ends_on": f"{today}"}
    client.force_login(reviewer)
    assert client.post(ADDRESS, {**form, "person": writer.pk}).status_code == 400
    assert client.post(ADDRESS, {**form, "delegate": reviewer.pk}).status_code == 400
    assert client.post(ADDRESS, {**form, "ends_on": f"{today - DAY}"}).status_code == 400
    assert client.post(ADDRESS, {**form, "starts_on": f"{today + DAY}"}).status_code == 400
    assert not Absence.objects.exists()
    assert client.post(ADDRESS, form).status_code == 302
    absence = Absence.objects.get()
    client.force_login(writer)
    assert client.post(ADDRESS, {"end": absence.pk}).status_code == 403
    assert client.post(ADDRESS, {"end": "9" * 30}).status_code == 302
    assert Absence.objects.exists()
    client.force_login(editor)
    assert "Remove" in client.get(ADDRESS).content.decode()
    assert client.post(ADDRESS, {"end": absence.pk}).status_code == 302
    assert not Absence.objects.exists()
    assert client.post(ADDRESS, {**form, "person": writer.pk}).status_code == 302
