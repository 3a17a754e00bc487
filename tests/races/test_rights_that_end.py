"""A signer's rights end while their signature is under way: these are under no lock of a page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User

from monographs.editions.models import Edition, Signature, Withdrawal
from monographs.editions.verify import verify
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.pages.refusals import PolicyError
from monographs.review.actions import Sign, Withdraw
from monographs.review.policies.kept_rights import ENDED
from tests.factories import PASSWORD, make_monograph, publish, read_all, submit
from tests.races.connections import SECONDS, elsewhere, held, waits_for_ledger

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def recorded(settings: Any) -> None:
    """Changes of rights are in the ledger, as on a real site."""
    settings.RECORD_ACCOUNT_CHANGES = True


def leaves_the_group(username: str) -> None:
    User.objects.get(username=username).groups.remove(Group.objects.get(name="Medical reviewers"))


def is_deactivated(username: str) -> None:
    user = User.objects.get(username=username)
    user.is_active = False
    user.save()


def signature(writer: Any, signer: Any) -> Sign:
    submission = submit(make_monograph(by=writer), writer)
    read_all(submission, signer)
    return Sign(signer, submission, password=PASSWORD, seen_sha256=submission.sha256)


def withdrawal(writer: Any, signer: Any) -> Withdraw:
    page = make_monograph(by=writer)
    publish(page, writer, signer)
    cause = WithdrawalReason.MISTAKE
    return Withdraw(signer, page.translation_key, cause=cause, note="Wrong.", password=PASSWORD)


@pytest.mark.parametrize("ends", [leaves_the_group, is_deactivated], ids=lambda ends: ends.__name__)
@pytest.mark.parametrize("act", [signature, withdrawal], ids=lambda act: act.__name__)
def test_who_may_not_review_any_more_signs_nothing(
    act: Callable[..., Any], ends: Callable[[str], None], writer: Any, reviewer: Any
) -> None:
    attempted = act(writer, reviewer)
    before = Signature.objects.count()
    with elsewhere() as run:
        with held(lambda: ends("reviewer")):
            attempt = run(attempted.execute)
            assert waits_for_ledger(attempt)
        refusal = attempt.exception(SECONDS)
    assert isinstance(refusal, PolicyError)
    assert refusal.message == ENDED
    assert (Signature.objects.count(), Withdrawal.objects.count()) == (before, 0)
    assert Edition.objects.count() == before
    verify()
