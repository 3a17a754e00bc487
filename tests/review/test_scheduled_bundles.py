"""Bundles of a later day: published as one, and what becomes of the others when a text is recalled."""

import json
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.db.models.signals import post_save
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from monographs.core.db_clock import database_now, database_today
from monographs.editions.ledger import Event
from monographs.editions.models import Edition, LedgerEntry, Signature
from monographs.editions.verify import verify
from monographs.pages.refusals import Rule
from monographs.review.actions import (
    DeclareConflict,
    Recall,
    TakeOut,
)
from monographs.review.models import MedicalReviewTask, ReviewBundle, Submission, SubmissionStatus
from monographs.review.publication.scheduled import publish_due
from monographs.review.submission_state.bundle_progress import (
    members_of_bundle,
)
from tests.conftest import run_deferred_constraints
from tests.factories import make_monograph, make_user, sign, submit
from tests.review.test_bundles import bundled, read_bundle, refusal, sign_bundle

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(site: Any) -> Any:
    return make_user("emil", "Editors")


def test_a_bundle_of_a_later_day_is_published_as_one(editor: Any, writer: Any, reviewer: Any) -> None:
    day = timezone.now() + timedelta(days=1)
    bundle = bundled(editor, writer, publish_at=day)
    read_bundle(bundle, reviewer)
    sign_bundle(bundle, reviewer)
    first, *_ = members_of_bundle(bundle)
    assert first.is_scheduled
    assert publish_due() == []
    Recall(editor, first, reason="Wait.").execute()
    due = day + timedelta(seconds=1)
    outcomes = publish_due(due)
    assert len(outcomes) == 2
    assert all("“alphamab” (recalled)" in outcome.failure for outcome in outcomes)
    assert not Edition.objects.exists()
    TakeOut(editor, bundle, first).execute()
    assert all(outcome.edition for outcome in publish_due(due))
    run_deferred_constraints()
    assert Edition.objects.count() == 2
    assert verify()["editions"] == 2


def test_a_bundle_whose_moment_comes_while_it_is_signed_is_scheduled_as_one(
    editor: Any, writer: Any, reviewer: Any
) -> None:
    bundle = bundled(editor, writer, publish_at=timezone.now() + timedelta(days=1))
    read_bundle(bundle, reviewer)
    moment = database_now() + timedelta(seconds=1)
    Submission.objects.filter(bundle=bundle).update(publish_at=moment)
    signed: list[Signature] = []

    def pass_the_moment(instance: Signature, **kwargs: Any) -> None:
        signed.append(instance)
        while len(signed) > 1 and database_now() <= moment:
            time.sleep(0.05)

    post_save.connect(pass_the_moment, sender=Signature)
    try:
        sign_bundle(bundle, reviewer)
    finally:
        post_save.disconnect(pass_the_moment, sender=Signature)
    assert {each.status for each in members_of_bundle(bundle)} == {SubmissionStatus.SCHEDULED}
    assert all(outcome.edition for outcome in publish_due())
    run_deferred_constraints()
    assert Edition.objects.count() == len(signed)


def test_a_bundle_that_is_signed_after_its_moment_is_published_at_once(
    editor: Any, writer: Any, reviewer: Any
) -> None:
    bundle = bundled(editor, writer, publish_at=timezone.now() + timedelta(days=1))
    read_bundle(bundle, reviewer)
    Submission.objects.filter(bundle=bundle).update(publish_at=database_now())
    sign_bundle(bundle, reviewer)
    run_deferred_constraints()
    assert Edition.objects.count() == len(members_of_bundle(bundle))


def scheduled_bundle(editor: Any, writer: Any, *reviewers: Any, day: Any) -> tuple[ReviewBundle, Any]:
    bundle = bundled(editor, writer, publish_at=day)
    read_bundle(bundle, *reviewers)
    for reviewer in reviewers:
        sign_bundle(bundle, reviewer)
    return bundle, members_of_bundle(bundle)


