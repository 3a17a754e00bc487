"""Letters about a review: sent when it has happened; what becomes of them decides nothing."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.db import transaction

from monographs.editions.models import Edition
from tests.factories import make_monograph, sign, submit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sent(settings: Any) -> list[Any]:
    """What has left, as it would in production."""
    settings.EMAIL_BACKEND = "monographs.core.mail.AfterCommitEmailBackend"
    settings.EMAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


@pytest.fixture
def unwilling_mail_server(settings: Any) -> Iterator[None]:
    """A mail server that takes no letters."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def turn_away() -> None:
            while True:
                try:
                    caller, _ = listening.accept()
                except OSError:  # the test is over
                    return
                with caller:
                    caller.sendall(b"554 No letters today\r\n")

        thread = threading.Thread(target=turn_away)
        thread.start()
        settings.EMAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = listening.getsockname()
        yield
        listening.shutdown(socket.SHUT_RDWR)
    thread.join()


def test_writer_is_told_of_an_approval_only_when_it_is_kept(
    sent: list[Any], writer: Any, reviewer: Any
) -> None:
    submission = submit(make_monograph(by=writer), writer)
    sent.clear()
    with transaction.atomic():
        sign(submission, reviewer)
        transaction.set_rollback(True)
    assert sent == []
    assert not Edition.objects.exists()
    sign(submission, reviewer)
    assert [letter.to for letter in sent] == [[writer.email]]
    assert sent[0].subject == "Published: testumab, edition 1"


def test_a_mail_server_that_refuses_stops_no_signature(
    sent: list[Any], unwilling_mail_server: None, writer: Any, reviewer: Any, caplog: Any
) -> None:
    sign(submit(make_monograph(by=writer), writer), reviewer)
    assert Edition.objects.count() == 1
    assert "No letters today" in caplog.text
