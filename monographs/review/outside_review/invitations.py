"""Inviting a recorded outside expert to sign one submission at the step it is at."""

from functools import partial
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse

from monographs.accounts import account_emails
from monographs.editions.ledger import Event, append_entry
from monographs.review.actions.base import SubmissionAction, step_of
from monographs.review.expert_policy import vouchers_of
from monographs.review.models import OutsideLink, Submission
from monographs.review.outside_review.invitation_policy import user_can_invite
from monographs.review.outside_review.link_keys import make_link
from monographs.review.outside_review.outside_actions import check_days, record_of


class InviteExpert(SubmissionAction[OutsideLink]):
    """Send ``expert`` an invitation to sign, which ends after ``days`` and with the review.

    The link goes to the recorded address only: nobody here sees it.
    """

    name = "invite outside expert"

    def __init__(self, user: User, submission: Submission, expert: User, *, days: int) -> None:
        super().__init__(user, submission)
        self.expert = expert
        self.days = days

    def perform(self) -> OutsideLink:
        submission = self.locked()
        expert = User.objects.select_related("reviewer_profile").get(pk=self.expert.pk)
        user_can_invite(self.user, submission, expert).enforce()
        check_days(self.days)
        task, _ = step_of(submission)
        link, key = make_link(
            submission,
            expert.get_full_name(),
            self.days,
            self.actor,
            signer=expert,
            step=task.name,
            vouchers=vouchers_of(expert.reviewer_profile, self.actor),
        )
        data = record_of(link) | {
            "signer": {"id": expert.pk, "username": expert.get_username()},
            "step": link.step,
            "vouchers": link.vouchers,
        }
        append_entry(Event.OUTSIDE_LINK_MADE, self.actor, data, subject=submission.key)
        path = f"{reverse('outside_review')}?{urlencode({'key': key})}"
        transaction.on_commit(partial(_send, link, expert, path, submission.title))
        return link


def _send(link: OutsideLink, expert: User, path: str, title: str) -> None:
    """Send the invitation, whose link nobody can read again; note if it could not be sent."""
    if not account_emails.send_invitation_email(expert, path, title, link.expires_at):
        link.email_failed = True
        link.save(update_fields=["email_failed"])
