"""Sending email after the transaction has been committed.

Wagtail sends email inside the transaction that signs a text. Sent there, an email could report a publication
that is rolled back a moment later, and a mail server that is slow or down would hold the lock of the ledger,
or roll back the signature.
"""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction


class AfterCommitEmailBackend(BaseEmailBackend):
    """Sends email through ``settings.EMAIL_TRANSPORT`` after the commit; a failure is logged."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Send the messages after the commit. Return their number."""
        messages = list(email_messages)
        transaction.on_commit(lambda: _send(messages), robust=True)
        return len(messages)


def transport() -> BaseEmailBackend:
    """Return the backend that sends immediately, for callers that queue email themselves."""
    return get_connection(settings.EMAIL_TRANSPORT)


_process = {"in_background": False}


def send_in_background() -> None:
    """Let threads of this process send what waits in the database: it serves requests and runs on."""
    _process["in_background"] = True


def is_in_background() -> bool:
    """Whether a thread sends what waits; a command sends it before it ends."""
    return _process["in_background"] and settings.THREADS_SEND_EMAIL


def _send(messages: list[EmailMessage]) -> None:
    transport().send_messages(messages)
