"""Who recorded, confirmed or invited an outside expert answers for them, and signs no text with them."""

import subprocess
import sys
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection

from monographs.editions.contributions import record_contribution
from monographs.editions.export.bundle import write_export
from monographs.editions.models import Edition
from monographs.editions.person import Person
from monographs.editions.signatures import ExcludedUsers
from monographs.editions.verify import check_database
from monographs.pages.refusals import PolicyError, Rule
from monographs.review import expert_policy, policy
from monographs.review.models import (
    MedicalReviewTask,
    Submission,
)
from monographs.review.outside_review.invitation_policy import user_can_invite
from monographs.review.queue.queue_rows import QueueGroup, queue_for, signable_count
from monographs.review.team.team_rows import team_reviews
from tests.conftest import run_deferred_constraints
from tests.database import without_trigger
from tests.factories import make_user, sign
from tests.outside_review.outside_experts import InvitedExpert, confirm_expert, record_expert

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("signatures_allowed")]


@pytest.mark.parametrize("first", ["voucher", "expert"])
def test_who_vouches_for_an_expert_does_not_sign_the_same_text(
    first: str, sent: Submission, editor: Any, reviewer: Any, django_capture_on_commit_callbacks: Any
) -> None:
    """Whether an expert and who recorded them are two people, nobody can tell: two signatures are of two."""
    MedicalReviewTask.objects.update(signatures=2)
    both = make_user("both", "Editors", "Medical reviewers", credentials="PharmD")
    expert = record_expert(editor)
    confirm_expert(both, expert)
    invited = InvitedExpert(editor, sent, expert, django_capture_on_commit_callbacks)
    invited.read()
    if first == "voucher":
        sign(sent, both)
        assert policy.user_can_sign(invited.expert, sent).rule == Rule.NOT_VOUCHED
        assert user_can_invite(editor, sent, invited.expert).rule == Rule.NOT_VOUCHED
        assert not invited.has_signed()
    else:
        assert invited.sign(invited.ask_code()).status_code == 200
        verdict = policy.user_can_sign(both, sent)
        assert verdict.rule == Rule.NOT_VOUCHED
        assert "an outside expert who signed this text" in verdict.message
        assert policy.eligible_signers(sent) == [reviewer]
        with pytest.raises(PolicyError, match="an outside expert who signed this text"):
            sign(sent, both)
    sign(sent, reviewer)


def test_who_vouches_and_writes_later_is_refused_by_policy_database_and_verifiers(
    invited: InvitedExpert, sent: Submission, editor2: Any, monkeypatch: pytest.MonkeyPatch
) -> None:

    record_contribution(sent.key, Person(editor2.pk, "editor2", "Editor2 Tester"), sha256=sent.sha256)
    invited.read()
    assert policy.user_can_sign(invited.expert, sent).rule == Rule.NOT_VOUCHED
    monkeypatch.setattr(expert_policy, "is_vouched_for", lambda *args: True)
    code = invited.ask_code()
    assert invited.sign(code).status_code == 200
    with pytest.raises(DatabaseError, match="vouches for its outside expert"):
        run_deferred_constraints()


def test_the_verifier_knows_that_rule(
    invited: InvitedExpert, sent: Submission, editor2: Any, monkeypatch: pytest.MonkeyPatch
) -> None:

    run_deferred_constraints()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE editions_edition DISABLE TRIGGER USER")  # undone with the test
    record_contribution(sent.key, Person(editor2.pk, "editor2", "Editor2 Tester"), sha256=sent.sha256)
    invited.read()
    monkeypatch.setattr(expert_policy, "is_vouched_for", lambda *args: True)
    assert invited.sign(invited.ask_code()).status_code == 200
    assert [fault for fault in check_database().faults if "for whom somebody vouches" in fault]


