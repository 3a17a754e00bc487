"""The events of a person's calendar: dates of the pages they may see, and when credentials end."""

from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.utils.dateformat import format as format_date

from monographs.core.db_clock import database_today
from monographs.core.users import display_name
from monographs.review.calendar_feed.icalendar_text import DayEvent
from monographs.review.dashboard.calendar_month import CalendarEvent, calendar_rows
from monographs.review.models import ReviewerProfile
from monographs.review.notifications.messages import admin_url
from monographs.review.page_access import user_can_see_review_screens
from monographs.review.policy import is_editor_or_superuser

#: The days of the feed around today: what is overdue for longer is on the dashboard.
DAYS_BACK, DAYS_AHEAD = 90, 400
_OF_SUBMISSIONS = (CalendarEvent.PUBLICATION, CalendarEvent.SIGNING)


def feed_events(user: User) -> list[DayEvent]:
    """Return the events that ``user`` may know of, by day. A fixed number of queries."""
    if not user_can_see_review_screens(user):
        return []
    today = database_today()
    first, last = today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD)
    events = [*_page_events(user, first, last), *_credential_events(user, first, last)]
    return sorted(events, key=lambda event: (event.day, event.title, event.uid))


def _page_events(user: User, first: date, last: date) -> Iterator[DayEvent]:
    for row in calendar_rows(user, first, last):
        submission = row.submission_id if row.kind in _OF_SUBMISSIONS else None
        yield DayEvent(
            uid=_uid(row.event, row.task_id or submission or row.key),
            day=row.day,
            title=f"{row.label}: {row.title}",
            url=f"{settings.WAGTAILADMIN_BASE_URL}{row.path}",
        )


def _credential_events(user: User, first: date, last: date) -> Iterator[DayEvent]:
    """When the person's own credentials end; for editors, when anybody's do."""
    profiles = ReviewerProfile.objects.filter(expires_on__range=(first, last), user__is_active=True)
    if not is_editor_or_superuser(user):
        profiles = profiles.filter(user=user)
    for profile in profiles.select_related("user").order_by("expires_on", "pk"):
        if profile.expires_on:
            day = format_date(profile.expires_on, "F j")
            title = f"Credentials of {display_name(profile.user)} end: valid until {day}"
            yield DayEvent(_uid("credentials", profile.pk), profile.expires_on, title)


def _uid(kind: str, about: object) -> str:
    host = urlsplit(admin_url("wagtailadmin_home")).hostname or "localhost"
    return f"{kind}-{about}@{host}"
