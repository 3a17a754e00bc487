"""Words from outside, and last days that two people confirm, around an outside expert's signature."""

from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import DatabaseError

from monographs.editions.contributions import record_contribution, retract_contribution
from monographs.editions.models import Signature
from monographs.editions.person import SYSTEM, Person
from monographs.editions.signatures import ExcludedUsers
from monographs.pages.refusals import Rule
from monographs.review import policy
from monographs.review.models import ReviewerProfile, Submission
from tests.conftest import run_deferred_constraints
from tests.database import without_trigger
from tests.export.both_verifiers import faults_of_both
from tests.outside_review.outside_experts import InvitedExpert

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("signatures_allowed")]


def sign_words_from_outside(invited: InvitedExpert, name: str, monkeypatch: pytest.MonkeyPatch) -> Signature:
    """Let the expert sign a text with words that ``name`` left without an account, past the code's rule."""
    known = ExcludedUsers.contains
    monkeypatch.setattr(
        ExcludedUsers, "contains", lambda self, *user: known(replace(self, from_outside=False), *user)
    )
    invited.read()
    record_contribution(invited.sent.key, Person(None, "", name), sha256=invited.sent.sha256)
    assert invited.sign(invited.ask_code()).status_code == 200
    return Signature.objects.get(user_id=invited.expert.pk)


def test_the_database_refuses_an_experts_signature_of_words_from_outside(
    invited: InvitedExpert, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_words_from_outside(invited, "Dr. Ada", monkeypatch)
    with pytest.raises(DatabaseError, match="signed words of somebody without an account"):
        run_deferred_constraints()


def test_both_verifiers_refuse_an_experts_signature_of_words_from_outside(
    invited: InvitedExpert, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    without_trigger("editions_edition", "experts_sign_named_words")
    signature = sign_words_from_outside(invited, "Dr. Ada", monkeypatch)
    (fault,) = faults_of_both(tmp_path / "export")
    assert f"signature {signature.pk} is of an outside expert, of words left without an account" in fault


def test_words_of_the_service_and_words_taken_back_bar_no_expert(
    invited: InvitedExpert, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    gone = record_contribution(invited.sent.key, Person(None, "", "Dr. Bea"), sha256=invited.sent.sha256)
    retract_contribution(gone, SYSTEM)
    sign_words_from_outside(invited, SYSTEM.name, monkeypatch)
    run_deferred_constraints()
    assert not faults_of_both(tmp_path / "export")


def test_the_migration_of_last_days_leaves_an_expert_vouched_for(
    invited: InvitedExpert, sent: Submission
) -> None:
    profile = ReviewerProfile.objects.get(user=invited.expert)
    before = {name: each for name, each in profile.confirmations.items() if name != "last day"}
    ReviewerProfile.objects.filter(pk=profile.pk).update(confirmations=before)
    user = User.objects.get(pk=invited.expert.pk)
    assert policy.user_can_sign(user, sent).rule == Rule.NOT_CONFIRMED
    import_module("monographs.review.migrations.0018_last_days_by_two").confirm_last_days(apps, None)
    user = User.objects.get(pk=invited.expert.pk)
    assert policy.user_can_sign(user, sent).allowed
