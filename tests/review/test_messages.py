"""Emails about a review are sent after the commit, and a failure to send them has no effect on it."""

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
    """Return the outbox, filled after the commit as in production."""
    settings.EMAIL_BACKEND = "monographs.core.mail.AfterCommitEmailBackend"
    settings.EMAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


@pytest.fixture
def refusing_mail_server(settings: Any) -> Iterator[None]:
    """A mail server that refuses every email."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def turn_away() -> None:
            while True:
                try:
                    caller, _ = listening.accept()
                except OSError:  # the test has ended
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


def test_the_writer_is_notified_of_an_approval_only_after_the_commit(
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


def test_a_refusing_mail_server_blocks_no_signature(
    sent: list[Any], refusing_mail_server: None, writer: Any, reviewer: Any, caplog: Any
) -> None:
    sign(submit(make_monograph(by=writer), writer), reviewer)
    assert Edition.objects.count() == 1
    assert "No letters today" in caplog.text
