"""Letters leave when what they tell has happened, and whether they can leave decides nothing.

Wagtail writes its letters inside the transaction that signs a text. Sent there, a letter could tell of a
publication that is rolled back a moment later, and a mail server that is slow or away would hold the
ledger, or undo the signature.
"""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction


class AfterCommitEmailBackend(BaseEmailBackend):
    """Hands letters to ``settings.EMAIL_TRANSPORT`` after the commit; a failure is logged."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Have the letters sent; how many there are."""
        letters = list(email_messages)
        transaction.on_commit(lambda: _send(letters), robust=True)
        return len(letters)


def transport() -> BaseEmailBackend:
    """What sends in the end, at once: for whoever keeps letters until they have left."""
    return get_connection(settings.EMAIL_TRANSPORT)


def _send(letters: list[EmailMessage]) -> None:
    transport().send_messages(letters)