def test_a_bundle_with_a_recalled_page_is_not_tried_and_delays_no_other_text(
    editor: Any, writer: Any, reviewer: Any
) -> None:
    day = timezone.now() + timedelta(days=1)
    _, members = scheduled_bundle(editor, writer, reviewer, day=day)
    Recall(writer, members[1], reason="Wait.").execute()
    alone = submit(make_monograph("omegamab", by=writer), writer, publish_at=day)
    sign(alone, reviewer)
    due = day + timedelta(seconds=1)
    with CaptureQueriesContext(connection) as queries:
        outcomes = publish_due(due)
    inserted = [each["sql"] for each in queries if each["sql"].startswith('INSERT INTO "editions_edition"')]
    assert len(inserted) == 1, "of the text in no bundle"
    assert [outcome.submission.title for outcome in outcomes if outcome.edition] == ["omegamab"]
    assert [outcome.submission.title for outcome in outcomes if outcome.failure] == ["alphamab", "gammamab"]


def test_editors_and_signers_are_told_at_once_when_a_page_of_a_scheduled_bundle_is_recalled(
    editor: Any, writer: Any, reviewer: Any, reviewer2: Any, django_capture_on_commit_callbacks: Any
) -> None:
    MedicalReviewTask.objects.update(signatures=2)
    day = timezone.now() + timedelta(days=1)
    bundle, members = scheduled_bundle(editor, writer, reviewer, reviewer2, day=day)
    run_deferred_constraints()
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        DeclareConflict(
            editor, members[0].key, reviewer, reason="Shares.", starts_on=database_today()
        ).execute()
    subject = "Kept back, because a page was recalled: Renaming the class"
    told = [message for message in mail.outbox if message.subject == subject]
    assert sorted(message.to[0] for message in told) == ["reviewer2@example.org", "reviewer@example.org"]
    assert all("“alphamab”" in message.body and "conflict of interest" in message.body for message in told)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        Recall(writer, members[1], reason="Wait.").execute()
    assert "emil@example.org" in [each.to[0] for each in mail.outbox if each.subject == subject]
    for entry in LedgerEntry.objects.filter(event=Event.RECALLED):
        assert json.loads(entry.body)["data"]["bundle"] == str(bundle.uuid)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        Recall(writer, members[2], reason="Wait.").execute()
    assert subject not in [each.subject for each in mail.outbox], "nothing is left that waits"


def test_a_signed_text_leaves_its_bundle_for_a_reason_that_its_signers_are_told(
    editor: Any, writer: Any, reviewer: Any, django_capture_on_commit_callbacks: Any
) -> None:
    day = timezone.now() + timedelta(days=1)
    bundle, (first, *_) = scheduled_bundle(editor, writer, reviewer, day=day)
    assert refusal(lambda: TakeOut(editor, bundle, first, reason=" ").execute()).rule == Rule.NO_REASON
    assert Submission.objects.get(pk=first.pk).bundle_id == bundle.pk
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        TakeOut(editor, bundle, first, reason="The others wait for a label.").execute()
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["reviewer@example.org"], "Taken out of a bundle: alphamab")
    assert "The others wait for a label." in message.body
    entry = LedgerEntry.objects.get(event=Event.UNBUNDLED)
    assert json.loads(entry.body)["data"]["reason"] == "The others wait for a label."


def test_a_page_that_fails_on_its_day_keeps_the_others_back(
    editor: Any, writer: Any, reviewer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = timezone.now() + timedelta(days=1)
    bundle = bundled(editor, writer, publish_at=day)
    read_bundle(bundle, reviewer)
    sign_bundle(bundle, reviewer)
    Submission.objects.filter(title="betamab").update(steps=[{"step": "Another", "signatures": 1}])
    outcomes = publish_due(day + timedelta(seconds=1))
    assert len(outcomes) == 3
    assert all("“betamab”: " in outcome.failure for outcome in outcomes)
    assert not Edition.objects.exists()
