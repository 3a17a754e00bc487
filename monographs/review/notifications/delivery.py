"""Send notices as emails. A notice is sent once a mail server has accepted it; until then it is retried."""

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import DateTimeField, IntegerField, Q, QuerySet, TextField
from django.template.loader import render_to_string

from monographs.accounts.reader_language import ReaderLanguage
from monographs.core import mail
from monographs.core.background_thread import BackgroundThread
from monographs.core.compiled_query import CompiledQuery, Parameter
from monographs.core.db_clock import database_now
from monographs.review.models import Notice
from monographs.review.notifications.events import (
    COLLECTED,
    COLLECTIONS,
    RECIPIENT_REASONS,
    URGENT,
    NoticeEvent,
)
from monographs.review.notifications.messages import admin_url
from monographs.review.notifications.recipients import accounts_with_email

logger = logging.getLogger(__name__)

#: How long an email that could not be sent is retried; after that it would be out of date.
RETRY_PERIOD = timedelta(days=14)
#: Errors that concern one email only. ``ValueError``: a header that Django refuses to write.
REFUSED = (SMTPRecipientsRefused, SMTPDataError, ValueError)


@dataclass(slots=True)
class DeliveryReport:
    """The notices that were sent, and those that failed with the reason."""

    sent: list[Notice] = field(default_factory=list)
    failed: list[tuple[Notice, str]] = field(default_factory=list)


def waiting(now: datetime | None = None) -> QuerySet[Notice]:
    """Return the unsent notices to reachable accounts, oldest first."""
    return _waiting((now or database_now()) - RETRY_PERIOD)


def _waiting(since: Any) -> QuerySet[Notice]:
    return Notice.objects.filter(
        sent_at=None, created_at__gte=since, user__in=accounts_with_email().values("pk")
    ).order_by("pk")


def wants_digest() -> Q:
    """Match notices whose recipient wants one email a day."""
    return Q(user__notice_preference__digest=True) & ~Q(event__in=URGENT | COLLECTIONS)


def sent_separately() -> Q:
    """Match notices that are sent as an email of their own."""
    return ~Q(event__in=COLLECTED) & ~wants_digest()


def deliver_new(about: Iterable[tuple[str, str]]) -> None:
    """Send those of the notices just stored that are not collected first.

    In a process that serves requests a thread does it, so that nobody waits for a mail server.
    """
    if mail.is_in_background():
        _thread.wake()
        return
    since = database_now() - RETRY_PERIOD
    _send([key for event, subject in about for key in _NEW.rows(since=since, event=event, about=subject)])


def _deliver_separate() -> None:
    deliver(waiting().filter(sent_separately()))


_thread = BackgroundThread("emails about reviews", _deliver_separate)
_NEW: CompiledQuery[int] = CompiledQuery(
    lambda: (
        _waiting(Parameter("since", DateTimeField()))
        .filter(
            sent_separately(), event=Parameter("event", TextField()), about=Parameter("about", TextField())
        )
        .values_list("pk", flat=True)
    )
)


def deliver(notices: QuerySet[Notice]) -> DeliveryReport:
    """Send each of ``notices``; the rest stays unsent until the next run if the mail server fails."""
    return _send(list(notices.values_list("pk", flat=True)))


def _send(keys: list[int]) -> DeliveryReport:
    report = DeliveryReport()
    if not keys:
        return report
    server = mail.transport()
    try:
        server.open()
        for key in keys:
            _deliver_one(server, key, report)
    except OSError as error:  # includes SMTP errors
        logger.exception("The mail server is not available; unsent notices are retried.")
        unsent = Notice.objects.select_related("user").filter(pk__in=keys, sent_at=None)
        known = {notice.pk for notice, _ in report.failed}
        report.failed += [(notice, str(error)) for notice in unsent if notice.pk not in known]
    finally:
        server.close()
    return report


_UNSENT: CompiledQuery[Notice] = CompiledQuery(
    lambda: (
        Notice.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("user__wagtail_userprofile")
        .filter(pk=Parameter("pk", IntegerField()), sent_at=None)
    )
)


def _deliver_one(server: BaseEmailBackend, key: int, report: DeliveryReport) -> None:
    """Send one notice, locked meanwhile so that two concurrent runs send it once."""
    with transaction.atomic():
        notice = _UNSENT.first(pk=key)
        if notice is None:
            return
        try:
            server.send_messages([email_for(notice)])
        except REFUSED as error:
            logger.exception("The mail server refused notice %s.", notice.pk)
            report.failed.append((notice, str(error)))
            return
        notice.sent_at = database_now()
        notice.save(update_fields=["sent_at"])
    report.sent.append(notice)


def email_for(notice: Notice) -> EmailMultiAlternatives:
    """Return the email for ``notice`` as text and HTML.

    Its Message-ID depends on the notice alone, so a mail client shows a copy that was sent twice once.
    """
    event = NoticeEvent(notice.event)
    context = {
        "subject": notice.subject,
        "text": notice.text,
        "html": notice.html,
        "why": RECIPIENT_REASONS[event],
        "urgent": event in URGENT,
        "site_name": settings.WAGTAIL_SITE_NAME,
        "settings_url": f"{admin_url('wagtailadmin_account')}#tab-notifications",
    }
    thread = _message_id(notice.about.partition("/")[0])
    with ReaderLanguage.of(notice.user).active():
        text = render_to_string("emails/layout.txt", context)
        html = render_to_string("emails/layout.html", context)
    email = EmailMultiAlternatives(
        notice.subject,
        text,
        to=[notice.user.email],
        headers={
            "Auto-Submitted": "auto-generated",  # RFC 3834: no automatic reply is sent to it
            "Message-ID": _message_id(f"{notice.event} {notice.about} {notice.user_id}"),
            "In-Reply-To": thread,
            "References": thread,
        },
    )
    email.attach_alternative(html, "text/html")
    return email


def _message_id(identity: str) -> str:
    host = urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or "localhost"
    return f"<{hashlib.sha256(identity.encode()).hexdigest()[:32]}@{host}>"
