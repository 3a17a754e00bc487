"""Which signatures an edition counts: code, database and verifiers ask the same of each."""

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError

from devtools.synthetic.publisher import WRITER
from monographs.core.db_clock import database_now
from monographs.document import CanonicalText
from monographs.editions import publishing
from monographs.editions.contributions import record_contribution
from monographs.editions.ledger import Event, append_entry, record_submission
from monographs.editions.models import Edition, ReviewKind, Signature
from monographs.editions.person import SYSTEM, Person
from monographs.editions.publishing import make_edition
from monographs.editions.signatures import MissingSignatures, ReviewStep
from monographs.review.actions import Recall
from monographs.review.models import Submission
from tests.conftest import run_deferred_constraints
from tests.database import without_trigger
from tests.export.both_verifiers import faults_of_both
from tests.factories import make_monograph, sign, submit
from tests.public.published import STEP, monograph
from tests.public.published import sign as sign_text

pytestmark = pytest.mark.django_db

CARLA = Person(8, "carla", "Carla Contributor", "MD")


@pytest.fixture
def recalled(writer: Any, reviewer: Any) -> Submission:
    """A text that was signed for a later day and recalled."""
    submission = submit(make_monograph(by=writer), writer, publish_at=database_now() + timedelta(days=1))
    sign(submission, reviewer)
    submission.refresh_from_db()
    Recall(writer, submission, reason="Not like this.").execute()
    run_deferred_constraints()
    return submission


def edition_of(submission: Submission) -> Edition:
    """The edition that a program with the application's rights makes of a submission, and publishes."""
    edition = make_edition(
        submission.text,
        submission=submission.uuid,
        steps=submission.as_steps(),
        review_kind=ReviewKind.FULL_REVIEW,
        reason="Taken from the drawer.",
        actor=SYSTEM,
    )
    publishing.set_publication(edition, actor=SYSTEM)
    return edition


def test_voided_signatures_make_no_edition(recalled: Submission) -> None:
    with pytest.raises(MissingSignatures, match="returned or recalled"):
        edition_of(recalled)


def test_the_database_counts_no_voided_signature(
    recalled: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "ended_by", lambda *given: None)
    edition_of(recalled)
    with pytest.raises(DatabaseError, match="a signature of it was voided"):
        run_deferred_constraints()


def test_both_verifiers_count_no_voided_signature(
    recalled: Submission, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    without_trigger("editions_edition", "must_be_signed")
    monkeypatch.setattr(publishing, "ended_by", lambda *given: None)
    edition_of(recalled)
    voided = Signature.objects.get()
    (fault,) = faults_of_both(tmp_path / "export")
    assert f"signature {voided.pk} was voided" in fault


def signed_twice(monkeypatch: pytest.MonkeyPatch) -> Edition:
    """An edition with two steps of one name, signed by two people, one of whom contributed afterwards."""
    document, submission = monograph(), uuid.uuid4()
    text, steps = CanonicalText.of(document), [STEP, ReviewStep(STEP.step)]
    key = uuid.UUID(document.key)
    record_submission(WRITER, key, submission, sha256=text.sha256, steps=[step.as_record() for step in steps])
    sign_text(key, submission, text.sha256)
    signature = Signature.objects.create(
        submission=submission, key=key, sha256=text.sha256, step=STEP.step, meaning="I approve it.",
        user_id=CARLA.id, username=CARLA.username, name=CARLA.name, credentials=CARLA.credentials,
    )  # fmt: skip
    append_entry(Event.SIGNED, CARLA, signature.as_record(), subject=key)
    record_contribution(key, Person(CARLA.id, CARLA.username, CARLA.name), text.sha256)
    monkeypatch.setattr(publishing, "check_signed", lambda *given: None)
    edition = make_edition(
        text, submission=submission, steps=steps, review_kind=ReviewKind.FULL_REVIEW, reason="", actor=SYSTEM
    )
    publishing.set_publication(edition, actor=SYSTEM)
    return edition


def test_the_database_counts_no_contributor_among_the_distinct_people(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_twice(monkeypatch)
    with pytest.raises(DatabaseError, match="signed by 1 distinct people, needs 2"):
        run_deferred_constraints()


def test_both_verifiers_count_no_contributor_among_the_distinct_people(
    db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    without_trigger("editions_edition", "must_be_signed")
    signed_twice(monkeypatch)
    (fault,) = faults_of_both(tmp_path / "export")
    assert "signed by 1 people, needs 2" in fault
