"""An outside expert as two editors record, confirm and invite one, for tests."""

import re
from typing import Any

from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from monographs.accounts.actors import person_of
from monographs.editions.models import Signature
from monographs.review.actions import Confirm, proposal_hash
from monographs.review.models import ReviewerProfile, Submission
from monographs.review.outside_review.expert_actions import EXPERT_MEANING
from monographs.review.outside_review.expert_records import ExpertFacts, RecordExpert
from monographs.review.outside_review.invitations import InviteExpert
from monographs.review.signer_identity import signer_hash
from tests.factories import PASSWORD, read_all

EMAIL = "olga@clinic.example"
STEP = "Medical review"


def record_expert(by: Any, *, email: str = EMAIL, last_name: str = "Outside", **facts: Any) -> User:
    """Record an expert, whom nobody has confirmed yet."""
    given: dict[str, Any] = {"credentials": ("PharmD",), **facts}
    return RecordExpert(by, ExpertFacts("Olga", last_name, email, **given)).execute()


def confirm_expert(by: Any, expert: User) -> None:
    """Confirm name, credentials and address."""
    profile = ReviewerProfile.objects.get(user=expert)
    Confirm(by, profile, password=PASSWORD, seen_sha256=proposal_hash(profile)).execute()


class InvitedExpert:
    """An invited expert with a mailbox and a browser."""

    def __init__(self, by: Any, sent: Submission, expert: User, capture: Any) -> None:
        self.capture = capture
        self.sent = sent
        self.expert = User.objects.get(pk=expert.pk)
        with capture(execute=True):
            self.link = InviteExpert(by, sent, expert, days=7).execute()
        found = re.search(r"/admin/outside-review/\?\S+", str(mail.outbox[-1].body))
        assert found
        self.address = found[0]
        self.client = Client()

    @property
    def decision(self) -> str:
        """The address to which acts are posted."""
        return self.address.replace("outside-review/?", "outside-review/decision/?")

    def act(self, act: str, client: Client | None = None, **data: Any) -> Any:
        """Post an act."""
        with self.capture(execute=True):
            return (client or self.client).post(self.decision, {"act": act, **data})

    def read(self) -> None:
        """Mark all as read and tick the checklist."""
        read_all(Submission.objects.get(pk=self.sent.pk), self.expert)

    def ask_code(self) -> str:
        """Ask for a code and return the one that was sent."""
        sent = len(mail.outbox)
        answer = self.act("code")
        assert answer.status_code == 200, answer.content.decode()
        assert len(mail.outbox) == sent + 1
        assert mail.outbox[-1].to == [User.objects.get(pk=self.expert.pk).email]
        found = re.search(r"\b(\d{8})\b", str(mail.outbox[-1].body))
        assert found
        return found[1]

    def sign(self, code: str, client: Client | None = None, **data: Any) -> Any:
        """Post a signature as the page's form does."""
        seen = signer_hash(person_of(User.objects.get(pk=self.expert.pk)), STEP, EXPERT_MEANING)
        form = {"sha256": self.sent.sha256, "signer": seen, "code": code}
        return self.act("sign", client, **{**form, **data})

    def has_signed(self) -> bool:
        """Whether a signature of the expert is stored."""
        return Signature.objects.filter(user_id=self.expert.pk).exists()


def words(response: Any) -> str:
    """Return the text of a response with single spaces."""
    return " ".join(response.content.decode().split())
