"""A local mail server, and the settings with which production would use it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from cms.settings.email_url import email_settings
from monographs.models import MonographPage
from monographs.review.models import MedicalReviewTask
from tests.factories import make_monograph

BASE_URL = "https://medicines.example.org"


@dataclass
class Mailbox:
    """The emails a mail server has accepted; ``refusing`` are addresses it does not know."""

    emails: list[EmailMessage] = field(default_factory=list)
    refusing: set[str] = field(default_factory=set)
    url: str = ""

    async def handle_RCPT(  # aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.refusing:
            return "550 Nobody of this name here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        email: Any = message_from_bytes(envelope.content, policy=default)
        assert envelope.rcpt_tos == [email["To"]], "one recipient for each email"
        self.emails.append(email)
        return "250 OK"

    def subjects(self, name: str = "") -> list[Any]:
        """Return recipient and subject of each email, or subjects to one person; clear the mailbox."""
        taken, self.emails = self.emails, []
        if not name:
            return sorted((email["To"].partition("@")[0], email["Subject"]) for email in taken)
        return [email["Subject"] for email in taken if email["To"].startswith(f"{name}@")]

    def one(self, name: str) -> EmailMessage:
        """Return the only email to a person so far."""
        (email,) = [email for email in self.emails if email["To"].startswith(f"{name}@")]
        return email


class AnyPort(Controller):
    """A server on a port that the system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def plain(email: EmailMessage) -> str:
    """Return the text part of an email."""
    part = email.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def html(email: EmailMessage) -> str:
    """Return the HTML part of an email."""
    part = email.get_body(("html",))
    assert part is not None
    return str(part.get_content())


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    """A mail server, configured by an ``EMAIL_URL`` as in production."""
    taken = Mailbox()
    controller = AnyPort(taken, hostname="127.0.0.1", port=0)
    controller.start()
    settings.EMAIL_BACKEND = "monographs.core.mail.AfterCommitEmailBackend"
    settings.BASE_URL = settings.WAGTAILADMIN_BASE_URL = BASE_URL
    taken.url = f"smtp://127.0.0.1:{controller.port}"
    for name, value in email_settings(taken.url, BASE_URL, "Medicine monographs").items():
        setattr(settings, name, value)
    yield taken
    controller.stop()


@pytest.fixture
def page(writer: Any) -> MonographPage:
    """A draft by the writer."""
    return make_monograph(by=writer)


@pytest.fixture
def two_signatures(site: Any) -> None:
    """The first step needs two signatures."""
    MedicalReviewTask.objects.update(signatures=2)