def test_who_vouches_reads_in_every_list_why_they_cannot_sign(
    sent: Submission, editor: Any, reviewer: Any, django_capture_on_commit_callbacks: Any
) -> None:
    MedicalReviewTask.objects.update(signatures=3)
    both = make_user("both", "Editors", "Medical reviewers", credentials="PharmD")
    expert = record_expert(editor)
    confirm_expert(both, expert)
    invited = InvitedExpert(editor, sent, expert, django_capture_on_commit_callbacks)
    invited.read()
    assert signable_count(both) == 1
    assert invited.sign(invited.ask_code()).status_code == 200
    (row,) = queue_for(both)
    assert row.group == QueueGroup.OTHERS
    assert row.blocked == "You answer for an outside expert who signed it; somebody else must sign it."
    assert row.eligible == [reviewer.get_full_name()]
    assert signable_count(both) == 0
    (shown,) = team_reviews().rows
    assert "1 answers for an expert who signed it" in shown.obstacle
    assert shown.eligible == (reviewer,)


@pytest.fixture
def voucher_left_out(
    sent: Submission,
    editor: Any,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> tuple[User, InvitedExpert]:
    """A reviewer who vouches for an invited expert, where the policy does not ask who vouches for signers."""
    MedicalReviewTask.objects.update(signatures=2)
    both = make_user("both", "Editors", "Medical reviewers", credentials="PharmD")
    expert = record_expert(editor)
    confirm_expert(both, expert)
    invited = InvitedExpert(editor, sent, expert, django_capture_on_commit_callbacks)
    invited.read()
    nobody = ExcludedUsers.from_contributors(())
    monkeypatch.setattr(expert_policy, "vouchers_of_signers", lambda *given: nobody)
    monkeypatch.setattr(expert_policy, "signers_of", lambda *given: nobody)
    return both, invited


@pytest.mark.parametrize("first", ["voucher", "expert"])
@pytest.mark.parametrize("kept", ["signature", "edition"])
def test_the_database_refuses_who_vouches_and_signs(
    first: str, kept: str, sent: Submission, voucher_left_out: tuple[User, InvitedExpert]
) -> None:
    both, invited = voucher_left_out
    if kept == "edition":
        without_trigger("editions_signature", "vouchers_sign_apart")
    if first == "voucher":
        sign(sent, both)
        run_deferred_constraints()
        assert invited.sign(invited.ask_code()).status_code == 200
    else:
        assert invited.sign(invited.ask_code()).status_code == 200
        run_deferred_constraints()
        sign(sent, both)
    with pytest.raises(
        DatabaseError, match=rf"{kept} .*somebody who sign\w+ it vouches for its outside expert"
    ):
        run_deferred_constraints()


def test_the_database_lets_others_sign_with_an_expert(
    sent: Submission, reviewer: Any, voucher_left_out: tuple[User, InvitedExpert]
) -> None:
    _, invited = voucher_left_out
    assert invited.sign(invited.ask_code()).status_code == 200
    sign(sent, reviewer)
    run_deferred_constraints()
    assert Edition.objects.get(number=2).reviewers[0]["name"] == "Olga Outside"


def test_both_verifiers_name_who_vouches_and_signs(
    sent: Submission, tmp_path: Any, voucher_left_out: tuple[User, InvitedExpert]
) -> None:
    """As it is when somebody switched the triggers off."""
    both, invited = voucher_left_out
    without_trigger("editions_signature", "vouchers_sign_apart")
    without_trigger("editions_edition", "vouchers_signed_apart")
    assert invited.sign(invited.ask_code()).status_code == 200
    sign(sent, both)
    run_deferred_constraints()
    fault = "of an outside expert for whom somebody vouches who signed it"
    assert [each for each in check_database().faults if fault in each]
    write_export(tmp_path / "export")
    command = [sys.executable, "verify_export.py"]
    checked = subprocess.run(command, cwd=tmp_path / "export", capture_output=True, text=True, check=False)
    assert checked.returncode == 1
    assert fault in checked.stdout
