"""Publishing signed texts at a scheduled time."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from monographs.editions.ledger import Event
from monographs.editions.models import Edition, LedgerEntry, Signature
from monographs.editions.verify import verify
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import Recall, Submit
from monographs.review.models import Submission, SubmissionStatus
from monographs.review.publication.scheduled import publish_due
from tests.conftest import run_deferred_constraints
from tests.factories import edit, make_monograph, make_user, sign, submit

pytestmark = pytest.mark.django_db

SOON = timedelta(hours=1)


def scheduled(page: Any, writer: Any, reviewer: Any, *, after: timedelta = SOON) -> Submission:
    submission = submit(page, writer, publish_at=timezone.now() + after)
    sign(submission, reviewer)
    submission.refresh_from_db()
    return submission


def later(after: timedelta = SOON) -> Any:
    return timezone.now() + after + timedelta(seconds=1)


def test_a_scheduled_text_is_published_exactly_as_signed(client: Client, writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    submission = scheduled(page, writer, reviewer)
    assert submission.status == SubmissionStatus.SCHEDULED
    assert client.get("/medicines/testumab/").status_code == 404
    assert publish_due() == []
    assert not Edition.objects.exists()

    (outcome,) = publish_due(later())

    run_deferred_constraints()
    assert outcome.edition is not None
    assert outcome.edition.sha256 == submission.sha256
    assert client.get("/medicines/testumab/")["X-Edition"] == "testumab/1"
    submission.refresh_from_db()
    assert submission.status == SubmissionStatus.SIGNED
    page = MonographPage.objects.get(pk=page.pk)
    assert page.live
    assert not page.has_unpublished_changes
    assert not page.is_frozen
    assert publish_due(later()) == [], "it is published once"
    assert LedgerEntry.objects.filter(event=Event.SCHEDULED).count() == 1
    assert verify()["editions"] == 1


def test_last_reviewed_is_the_day_of_the_signature(writer: Any, reviewer: Any) -> None:
    scheduled(make_monograph(by=writer), writer, reviewer, after=timedelta(days=90))
    publish_due(later(timedelta(days=90)))
    assert Edition.objects.get().last_reviewed == Signature.objects.get().signed_at.date()


def test_a_scheduled_page_is_locked(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    scheduled(page, writer, reviewer)
    with pytest.raises(PolicyError, match="scheduled"):
        edit(page, writer, how_it_works="Something else.")
    with pytest.raises(PolicyError, match="Recall it first") as refusal:
        submit(MonographPage.objects.get(pk=page.pk), writer)
    assert refusal.value.rule == Rule.SCHEDULED
    assert MonographPage.objects.get(pk=page.pk).status_string == "Signed and scheduled"


def test_recalling_a_scheduled_text_needs_a_reason_and_is_in_the_ledger(
    writer: Any, reviewer: Any, django_capture_on_commit_callbacks: Any
) -> None:
    page = make_monograph(by=writer)
    submission = scheduled(page, writer, reviewer)
    with pytest.raises(PolicyError, match="Say why"):
        Recall(writer, submission).execute()
    with django_capture_on_commit_callbacks(execute=True):
        Recall(writer, submission, reason="The label changed again.").execute()
    told = [json.loads(e.body)["data"] for e in LedgerEntry.objects.filter(event=Event.RECALLED)]
    assert [entry["reason"] for entry in told] == ["The label changed again."]
    assert LedgerEntry.objects.filter(event=Event.VOIDED).count() == 1
    assert publish_due(later()) == []
    assert not Edition.objects.exists()
    (notice,) = [m for m in mail.outbox if m.subject == "Your signature no longer counts: testumab"]
    assert notice.to == ["reviewer@example.org"]
    assert "The label changed again." in notice.body
    edit(page, writer, how_it_works="Open again.")


@pytest.mark.parametrize(
    ("who", "may"),
    [("signer", True), ("writer", True), ("editor", True), ("reviewer2", False), ("writer2", False)],
)
def test_who_may_recall_a_scheduled_text(writer: Any, reviewer: Any, who: str, may: bool) -> None:
    group = {"editor": "Editors", "reviewer2": "Medical reviewers", "writer2": "Medical writers"}
    people = {"signer": reviewer, "writer": writer}
    person = people.get(who) or make_user(who, group[who])
    submission = scheduled(make_monograph(by=writer), writer, reviewer)
    if may:
        Recall(person, submission, reason="Not yet.").execute()
    else:
        with pytest.raises(PolicyError) as refusal:
            Recall(person, submission, reason="Not yet.").execute()
        assert refusal.value.rule == Rule.NOT_ALLOWED_HERE


def test_a_moment_that_has_passed_is_refused(writer: Any) -> None:
    page = make_monograph(by=writer)
    with pytest.raises(PolicyError, match="has passed"):
        submit(page, writer, publish_at=timezone.now() - timedelta(minutes=1))
    assert not Submission.objects.exists()


def test_a_text_signed_after_its_scheduled_time_is_published_at_once(writer: Any, reviewer: Any) -> None:
    submission = submit(make_monograph(by=writer), writer, publish_at=timezone.now() + SOON)
    Submission.objects.update(publish_at=timezone.now() - SOON)
    sign(submission, reviewer)
    assert Edition.objects.count() == 1


def test_after_a_pause_the_scheduler_catches_up_in_order(client: Client, writer: Any, reviewer: Any) -> None:
    names = ["firstumab", "secondumab", "thirdumab"]
    for name, hours in zip(names, (3, 1, 2), strict=True):
        scheduled(make_monograph(name, by=writer), writer, reviewer, after=timedelta(hours=hours))
    outcomes = publish_due(later(timedelta(hours=4)))
    assert [o.submission.title for o in outcomes] == ["secondumab", "thirdumab", "firstumab"]
    for name in names:
        assert client.get(f"/medicines/{name}/").status_code == 200


def test_one_failure_delays_no_other_text_and_editors_are_notified_once(
    client: Client, writer: Any, reviewer: Any, django_capture_on_commit_callbacks: Any
) -> None:
    make_user("editor", "Editors")
    broken = scheduled(make_monograph("brokenumab", by=writer), writer, reviewer)
    scheduled(make_monograph("wholeumab", by=writer), writer, reviewer, after=SOON * 2)
    # somebody who reaches the database rewrites what was signed
    Submission.objects.filter(pk=broken.pk).update(canonical=broken.canonical.replace("Fever", "Nothing"))
    Submission.objects.update(publish_at=timezone.now())
    err = StringIO()
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True), pytest.raises(CommandError, match="1 of"):
            call_command("publish_scheduled", stdout=StringIO(), stderr=err)
    assert "NOT published brokenumab" in err.getvalue()
    assert client.get("/medicines/brokenumab/").status_code == 404
    assert client.get("/medicines/wholeumab/").status_code == 200
    assert [m.subject for m in mail.outbox if m.to == ["editor@example.org"]] == ["Not published: brokenumab"]
    broken.refresh_from_db()
    assert broken.is_scheduled, "it is tried again"


def test_wagtails_schedule_publishes_nothing_that_was_not_signed(
    client: Client, published_medicine: Any, writer: Any
) -> None:
    page = published_medicine
    draft = edit(page, writer, how_it_works="Sneaked words.")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE wagtailcore_revision SET approved_go_live_at = now() - interval '1 hour' WHERE id = %s",
            [draft.latest_revision_id],
        )
    before = client.get("/medicines/testumab/").content
    for command in ("publish_scheduled", "publish_scheduled_pages"):
        call_command(command, stdout=StringIO())
    assert client.get("/medicines/testumab/").content == before
    assert (
        not MonographPage.objects.get(pk=page.pk)
        .sections.get_prep_value()[1]["value"]["content"][0]["value"]
        .count("Sneaked")
    )


def test_a_tampered_revision_does_not_change_what_becomes_public(
    client: Client, writer: Any, reviewer: Any
) -> None:
    page = make_monograph(by=writer)
    scheduled(page, writer, reviewer)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE wagtailcore_revision SET content = replace(content::text, 'Fever', 'Joy')::jsonb"
        )
    (outcome,) = publish_due(later())
    assert outcome.edition is not None
    assert b"Fever" in client.get("/medicines/testumab/").content
    assert b"Joy" not in client.get("/medicines/testumab/").content
    assert MonographPage.objects.get(pk=page.pk).has_unpublished_changes, (
        "the admin says that the draft differs"
    )


def test_a_page_deleted_in_the_admin_is_still_published(client: Client, writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    scheduled(page, writer, reviewer)
    MonographPage.objects.get(pk=page.pk).delete()
    (outcome,) = publish_due(later())
    assert outcome.edition is not None
    assert client.get("/medicines/testumab/").status_code == 200


def test_a_dry_run_says_what_is_due_and_publishes_nothing(writer: Any, reviewer: Any) -> None:
    scheduled(make_monograph(by=writer), writer, reviewer)
    Submission.objects.update(publish_at=timezone.now())
    out = StringIO()
    call_command("publish_scheduled", "--dryrun", stdout=out)
    assert "testumab" in out.getvalue()
    assert not Edition.objects.exists()


def test_a_scheduled_correction_keeps_the_dates_of_the_previous_edition(
    published_medicine: Any, writer: Any, reviewer: Any
) -> None:
    page = published_medicine
    edit(page, writer, how_it_works="About: how_it_works.")
    submission = Submit(
        writer, page, review_kind="correction", reason="A comma.", publish_at=timezone.now() + SOON
    ).execute()
    sign(submission, reviewer)
    publish_due(later())
    second, first = Edition.objects.order_by("-number")
    assert (second.last_reviewed, second.next_due) == (first.last_reviewed, first.next_due)
