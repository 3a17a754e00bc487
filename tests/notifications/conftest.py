"""A mail server that takes letters, and the settings by which production reaches it."""

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
class Post:
    """What a mail server has taken; ``refusing`` are addresses it does not know."""

    letters: list[EmailMessage] = field(default_factory=list)
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
        letter: Any = message_from_bytes(envelope.content, policy=default)
        assert envelope.rcpt_tos == [letter["To"]], "one mail, one person"
        self.letters.append(letter)
        return "250 OK"

    def told(self, name: str = "") -> list[Any]:
        """Subjects sent, or those sent to one person; then forgotten."""
        taken, self.letters = self.letters, []
        if not name:
            return sorted((letter["To"].partition("@")[0], letter["Subject"]) for letter in taken)
        return [letter["Subject"] for letter in taken if letter["To"].startswith(f"{name}@")]

    def one(self, name: str) -> EmailMessage:
        """The only letter to a person so far."""
        (letter,) = [letter for letter in self.letters if letter["To"].startswith(f"{name}@")]
        return letter


class AnyPort(Controller):
    """Listens at a port the system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def plain(letter: EmailMessage) -> str:
    """A letter as text."""
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def html(letter: EmailMessage) -> str:
    """A letter as HTML."""
    part = letter.get_body(("html",))
    assert part is not None
    return str(part.get_content())


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    """A mail server, reached by an ``EMAIL_URL`` as in production."""
    taken = Post()
    controller = AnyPort(taken, hostname="127.0.0.1", port=0)
    controller.start()
    settings.EMAIL_BACKEND = "monographs.core.mail.AfterCommitEmailBackend"
    settings.BASE_URL = settings.WAGTAILADMIN_BASE_URL = BASE_URL
    taken.url = f"smtp://127.0.0.1:{controller.port}"
    for name, value in email_settings(taken.url, BASE_URL).items():
        setattr(settings, name, value)
    yield taken
    controller.stop()


@pytest.fixture
def page(writer: Any) -> MonographPage:
    """A draft by the writer."""
    return make_monograph(by=writer)


@pytest.fixture
def two_signatures(site: Any) -> None:
    """The first step asks for two."""
    MedicalReviewTask.objects.update(signatures=2)
