"""Retiring a page that had an edition: an editor proposes it with a reason, a qualified reviewer signs."""

import json
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from monographs.editions.ledger import Event
from monographs.editions.models import LedgerEntry, Signature, Withdrawal
from monographs.editions.verify import verify
from monographs.editions.withdrawal_reasons import REASON_TEXTS, RETIREMENT_REASONS, WithdrawalReason
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import DeclineRetirement, ProposeRetirement, SignRetirement, Withdraw
from monographs.review.dashboard.rows import DashboardFilter, counts, rows
from monographs.review.models import RetirementProposal
from tests.conftest import run_deferred_constraints
from tests.factories import PASSWORD, edit, make_monograph, make_user, publish, sign, submit

pytestmark = pytest.mark.django_db

PATH = "/medicines/testumab/"


@pytest.fixture
def page(published_medicine: Any) -> MonographPage:
    """A public medicine."""
    made = published_medicine
    return MonographPage.objects.get(pk=made.pk)


def propose(by: Any, page: Any, *, note: str = "Nobody asks for it.") -> RetirementProposal:
    return ProposeRetirement(by, page.translation_key, cause=WithdrawalReason.RETIRED, note=note).execute()


def retire(by: Any, proposal: RetirementProposal, password: str = PASSWORD) -> Any:
    return SignRetirement(by, proposal, password=password).execute()


