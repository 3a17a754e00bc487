"""The migration that confirms the signers of a site from before there was a second person."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model

from monographs.accounts.audit_check import audit_differences
from monographs.accounts.audit_log import record_baseline
from monographs.review.models import Credential, ReviewerProfile
from tests.factories import make_user

pytestmark = pytest.mark.django_db

MIGRATION = import_module("monographs.review.migrations.0006_confirm_existing_signers")


def signer(username: str, credentials: str, **name: str) -> ReviewerProfile:
    """Return a profile as an earlier release stored it."""
    user = make_user(username, "Medical reviewers", credentials="")
    for column, value in name.items():
        setattr(user, column, value)
    user.save()
    profile = ReviewerProfile(user=user, credentials=credentials)
    Model.save(profile)
    return profile


def is_confirmed(profile: ReviewerProfile) -> bool:
    return ReviewerProfile.objects.get(pk=profile.pk).is_confirmed


def test_the_list_comes_with_the_release(site: Any) -> None:
    listed = {entry.abbreviation for entry in Credential.objects.all() if entry.is_confirmed}
    assert listed == set(MIGRATION.CREDENTIALS)


def test_existing_signers_are_confirmed_if_they_follow_the_grammar(site: Any, settings: Any) -> None:
    settings.RECORD_ACCOUNT_CHANGES = True
    fit = signer("fit", "PharmD, FRCPath")
    unfit = signer("unfit", "Take two tablets")
    unnamed = signer("unnamed", "MD", first_name="Mary 2")
    Credential.objects.all().delete()
    record_baseline()
    before = len(audit_differences())
    MIGRATION.confirm_existing(apps, None)
    assert (is_confirmed(fit), is_confirmed(unfit), is_confirmed(unnamed)) == (True, False, False)
    assert Credential.objects.get(abbreviation="FRCPath").is_confirmed
    assert not Credential.objects.filter(abbreviation__contains="two").exists()
    assert len(audit_differences()) <= before, "the ledger knows of what became confirmed"
