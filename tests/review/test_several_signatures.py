"""Several steps and signatures: all for one hash, by distinct people; a changed text voids them."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from django.utils import timezone
from wagtail.models import Workflow, WorkflowTask

from monographs.editions.ledger import Event
from monographs.editions.models import Edition, LedgerEntry, Signature
from monographs.editions.verify import verify
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import Recall, Return
from monographs.review.models import MedicalReviewTask, ReviewerProfile
from tests.conftest import run_deferred_constraints
from tests.factories import edit, make_group, make_monograph, make_signer, make_user, sign, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def pharmacist(site: Any) -> Any:
    """A reviewer of a second step, which is for pharmacists only."""
    group = make_group("Pharmacists")
    task = MedicalReviewTask.objects.create(name="Pharmacy review")
    task.groups.set([group])
    WorkflowTask.objects.create(workflow=Workflow.objects.get(name="Medical review"), task=task, sort_order=1)
    return make_user("pharmacist", "Pharmacists", credentials="PharmD, BCOP")


def require_two_signatures_at_first_step() -> None:
    MedicalReviewTask.objects.filter(name="Medical review").update(signatures=2)


def test_each_step_is_signed_by_its_own_group_in_order(
    writer: Any, reviewer: Any, reviewer2: Any, pharmacist: Any
) -> None:
    require_two_signatures_at_first_step()
    submission = submit(make_monograph(by=writer), writer)
    for person, rule in (
        (pharmacist, Rule.NOT_A_REVIEWER),
        (reviewer, None),
        (reviewer, Rule.ALREADY_SIGNED),
    ):
        if rule is None:
            sign(submission, person)
            continue
        with pytest.raises(PolicyError) as refusal:
            sign(submission, person)
        assert refusal.value.rule == rule
    sign(submission, reviewer2)
    assert not Edition.objects.exists(), "the pharmacy has not signed"
    with pytest.raises(PolicyError) as refusal:
        sign(submission, reviewer)
    assert refusal.value.rule == Rule.NOT_A_REVIEWER
    sign(submission, pharmacist)
    run_deferred_constraints()
    edition = Edition.objects.get()
    assert [(r["name"], r["step"]) for r in edition.reviewers] == [
        ("Reviewer Tester", "Medical review"),
        ("Reviewer2 Tester", "Medical review"),
        ("Pharmacist Tester", "Pharmacy review"),
    ]
    assert {s.sha256 for s in Signature.objects.all()} == {edition.sha256}
    assert verify()["signatures"] == 3


def test_one_person_in_both_groups_cannot_sign_for_both_steps(
    writer: Any, reviewer: Any, pharmacist: Any
) -> None:
    reviewer.groups.add(Group.objects.get(name="Pharmacists"))
    submission = submit(make_monograph(by=writer), writer)
    sign(submission, reviewer)
    with pytest.raises(PolicyError) as refusal:
        sign(submission, reviewer)
    assert refusal.value.rule == Rule.ALREADY_SIGNED
    assert "Pharmacist Tester" in refusal.value.message
    assert not Edition.objects.exists()


@pytest.mark.parametrize("end", ["returned", "recalled"])
def test_returning_or_recalling_voids_signatures_visibly_and_notifies_signers(
    client: Client,
    writer: Any,
    reviewer: Any,
    reviewer2: Any,
    end: str,
    django_capture_on_commit_callbacks: Any,
) -> None:
    require_two_signatures_at_first_step()
    page = make_monograph(by=writer)
    first = submit(page, writer)
    sign(first, reviewer)
    with django_capture_on_commit_callbacks(execute=True):
        if end == "returned":
            Return(reviewer2, first, reason="The dose is wrong.").execute()
        else:
            Recall(writer, first).execute()
    assert LedgerEntry.objects.filter(event=Event.VOIDED).count() == 1
    to_signer = [m for m in mail.outbox if m.subject.startswith("Your signature no longer counts")]
    assert [m.to for m in to_signer] == [["reviewer@example.org"]]
    client.force_login(reviewer)
    assert "Void" in client.get(f"/admin/review/{first.pk}/").content.decode()

    edit(page, writer, how_it_works="The right dose.")
    second = submit(page, writer)
    sign(second, reviewer2)
    assert not Edition.objects.exists(), "the signature under the earlier text does not count"
    sign(second, reviewer)
    assert Edition.objects.count() == 1


def test_the_same_text_submitted_again_needs_its_signatures_again(
    writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    require_two_signatures_at_first_step()
    page = make_monograph(by=writer)
    first = submit(page, writer)
    sign(first, reviewer)
    Recall(writer, first).execute()
    second = submit(page, writer)
    assert second.sha256 == first.sha256
    sign(second, reviewer2)
    assert not Edition.objects.exists()


def test_lowering_the_required_signatures_during_a_review_has_no_effect(writer: Any, reviewer: Any) -> None:
    require_two_signatures_at_first_step()
    submission = submit(make_monograph(by=writer), writer)
    MedicalReviewTask.objects.update(signatures=1)
    with pytest.raises(PolicyError, match="1 of 2 signatures"):
        sign(submission, reviewer)
    assert not Edition.objects.exists()


@pytest.mark.parametrize(
    ("credentials", "days", "rule"),
    [("", None, Rule.NO_CREDENTIALS), ("PharmD", -1, Rule.EXPIRED), ("PharmD", 0, None), ("PharmD", 1, None)],
)
def test_credentials_are_needed_and_can_expire(
    client: Client, writer: Any, credentials: str, days: int | None, rule: Rule | None
) -> None:
    person = make_user("person", "Medical reviewers", credentials=credentials)
    make_user("free", "Medical reviewers")
    if days is not None:
        last_day = timezone.now().date() + timedelta(days=days)
        ReviewerProfile.objects.filter(user=person).update(expires_on=last_day)
        person.refresh_from_db()
    submission = submit(make_monograph(by=writer), writer)
    client.force_login(person)
    queue = client.get("/admin/review/").content.decode()
    if rule is None:
        sign(submission, person)
        assert "editor" not in queue.split("Waiting for you")[1].split("</section>")[0]
        return
    with pytest.raises(PolicyError) as refusal:
        sign(submission, person)
    assert refusal.value.rule == rule
    assert "Free Tester" in refusal.value.message
    assert "ask an editor" in queue
    Return(person, submission, reason="At least this can be returned.").execute()


def test_a_signature_stores_credentials_and_field_by_value(writer: Any, site: Any) -> None:
    person = make_user("person", "Medical reviewers", credentials="")
    make_signer(person, "PharmD", field="haematology pharmacy")
    sign(submit(make_monograph(by=writer), writer), person)
    ReviewerProfile.objects.all().delete()
    signature = Signature.objects.get()
    assert (signature.credentials, signature.field) == ("PharmD", "haematology pharmacy")
    assert verify()["signatures"] == 1
