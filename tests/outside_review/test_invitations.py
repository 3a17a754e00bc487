"""Inviting a recorded outside expert to sign one text: by whom, whom, and until when."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format

from monographs.core.db_clock import database_today
from monographs.editions.contributions import record_contribution
from monographs.editions.person import Person
from monographs.pages.refusals import PolicyError, Rule
from monographs.review import policy
from monographs.review.actions import DeclareConflict, MakeBundle, Recall
from monographs.review.models import (
    MedicalReviewTask,
    Note,
    OutsideLink,
    ReviewerProfile,
    Submission,
)
from monographs.review.outside_review.expert_records import ChangeExpertAddress
from monographs.review.outside_review.invitation_policy import user_can_invite
from monographs.review.outside_review.invitations import InviteExpert
from monographs.review.outside_review.outside_actions import MakeOutsideLink, RevokeOutsideLink
from monographs.review.queue.queue_rows import queue_for
from monographs.review.team.team_rows import team_reviews
from tests.factories import edit, make_monograph, make_user, sign, submit
from tests.outside_review.outside_experts import InvitedExpert, confirm_expert, record_expert, words
from tests.review.left_notes import left_by_link

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("signatures_allowed")]


@pytest.mark.parametrize("who", ["recorder", "confirmer", "maker"])
def test_nobody_who_wrote_the_text_answers_for_who_signs_it(
    who: str, sent: Submission, writer: Any, django_capture_on_commit_callbacks: Any
) -> None:
    """An editor who wrote in the text records, confirms or invites."""
    people = {role: make_user(f"{role}1", "Editors") for role in ("recorder", "confirmer", "maker")}
    Recall(writer, sent).execute()
    page = Submission.objects.get(pk=sent.pk).page.specific
    people[who].groups.add(*writer.groups.all())
    edit(page, people[who], how_it_works="It binds to a third protein, says an editor.")
    again = submit(page, writer)
    expert = record_expert(people["recorder"])
    confirm_expert(people["confirmer"], expert)
    with pytest.raises(PolicyError) as refused:
        InviteExpert(people["maker"], again, expert, days=7).execute()
    assert refused.value.rule == Rule.NOT_VOUCHED
    other = make_user("bystander", "Editors")
    if who == "maker":
        with django_capture_on_commit_callbacks(execute=True):
            InviteExpert(other, again, expert, days=7).execute()
        assert policy.user_can_sign(User.objects.get(pk=expert.pk), again).allowed


def test_words_that_were_left_by_a_link_without_an_account_may_be_any_experts(
    sent: Submission, expert: User, editor: Any, writer: Any, reviewer: Any
) -> None:
    """Nobody knows whether the expert is who had the link, under whatever name."""
    assert user_can_invite(editor, sent, expert).allowed
    own = "It slows the growth of the cells that make the illness worse over many weeks."
    left_by_link(sent, editor, "Dr. Ada", own)
    Note.objects.update(status="resolved")
    assert user_can_invite(editor, sent, expert).allowed, "a note alone is no word of the text"
    Recall(writer, sent).execute()
    again = submit(edit(sent.page.specific, writer, how_it_works=own), writer)
    verdict = user_can_invite(editor, again, expert)
    assert verdict.rule == Rule.CONTRIBUTED
    assert "by a link" in verdict.message
    assert policy.user_can_sign(reviewer, again).allowed


def test_no_link_is_made_for_who_could_not_be_told_from_the_service(sent: Submission, editor: Any) -> None:
    with pytest.raises(PolicyError, match="Write the expert’s name"):
        MakeOutsideLink(editor, sent, expert=" System", days=7).execute()


def test_an_invitation_that_the_mail_server_refuses_is_shown(
    expert: User, sent: Submission, editor: Any, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    client = Client()
    client.force_login(editor)
    address = reverse("review:outside_links", args=[sent.pk])
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"invite": "yes", "expert": expert.pk, "days": 7})
    assert OutsideLink.objects.get().email_failed
    assert "The mail server did not take the invitation" in words(client.get(address))
    RevokeOutsideLink(editor, OutsideLink.objects.get()).execute()
    assert "did not take" not in words(client.get(address))


def test_lists_of_who_may_sign_have_the_invited_expert(
    invited: InvitedExpert, sent: Submission, editor: Any, writer: Any
) -> None:
    name = "Olga Outside (invited from outside)"
    message = policy.user_can_sign(editor, Submission.objects.get(pk=sent.pk)).message
    assert name in message
    (row,) = [row for row in queue_for(writer) if row.submission.pk == sent.pk]
    assert name in row.eligible
    (shown,) = [row for row in team_reviews().rows if row.submission.pk == sent.pk]
    assert name in shown.eligible_names
    RevokeOutsideLink(editor, invited.link).execute()
    assert name not in policy.user_can_sign(editor, Submission.objects.get(pk=sent.pk)).message
    (shown,) = [row for row in team_reviews().rows if row.submission.pk == sent.pk]
    assert name not in shown.eligible_names


def test_lists_have_no_expert_where_words_were_left_without_an_account(
    invited: InvitedExpert, sent: Submission, writer: Any
) -> None:
    record_contribution(sent.key, Person(None, "", "Dr. Ada"), sha256=sent.sha256)
    (row,) = [row for row in queue_for(writer) if row.submission.pk == sent.pk]
    assert row.signers
    assert invited.expert not in row.signers


def test_a_text_that_an_expert_is_invited_to_sign_joins_no_bundle(
    invited: InvitedExpert, sent: Submission, editor: Any, writer: Any
) -> None:
    """Nobody signs a bundle from outside, so the invitation would lead nowhere."""
    other = submit(make_monograph("alphamab", by=writer), writer)
    with pytest.raises(PolicyError, match="Olga Outside is invited from outside to sign") as refused:
        MakeBundle(editor, [sent, other], title="Renaming the class").execute()
    assert "End the invitation first" in refused.value.message
    RevokeOutsideLink(editor, invited.link).execute()
    MakeBundle(editor, [sent, other], title="Renaming the class").execute()


def test_a_recalled_text_is_not_signed(invited: InvitedExpert, sent: Submission, writer: Any) -> None:
    invited.read()
    code = invited.ask_code()
    Recall(writer, sent).execute()
    assert invited.sign(code).status_code == 410
    page = Submission.objects.get(pk=sent.pk).page.specific
    again = submit(edit(page, writer, how_it_works="It binds to another protein."), writer)
    assert not policy.user_can_sign(invited.expert, again).allowed, "the invitation was for the other one"
    assert not invited.has_signed()


def _options(editor: User, sent: Submission) -> dict[str, str]:
    """Return the attributes of the option of each expert, by its label."""
    client = Client()
    client.force_login(editor)
    page = words(client.get(reverse("review:outside_links", args=[sent.pk])))
    return {label: more for more, label in re.findall(r'<option value="\d+"([^>]*)>([^<]*)</option>', page)}


def test_the_form_names_those_who_cannot_be_invited_with_the_reason(
    expert: User, sent: Submission, editor: Any, editor2: Any
) -> None:
    yesterday = database_today() - timedelta(days=1)
    for name in ("Waiting", "Former", "Moved", "Interested"):
        other = record_expert(editor, email=f"{name}@clinic.example", last_name=name)
        if name != "Waiting":
            confirm_expert(editor2, other)
        if name == "Former":
            ReviewerProfile.objects.filter(user=other).update(expires_on=yesterday)
        if name == "Moved":
            ChangeExpertAddress(editor, other, email="new@clinic.example").execute()
        if name == "Interested":
            DeclareConflict(editor, sent.key, other, reason="Shares.", starts_on=yesterday).execute()
    assert _options(editor, sent) == {
        "Olga Outside, PharmD": "",
        "Olga Waiting, PharmD (not confirmed yet)": " disabled",
        f"Olga Former, PharmD (credentials ended on {date_format(yesterday, 'F j, Y')})": " disabled",
        "Olga Moved, PharmD (signing waits after a change of the address)": " disabled",
        "Olga Interested, PharmD (has a conflict of interest)": " disabled",
    }


def test_the_form_names_who_answers_for_an_expert_and_signed(
    expert: User, sent: Submission, editor: Any, reviewer: Any
) -> None:
    MedicalReviewTask.objects.update(signatures=2)
    both = make_user("both", "Editors", "Medical reviewers", credentials="PharmD")
    confirm_expert(both, record_expert(editor, email="x@clinic.example", last_name="Second"))
    sign(sent, both)
    assert _options(editor, sent) == {
        "Olga Outside, PharmD": "",
        "Olga Second, PharmD (recorded or confirmed by somebody who wrote or signed this text)": " disabled",
    }
    client = Client()
    client.force_login(both)
    assert "You wrote or signed this text" in words(
        client.get(reverse("review:outside_links", args=[sent.pk]))
    )


def test_without_anybody_to_invite_there_is_no_form(sent: Submission, editor: Any) -> None:
    client = Client()
    client.force_login(editor)
    address = reverse("review:outside_links", args=[sent.pk])
    shown = words(client.get(address))
    record = reverse("review:outside_experts")
    assert f'No expert is recorded. <a href="{record}">Record one</a>' in shown
    assert "Send the invitation" not in shown
    expert = record_expert(editor)
    shown = words(client.get(address))
    assert "Olga Outside, PharmD (not confirmed yet)." in shown
    assert "Send the invitation" not in shown
    posted = client.post(address, {"invite": "yes", "expert": expert.pk, "days": 7})
    assert posted.status_code == 403
    assert "Nobody has confirmed" in words(posted)
    assert not OutsideLink.objects.exists()


def test_the_form_asks_the_same_queries_for_any_number_of_experts(
    expert: User, sent: Submission, editor: Any, editor2: Any
) -> None:
    client = Client()
    client.force_login(editor)
    address, counts = reverse("review:outside_links", args=[sent.pk]), []
    client.get(address)
    for number in range(3):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
        other = record_expert(editor, email=f"{number}@clinic.example", last_name="Other")
        confirm_expert(editor2, other)
    assert counts == counts[:1] * 3
