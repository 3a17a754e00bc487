"""Emails about accounts: to editors when rights change; to editors and the user at a lock-out; to the user
when a sign-in fact changes, and with links to choose a password.

The changes of one request make one email; a change by a command makes one after its commit. Setting up a
site and loading the demonstration send none: nobody relies on those accounts yet.
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
from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.template.loader import render_to_string

from monographs.accounts.actors import editor_email_addresses
from monographs.accounts.audit_names import Names, reference_names, with_names
from monographs.accounts.outside_accounts import is_outside
from monographs.accounts.reader_language import ReaderLanguage
from monographs.core.db_clock import database_now
from monographs.editions.models import LedgerEntry

logger = logging.getLogger(__name__)

#: Hashes of the entries made by the current request; None outside of requests.
_batch: ContextVar[list[str] | None] = ContextVar("batch", default=None)
_suppressed: ContextVar[bool] = ContextVar("suppressed", default=False)


@contextmanager
def suppress_emails() -> Iterator[None]:
    """Send no emails about changes made in the block; they are recorded in the ledger."""
    token = _suppressed.set(True)
    try:
        yield
    finally:
        _suppressed.reset(token)


@contextmanager
def batch_emails() -> Iterator[None]:
    """Send one email about all changes made in the block, when it ends."""
    hashes: list[str] = []
    token = _batch.set(hashes)
    try:
        yield
    finally:
        _batch.reset(token)
        send_change_email(hashes)


def queue_change_email(entry: LedgerEntry) -> None:
    """Send editors an email about ``entry`` if it is committed."""
    if _suppressed.get():
        return
    batch = _batch.get()
    if batch is not None:
        batch.append(entry.hash)
    else:
        transaction.on_commit(partial(send_change_email, [entry.hash]))


def send_change_email(hashes: list[str]) -> None:
    """Send editors an email about the entries with these hashes, except those that were rolled back."""
    entries = list(LedgerEntry.objects.filter(hash__in=hashes).order_by("seq")) if hashes else []
    names = reference_names(entry.body for entry in entries)
    changes = [_describe(entry, names) for entry in entries]
    if changes:
        _send("account_changes", editor_email_addresses(), {"changes": changes})


def send_lockout_email(user: User, until: datetime) -> None:
    """Send the user and the editors an email that an account is locked ``until`` then."""
    addresses = editor_email_addresses()
    if user.is_active and user.email:
        addresses = [user.email, *addresses]
    name = user.get_full_name() or user.get_username()
    _send("locked_out", addresses, {"name": name, "username": user.get_username(), "until": until})


def send_fact_email(owner: User, address: str, facts: list[str], by: str) -> None:
    """Email ``address``, which the account had before, which sign-in ``facts`` changed, and by whom."""
    if not address or _suppressed.get():
        return
    context = {"username": owner.get_username(), "facts": facts, "by": by, "at": database_now()}
    context["is_expert"] = is_outside(owner)
    _send("sign_in_facts", [address], context, reader=owner)


def send_link_email(owner: User, path: str, *, invited: bool) -> None:
    """Send ``owner`` the link below ``path`` by which they choose their password."""
    context = {
        "username": owner.get_username(),
        "path": path,
        "invited": invited,
        "hours": int(settings.PASSWORD_RESET_TIMEOUT / 3600),
    }
    _send("password_link", [owner.email], context, reader=owner)


def send_invitation_email(expert: User, path: str, title: str, until: datetime) -> bool:
    """Send an outside expert the link below ``path`` by which they read ``title`` and can sign it.

    Returns whether the mail server took it.
    """
    context = {"path": path, "title": title, "until": until}
    return _send("expert_invitation", [expert.email], context, reader=expert)


def send_void_email(expert: User, title: str) -> None:
    """Email an outside expert that their signature on ``title`` counts no more. Nobody's name is in it."""
    if expert.email:
        _send("expert_signature_void", [expert.email], {"title": title}, reader=expert)


def send_code_email(expert: User, code: str, title: str, minutes: int) -> bool:
    """Send an outside expert the ``code`` by which they prove, for ``minutes``, who they are.

    Returns whether the mail server took it.
    """
    context = {"code": code, "title": title, "minutes": minutes}
    return _send("signing_code", [expert.email], context, reader=expert)


def _send(
    template: str, addresses: list[str], context: dict[str, Any], *, reader: User | None = None
) -> bool:
    """Send one email per address, so that recipients do not see each other; return whether all were sent.

    A failure is logged. Each is in the language of the account with that address, or of ``reader`` if it is
    given.
    """
    context = {**context, "site_name": settings.WAGTAIL_SITE_NAME, "base_url": settings.WAGTAILADMIN_BASE_URL}
    emails = []
    for address in dict.fromkeys(addresses):
        language = ReaderLanguage.of(reader) if reader else ReaderLanguage.of_address(address)
        with language.active():
            subject = render_to_string(f"emails/{template}_subject.txt", context).strip()
            text = render_to_string(f"emails/{template}.txt", context)
            html = render_to_string(f"emails/{template}.html", context)
        email = EmailMultiAlternatives(subject, text, to=[address])
        email.attach_alternative(html, "text/html")
        emails.append(email)
    try:
        get_connection().send_messages(emails)
    except Exception:  # the change itself is done and recorded, whatever the mail server does
        logger.exception("the email %s could not be sent", template)
        return False
    return True


def _describe(entry: LedgerEntry, names: Names) -> dict[str, Any]:
    """The template context of one change."""
    body = json.loads(entry.body)
    data = body["data"]
    before, after = data["before"], data["after"]
    keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return {
        "number": entry.seq,
        "at": entry.at,
        "by": body["actor"]["name"],
        "about": with_names(f"{data['about']} “{data['name']}”", names),
        "link": data.get("link", ""),
        "lines": [with_names(_describe_field(key, before.get(key), after.get(key)), names) for key in keys],
    }


#: Fields of which the ledger holds a fingerprint only, whose value says nothing to a reader.
_FINGERPRINTS = {"password", "email", "recovery_codes"}


def _describe_field(key: str, before: Any, after: Any) -> str:
    name = key.replace("_", " ")
    if key in _FINGERPRINTS:
        return f"{name}: {'changed' if after and before else 'set' if after else 'removed'}"
    if isinstance(before or after, list):
        added = [f"added {row}" for row in after or [] if row not in (before or [])]
        removed = [f"removed {row}" for row in before or [] if row not in (after or [])]
        return f"{name}: {', '.join([*added, *removed]) or 'another order'}"
    return f"{name}: {_describe_value(before)} → {_describe_value(after)}"


def _describe_value(value: Any) -> str:
    if value is True:
        return "yes"
    return str(value) if value else "no"
