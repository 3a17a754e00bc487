"""Bypass routes of retiring a page, and of recalling a text."""

from typing import Any

import pytest

from monographs.editions.models import Withdrawal
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.review.actions import ProposeRetirement
from monographs.review.models import RetirementProposal
from tests.access_control.attempt import Attempt, bypass_attempt
from tests.access_control.populated_site import ANONYMOUS, UNSIGNED, user_of
from tests.factories import PASSWORD

FORM = {"cause": "retired", "note": UNSIGNED}


def key(attempt: Attempt, page: str = "alpha") -> Any:
    return attempt.site.page(getattr(attempt.site, page)).translation_key


def proposal(attempt: Attempt, page: str = "alpha") -> RetirementProposal:
    return ProposeRetirement(
        user_of("editor"), key(attempt, page), cause=WithdrawalReason.RETIRED, note=UNSIGNED
    ).execute()


@bypass_attempt(
    "retire: proposed by those who may not", "writer", "reviewer", "superuser", "superuser who reviews"
)
def test_proposing(attempt: Attempt) -> None:
    response = attempt.post("review:propose_retirement", key(attempt), data=FORM)
    attempt.refused(response, "Only editors may propose")
    assert not RetirementProposal.objects.exists()


@bypass_attempt("retire: proposed, and not signed", "editor")
def test_a_proposal_alone(attempt: Attempt) -> None:
    attempt.post("review:propose_retirement", key(attempt), data=FORM)
    assert RetirementProposal.objects.get().is_open
    attempt.harmless()


@bypass_attempt("retire: a page that never had an edition", "editor")
def test_proposing_for_a_draft(attempt: Attempt) -> None:
    """Its record does not exist."""
    response = attempt.post("review:propose_retirement", key(attempt, "draft"), data=FORM)
    attempt.refused(response, "never had an edition")


@pytest.mark.parametrize("cause", ["mistake", "made_up", "", "<b>x</b>"])
@bypass_attempt("retire: for a reason that is not on the list", "editor")
def test_other_reasons(attempt: Attempt, cause: str) -> None:
    response = attempt.post("review:propose_retirement", key(attempt), data={**FORM, "cause": cause})
    assert response.status_code == 400
    assert not RetirementProposal.objects.exists()
    attempt.harmless()


@bypass_attempt("retire: signed by those who may not", "writer", "editor", "superuser")
def test_signing(attempt: Attempt) -> None:
    made = proposal(attempt)
    response = attempt.post("review:sign_retirement", made.key, made.pk, data={"password": PASSWORD})
    attempt.refused(response, "Only reviewers may withdraw")
    assert not Withdrawal.objects.exists()


@bypass_attempt("retire: signed with a wrong password", "reviewer", "superuser who reviews")
def test_guessing(attempt: Attempt) -> None:
    made = proposal(attempt)
    response = attempt.post("review:sign_retirement", made.key, made.pk, data={"password": "guess"})
    attempt.refused(response, "password is not right")
    assert not Withdrawal.objects.exists()


@bypass_attempt("retire: signed under another page's address", "reviewer")
def test_another_pages_proposal(attempt: Attempt) -> None:
    made = proposal(attempt)
    response = attempt.post(
        "review:sign_retirement", key(attempt, "gamma"), made.pk, data={"password": PASSWORD}
    )
    attempt.unreachable(response.status_code)
    assert not Withdrawal.objects.exists()


@bypass_attempt("retire: signed after it was declined", "reviewer")
def test_a_declined_proposal(attempt: Attempt) -> None:
    made = proposal(attempt)
    attempt.post("review:decline_retirement", made.key, made.pk, data={"reason": "No."})
    response = attempt.post("review:sign_retirement", made.key, made.pk, data={"password": PASSWORD})
    attempt.refused(response, "This proposal is closed")
    assert not Withdrawal.objects.exists()


@bypass_attempt("retire: declined by those who may not", "writer", "superuser")
def test_declining(attempt: Attempt) -> None:
    made = proposal(attempt)
    attempt.refused(
        attempt.post("review:decline_retirement", made.key, made.pk, data={"reason": "No."}),
        "Only reviewers may withdraw",
    )
    made.refresh_from_db()
    assert made.is_open


@pytest.mark.parametrize("name", ["propose_retirement", "sign_retirement", "decline_retirement"])
@bypass_attempt("retire: not signed in", ANONYMOUS)
def test_anonymous(attempt: Attempt, name: str) -> None:
    made = proposal(attempt)
    arguments: list[Any] = [made.key] if name == "propose_retirement" else [made.key, made.pk]
    response = attempt.post(f"review:{name}", *arguments, data={**FORM, "password": PASSWORD})
    attempt.unreachable(response.status_code)
    made.refresh_from_db()
    assert made.is_open


@bypass_attempt("recall: by a superuser, who has no right of their own", "superuser")
def test_a_superuser_recalls_nothing(attempt: Attempt) -> None:
    form = {"reason": "Because I can."}
    response = attempt.post("review:recall", attempt.site.in_review, data=form)
    attempt.refused(response, "or an editor may recall it")
    assert attempt.site.submission().is_open


@bypass_attempt("recall: by Wagtail's button, as a superuser", "superuser")
def test_a_superuser_cancels_nothing(attempt: Attempt) -> None:
    response = attempt.edit(attempt.site.gamma, **{"action-cancel-workflow": "1"})
    attempt.refused(response, "or an editor may recall it")
    assert attempt.site.submission().is_open
