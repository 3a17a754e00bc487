"""From notice to mail. A notice is told once a mail server has taken it; until then it is tried again."""

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
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from monographs.core.mail import transport
from monographs.review.models import Notice
from monographs.review.notifications.events import GATHERINGS, OF_DAYS, OF_NOTES, URGENT, WHY, NoticeEvent
from monographs.review.notifications.messages import address_of
from monographs.review.notifications.recipients import reachable

logger = logging.getLogger(__name__)

#: For how long a mail that could not be sent is tried again; later it would be no news.
TRIED_FOR = timedelta(days=14)
#: What a mail server refuses for one mail and not for the next (the last: a header Django does not write).
REFUSED = (SMTPRecipientsRefused, SMTPDataError, ValueError)


@dataclass(slots=True)
class DeliveryReport:
    """What became of some notices."""

    sent: list[Notice] = field(default_factory=list)
    failed: list[tuple[Notice, str]] = field(default_factory=list)

    def __add__(self, other: "DeliveryReport") -> "DeliveryReport":
        return DeliveryReport(self.sent + other.sent, self.failed + other.failed)


def waiting(now: datetime | None = None) -> QuerySet[Notice]:
    """Notices nobody has been sent yet, of those who can be reached, oldest first."""
    since = (now or timezone.now()) - TRIED_FOR
    return Notice.objects.filter(
        sent_at=None, created_at__gte=since, user__in=reachable().values("pk")
    ).order_by("pk")


def wants_digest() -> Q:
    """Notices that their reader wants in one mail a day."""
    return Q(user__notice_preference__digest=True) & ~Q(event__in=URGENT | GATHERINGS)


def alone() -> Q:
    """Notices that are a mail of their own."""
    return ~Q(event__in=OF_NOTES | OF_DAYS) & ~wants_digest()


def deliver_new(about: Iterable[tuple[str, str]]) -> None:
    """Mail those of the notices just kept that go at once."""
    these = Q()
    for event, what in about:
        these |= Q(event=event, about=what)
    deliver(waiting().filter(these).filter(alone()))


def deliver(notices: QuerySet[Notice]) -> DeliveryReport:
    """Mail each of ``notices``. A mail server that is away ends the round; the rest waits for the next."""
    done = DeliveryReport()
    keys = list(notices.values_list("pk", flat=True))
    if not keys:
        return done
    server = transport()
    try:
        server.open()
        for key in keys:
            _deliver_one(server, key, done)
    except OSError as error:  # SMTP's errors are of this kind, too
        logger.exception("notices wait: the mail server takes none")
        unsent = Notice.objects.select_related("user").filter(pk__in=keys, sent_at=None)
        known = {notice.pk for notice, _ in done.failed}
        done.failed += [(notice, str(error)) for notice in unsent if notice.pk not in known]
    finally:
        server.close()
    return done


def _deliver_one(server: Any, key: int, done: DeliveryReport) -> None:
    """Held while it is sent, so that two rounds at once send it once."""
    with transaction.atomic():
        notice = (
            Notice.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("user")
            .filter(pk=key, sent_at=None)
            .first()
        )
        if notice is None:
            return
        try:
            server.send_messages([mail_of(notice)])
        except REFUSED as error:
            logger.exception("the notice %s was refused", notice.pk)
            done.failed.append((notice, str(error)))
            return
        notice.sent_at = timezone.now()
        notice.save(update_fields=["sent_at"])
    done.sent.append(notice)


def mail_of(notice: Notice) -> EmailMultiAlternatives:
    """The mail that tells ``notice``, in both its forms. Sent twice, it is the same mail to its reader."""
    event = NoticeEvent(notice.event)
    context = {
        "subject": notice.subject,
        "text": notice.text,
        "html": notice.html,
        "why": WHY[event],
        "urgent": event in URGENT,
        "site_name": settings.WAGTAIL_SITE_NAME,
        "settings_address": f"{address_of('wagtailadmin_account')}#tab-notifications",
    }
    thread = _message_id(notice.about.partition("/")[0])
    mail = EmailMultiAlternatives(
        notice.subject,
        render_to_string("emails/frame.txt", context),
        to=[notice.user.email],
        headers={
            "Auto-Submitted": "auto-generated",  # RFC 3834: nobody's absence notice answers it
            "Message-ID": _message_id(f"{notice.event} {notice.about} {notice.user_id}"),
            "In-Reply-To": thread,
            "References": thread,
        },
    )
    mail.attach_alternative(render_to_string("emails/frame.html", context), "text/html")
    return mail


def _message_id(what: str) -> str:
    host = urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or "localhost"
    return f"<{hashlib.sha256(what.encode()).hexdigest()[:32]}@{host}>"