def test_an_editor_proposes_a_reviewer_signs_and_patients_read_that_it_is_gone(
    client: Client, page: Any, editor: Any, reviewer: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        proposal = propose(editor, page)
    assert client.get(PATH).status_code == 200, "a proposal changes nothing for patients"
    assert {m.to[0] for m in mail.outbox if m.subject == "To be retired: testumab"} == {
        "reviewer@example.org"
    }
    retire(reviewer, proposal)
    run_deferred_constraints()
    answer = client.get(PATH)
    assert answer.status_code == 410
    assert REASON_TEXTS[WithdrawalReason.RETIRED].reason in answer.content.decode()
    assert REASON_TEXTS[WithdrawalReason.RETIRED].advice in answer.content.decode()
    withdrawal = Withdrawal.objects.get()
    assert (withdrawal.cause, withdrawal.note) == ("retired", "Nobody asks for it.")
    signature = Signature.objects.get(submission=withdrawal.uuid)
    assert (signature.step, signature.username, signature.sha256) == (
        "Retirement",
        "reviewer",
        withdrawal.sha256,
    )
    assert not MonographPage.objects.get(pk=page.pk).live
    assert verify()["withdrawals"] == 1
    asked = json.loads(LedgerEntry.objects.get(event=Event.RETIREMENT_PROPOSED).body)
    assert asked["actor"]["username"] == "editor"
    with pytest.raises(PolicyError, match="closed"):
        retire(reviewer, proposal)
    with pytest.raises(PolicyError, match="retired already"):
        propose(editor, page)


@pytest.mark.parametrize(
    ("groups", "superuser"),
    [(["Medical writers"], False), (["Medical reviewers"], False), ([], True)],
)
def test_only_editors_propose(page: Any, groups: list[str], superuser: bool) -> None:
    with pytest.raises(PolicyError, match="Only editors") as refusal:
        propose(make_user("somebody", *groups, superuser=superuser), page)
    assert refusal.value.rule == Rule.NOT_AN_EDITOR


@pytest.mark.parametrize(
    ("groups", "superuser", "rule"),
    [
        (["Medical writers"], False, Rule.NOT_A_REVIEWER),
        (["Editors"], False, Rule.NOT_A_REVIEWER),
        ([], True, Rule.NOT_A_REVIEWER),
        (["Medical reviewers"], False, Rule.NO_CREDENTIALS),
    ],
)
def test_only_qualified_reviewers_sign(
    page: Any, editor: Any, groups: list[str], superuser: bool, rule: Rule
) -> None:
    proposal = propose(editor, page)
    person = make_user("somebody", *groups, credentials="", superuser=superuser)
    with pytest.raises(PolicyError) as refusal:
        retire(person, proposal)
    assert refusal.value.rule == rule
    assert not Withdrawal.objects.exists()


def test_a_wrong_password_or_no_reason_retires_nothing(
    client: Client, page: Any, editor: Any, reviewer: Any
) -> None:
    with pytest.raises(PolicyError, match="Say why"):
        propose(editor, page, note=" ")
    with pytest.raises(PolicyError, match="no reason to retire"):
        ProposeRetirement(editor, page.translation_key, cause=WithdrawalReason.MISTAKE, note="x").execute()
    proposal = propose(editor, page)
    with pytest.raises(PolicyError, match="password is not right"):
        retire(reviewer, proposal, password="guess")
    assert client.get(PATH).status_code == 200


def test_a_withdrawn_page_that_is_retired_keeps_what_patients_read_for_their_safety(
    client: Client, page: Any, editor: Any, reviewer: Any
) -> None:
    Withdraw(
        reviewer, page.translation_key, cause=WithdrawalReason.MISTAKE, note="Tenfold.", password=PASSWORD
    ).execute()
    before = client.get(PATH).content
    assert REASON_TEXTS[WithdrawalReason.MISTAKE].advice in before.decode()
    retire(reviewer, propose(editor, page))
    run_deferred_constraints()
    assert client.get(PATH).content == before
    assert [w.cause for w in Withdrawal.objects.order_by("pk")] == ["mistake", "retired"]
    assert verify()["withdrawals"] == 2


def test_what_is_in_review_is_recalled_and_a_new_edition_brings_the_page_back(
    client: Client, page: Any, writer: Any, editor: Any, reviewer: Any
) -> None:
    edit(page, writer, how_it_works="Corrected.")
    submission = submit(MonographPage.objects.get(pk=page.pk), writer)
    retire(reviewer, propose(editor, page))
    with pytest.raises(PolicyError, match="no longer in review"):
        sign(submission, reviewer)
    publish(MonographPage.objects.get(pk=page.pk), writer, reviewer)
    assert client.get(PATH)["X-Edition"] == "testumab/2"
    assert propose(editor, page).is_open, "it can be retired again"


def test_a_proposal_is_declined_with_a_reason_or_taken_back(
    client: Client, page: Any, editor: Any, reviewer: Any, writer: Any
) -> None:
    proposal = propose(editor, page)
    with pytest.raises(PolicyError, match="proposed already"):
        propose(editor, page)
    with pytest.raises(PolicyError):
        DeclineRetirement(writer, proposal, reason="No.").execute()
    with pytest.raises(PolicyError, match="Say why"):
        DeclineRetirement(reviewer, proposal, reason=" ").execute()
    DeclineRetirement(reviewer, proposal, reason="Patients still take it.").execute()
    with pytest.raises(PolicyError, match="closed: declined"):
        retire(reviewer, proposal)
    again = propose(editor, page)
    DeclineRetirement(editor, again, reason="Too early.").execute()
    assert client.get(PATH).status_code == 200


def test_a_page_that_never_had_an_edition_is_deleted_instead(writer: Any, editor: Any) -> None:
    with pytest.raises(PolicyError, match="delete it instead"):
        propose(editor, make_monograph(by=writer))


def test_it_is_done_on_the_pages_record(client: Client, page: Any, editor: Any, reviewer: Any) -> None:
    record = f"/admin/review/record/{page.translation_key}/"
    client.force_login(editor)
    assert "Propose to retire it" in client.get(record).content.decode()
    assert client.post(f"{record}retire/", {"cause": "retired"}).status_code == 400
    form = {"cause": "retired", "note": "Nobody asks for it."}
    assert client.post(f"{record}retire/", form).status_code == 302
    proposal = RetirementProposal.objects.get()
    shown = client.get(record).content.decode()
    assert "Nobody asks for it." in shown
    assert "Sign and retire" not in shown
    assert client.post(f"{record}retire/{proposal.pk}/sign/", {"password": PASSWORD}).status_code == 403
    client.force_login(reviewer)
    assert "Sign and retire" in client.get(record).content.decode()
    assert client.post(f"{record}retire/{proposal.pk}/sign/", {"password": PASSWORD}).status_code == 302
    shown = client.get(record).content.decode()
    assert "Retired</strong>" in shown
    assert "The retirement was signed by Reviewer Tester" in shown
    assert "proposed to retire the page" in shown


def test_the_dashboard_shows_it_as_withdrawn_and_says_that_it_is_retired(
    page: Any, editor: Any, reviewer: Any
) -> None:
    retire(reviewer, propose(editor, page))
    assert counts(editor, DashboardFilter())["withdrawn"] == 1
    (row,) = rows(editor, DashboardFilter(stage="withdrawn"))
    assert row.note == "Retired"


def test_a_reason_to_retire_is_no_reason_to_withdraw(client: Client, page: Any, reviewer: Any) -> None:
    client.force_login(reviewer)
    form = {"cause": RETIREMENT_REASONS[0].value, "note": "x", "password": PASSWORD}
    answer = client.post(f"/admin/review/record/{page.translation_key}/withdraw/", form)
    assert answer.status_code == 400
    assert client.get(PATH).status_code == 200
