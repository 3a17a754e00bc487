"""A process that serves requests sends emails in a thread: nobody waits for a mail server."""

import select
import socket
from typing import Any

import pytest

from monographs.core import mail
from monographs.editions.models import Edition
from monographs.models import MonographPage
from monographs.review.models import Notice
from monographs.review.notifications import delivery
from tests.concurrency import wait_for
from tests.factories import sign, submit
from tests.notifications.conftest import Mailbox


@pytest.mark.django_db(transaction=True)
def test_a_signature_does_not_wait_for_a_mail_server_that_hangs(
    mailbox: Mailbox,
    page: MonographPage,
    writer: Any,
    reviewer: Any,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.THREADS_SEND_EMAIL = True
    monkeypatch.setitem(mail._process, "in_background", True)
    working = settings.EMAIL_PORT
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = silent.getsockname()[1], 300
        sign(submit(page, writer), reviewer)
        assert Edition.objects.count() == 1
        assert Notice.objects.filter(sent_at=None).count() == 2
        silent.settimeout(60)
        waiting, _ = silent.accept()
        assert select.select([waiting], [], [], 0)[0] == []  # the thread waits for the greeting, nobody else
        settings.EMAIL_PORT = working
        waiting.close()
    wait_for(lambda: not _is_sending())
    delivery.deliver_new([])
    wait_for(lambda: not Notice.objects.filter(sent_at=None).exists())
    assert {to for to, _ in mailbox.subjects()} == {"reviewer", "writer"}


def _is_sending() -> bool:
    return delivery._thread._woken.is_set()
