"""Mail about accounts: to editors when rights change, to editors and the person when one is locked out.

A request's changes make one mail; a change by a command makes one of its own, when it is committed. Setting
up a site and loading the demonstration are quiet: they change what nobody relies on yet.
"""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.template.loader import render_to_string

from monographs.accounts.actors import editor_email_addresses
from monographs.editions.models import LedgerEntry

logger = logging.getLogger(__name__)

#: Hashes of the entries that a request made so far; None outside of requests.
_noted: ContextVar[list[str] | None] = ContextVar("noted", default=None)
_quiet: ContextVar[bool] = ContextVar("quiet", default=False)


@contextmanager
def suppress_emails() -> Iterator[None]:
    """Changes made inside are told to the ledger and mailed to nobody."""
    before = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(before)


@contextmanager
def batch_emails() -> Iterator[None]:
    """Changes made inside make one mail, when it ends."""
    noted: list[str] = []
    before = _noted.set(noted)
    try:
        yield
    finally:
        _noted.reset(before)
        send_change_email(noted)


def queue_change_email(entry: LedgerEntry) -> None:
    """Have editors told of ``entry``, should it be committed."""
    if _quiet.get():
        return
    noted = _noted.get()
    if noted is not None:
        noted.append(entry.hash)
    else:
        transaction.on_commit(partial(send_change_email, [entry.hash]))


def send_change_email(hashes: list[str]) -> None:
    """Tell editors of these entries; those that were rolled back are not there any more."""
    entries = LedgerEntry.objects.filter(hash__in=hashes).order_by("seq") if hashes else []
    changes = [_as_words(entry) for entry in entries]
    if changes:
        _send("account_changes", editor_email_addresses(), {"changes": changes})


def send_lockout_email(user: Any, until: datetime) -> None:
    """Tell the person and the editors that an account cannot be used for a while."""
    addresses = editor_email_addresses()
    if user.is_active and user.email:
        addresses = [user.email, *addresses]
    name = user.get_full_name() or user.get_username()
    _send("locked_out", addresses, {"name": name, "username": user.get_username(), "until": until})


def _send(template: str, addresses: list[str], context: dict[str, Any]) -> None:
    """One mail per address, so that nobody reads the others'. A mail server that fails stops nobody."""
    context = {**context, "site_name": settings.WAGTAIL_SITE_NAME, "base_url": settings.WAGTAILADMIN_BASE_URL}
    subject = render_to_string(f"emails/{template}_subject.txt", context).strip()
    text = render_to_string(f"emails/{template}.txt", context)
    html = render_to_string(f"emails/{template}.html", context)
    mails = []
    for address in dict.fromkeys(addresses):
        mail = EmailMultiAlternatives(subject, text, to=[address])
        mail.attach_alternative(html, "text/html")
        mails.append(mail)
    try:
        get_connection().send_messages(mails)
    except Exception:  # whatever a mail server does, the change itself is done and in the ledger
        logger.exception("the notice %s could not be mailed", template)


def _as_words(entry: LedgerEntry) -> dict[str, Any]:
    body = json.loads(entry.body)
    data = body["data"]
    before, after = data["before"], data["after"]
    keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return {
        "number": entry.seq,
        "at": entry.at,
        "by": body["actor"]["name"],
        "about": f"{data['about']} “{data['name']}”",
        "lines": [_line(key, before.get(key), after.get(key)) for key in keys],
    }


#: Of these the ledger holds a mark only, which is no news to anybody.
_MARKS = {"password", "email", "recovery_codes"}


def _line(key: str, before: Any, after: Any) -> str:
    name = key.replace("_", " ")
    if key in _MARKS:
        return f"{name}: {'changed' if after and before else 'set' if after else 'removed'}"
    if isinstance(before or after, list):
        added = [f"added {row}" for row in after or [] if row not in (before or [])]
        removed = [f"removed {row}" for row in before or [] if row not in (after or [])]
        return f"{name}: {', '.join([*added, *removed]) or 'another order'}"
    return f"{name}: {_word(before)} → {_word(after)}"


def _word(value: Any) -> str:
    if value is True:
        return "yes"
    return str(value) if value else "no"
