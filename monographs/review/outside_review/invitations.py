"""Inviting a recorded outside expert to sign one submission at the step it is at."""

from datetime import timedelta
from functools import partial
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse

from monographs.accounts import account_emails
from monographs.core.db_clock import database_now
from monographs.editions.ledger import Event, append_entry
from monographs.review.actions.base import SubmissionAction, step_of
from monographs.review.expert_policy import vouchers_of
from monographs.review.models import OutsideLink, Submission
from monographs.review.outside_review.invitation_policy import user_can_invite
from monographs.review.outside_review.link_keys import make_link
from monographs.review.outside_review.outside_actions import check_days, record_of

#: Within this time the same invitation is one form that was sent twice; later, somebody wants another email.
CLICKED_TWICE = timedelta(minutes=1)


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
        if sent_before := self._sent_before(submission, expert):
            return sent_before
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

    def _sent_before(self, submission: Submission, expert: User) -> OutsideLink | None:
        same = {"submission": submission, "signer": expert, "made_by": self.user, "revoked_at": None}
        since = database_now() - CLICKED_TWICE
        return OutsideLink.objects.filter(**same, email_failed=False, created_at__gt=since).first()


def _send(link: OutsideLink, expert: User, path: str, title: str) -> None:
    """Send the invitation, whose link cannot be read again; record if it could not be sent."""
    if not account_emails.send_invitation_email(expert, path, title, link.expires_at):
        link.email_failed = True
        link.save(update_fields=["email_failed"])
