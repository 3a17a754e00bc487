"""Recording outside experts: by editors, confirmed by a second person, at an address of their own."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse

from monographs.pages.refusals import PolicyError, Rule
from monographs.review import policy
from monographs.review.actions import Confirm, proposal_hash
from monographs.review.models import (
    ReviewerProfile,
    Submission,
)
from monographs.review.outside_review.expert_records import ChangeExpertAddress, EndExpert
from monographs.review.outside_review.invitation_policy import user_can_invite
from monographs.review.outside_review.invitations import InviteExpert
from tests.outside_review.outside_experts import EMAIL, InvitedExpert, confirm_expert, record_expert, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("signatures_allowed")]


@pytest.mark.parametrize("who", ["writer", "reviewer"])
def test_only_editors_record_and_invite(who: str, sent: Submission, expert: User, request: Any) -> None:
    user = request.getfixturevalue(who)
    for attempt in (
        lambda: record_expert(user, email="x@example.org"),
        lambda: InviteExpert(user, sent, expert, days=1).execute(),
        lambda: ChangeExpertAddress(user, expert, email="x@example.org").execute(),
        lambda: EndExpert(user, expert).execute(),
    ):
        with pytest.raises(PolicyError) as refused:
            attempt()
        assert refused.value.rule == Rule.NOT_AN_EDITOR
    client = Client()
    client.force_login(user)
    assert client.get("/admin/review/outside-experts/").status_code in (302, 403)


def test_a_second_person_confirms_name_credentials_and_address(
    editor: Any, editor2: Any, sent: Submission
) -> None:
    expert = record_expert(editor)
    assert user_can_invite(editor2, sent, expert).rule == Rule.NOT_CONFIRMED
    profile = ReviewerProfile.objects.get(user=expert)
    assert profile.proposal()["address"] == EMAIL
    with pytest.raises(PolicyError) as refused:
        Confirm(editor, profile, password="x", seen_sha256=proposal_hash(profile)).execute()
    assert refused.value.rule == Rule.OWN_PROPOSAL
    confirm_expert(editor2, expert)
    assert user_can_invite(editor2, sent, User.objects.get(pk=expert.pk)).allowed
    for taken in (editor.email, editor2.email.upper(), EMAIL):
        with pytest.raises(PolicyError, match="that of another account"):
            record_expert(editor, email=taken, last_name="Second")
    assert User.objects.filter(username__startswith="outside:").count() == 1


def test_an_expert_whose_credentials_were_emptied_is_listed(expert: User, editor: Any) -> None:
    ReviewerProfile.objects.filter(user=expert).update(credentials="")
    client = Client()
    client.force_login(editor)
    page = client.get(reverse("review:outside_experts"))
    assert page.status_code == 200
    assert "Olga Outside, no credentials" in page.content.decode()


@pytest.mark.parametrize(
    "address", ["Olga+ada@Clinic.example", "olga@clinic.example", "\uff4flga+1+2@clinic.example"]
)
def test_a_mailbox_that_is_another_accounts_is_no_experts(
    address: str, invited: InvitedExpert, sent: Submission, editor: Any, reviewer: Any
) -> None:
    User.objects.filter(pk=reviewer.pk).update(email=address)
    assert policy.user_can_sign(invited.expert, sent).rule == Rule.NOT_VOUCHED
    with pytest.raises(PolicyError, match="that of another account"):
        record_expert(editor, email="OLGA+x@clinic.example", last_name="Other")


def test_the_screen_of_experts_leads_back_to_the_signers(expert: User, editor: Any) -> None:
    client = Client()
    client.force_login(editor)
    shown = words(client.get(reverse("review:outside_experts")))
    crumbs = shown[shown.index("w-breadcrumbs") : shown.index("</header>")]
    assert f'href="{reverse("review:signers")}"' in crumbs
    assert "Outside experts" in crumbs


@pytest.mark.parametrize("name", ["review:signers", "wagtailsnippets_review_reviewerprofile:list"])
def test_lists_of_signers_name_an_expert_and_days_as_people_do(
    name: str, expert: User, superuser: Any
) -> None:
    ReviewerProfile.objects.filter(user=expert).update(expires_on=date(2099, 3, 1))
    record_expert(superuser, email="other@clinic.example", last_name="Other")
    client = Client()
    client.force_login(superuser)
    shown = words(client.get(reverse(name)))
    assert "Olga Other (outside expert): PharmD" in shown
    assert "(outside:" not in shown
    assert "2099-03-01" not in shown


def test_what_is_to_be_confirmed_of_an_expert_says_that_they_have_no_account(
    editor: Any, editor2: Any, signatures_allowed: None
) -> None:
    record_expert(editor, expires_on=date(2099, 3, 1))
    client = Client()
    client.force_login(editor2)
    shown = words(client.get(reverse("review:signers")))
    facts = shown[shown.index("To confirm") : shown.index("Confirmed signers")]
    assert "<dt>Account</dt> <dd>none: an outside expert, who signs by an invitation and a code" in facts
    assert "March 1, 2099" in facts
    assert "outside:" not in shown


def test_emails_name_an_expert_as_people_do(
    expert: User, editor: Any, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.RECORD_ACCOUNT_CHANGES = True
    with django_capture_on_commit_callbacks(execute=True):
        other = record_expert(editor, email="other@clinic.example", last_name="Other")
    about_new = [message.body for message in mail.outbox if "Olga Other (an outside expert)" in message.body]
    assert about_new
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        ChangeExpertAddress(editor, other, email="new@clinic.example").execute()
    [to_expert] = [message for message in mail.outbox if message.to == ["other@clinic.example"]]
    assert "recorded about you as an outside expert changed: the email address." in to_expert.body
    assert "password" not in to_expert.body
    for message in mail.outbox:
        content = f"{message.subject}{message.body}{message.alternatives[0][0]!s}"
        assert "outside:" not in content
