"""The events of a person's calendar: dates of the pages they may see, and when credentials end."""

from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.utils.dateformat import format as format_date

from monographs.core.db_clock import database_today
from monographs.review.calendar_feed.icalendar_text import DayEvent
from monographs.review.dashboard import dashboard_sql
from monographs.review.dashboard.calendar_month import CalendarEvent
from monographs.review.dashboard.page_stage import PageStage, StageDetails
from monographs.review.dashboard.rows import page_parameters
from monographs.review.models import ReviewerProfile
from monographs.review.notifications.messages import admin_url
from monographs.review.page_access import scope_of, user_can_see_review_screens
from monographs.review.policy import is_editor_or_superuser
from monographs.review.queue.queue_rows import display_name

#: The days of the feed around today: what is overdue for longer is on the dashboard.
DAYS_BACK, DAYS_AHEAD = 90, 400


def feed_events(user: User) -> list[DayEvent]:
    """Return the events that ``user`` may know of, by day. A fixed number of queries."""
    if not user_can_see_review_screens(user):
        return []
    today = database_today()
    first, last = today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD)
    events = [*_page_events(user, first, last), *_credential_events(user, first, last)]
    return sorted(events, key=lambda event: (event.day, event.title, event.uid))


def _page_events(user: User, first: date, last: date) -> Iterator[DayEvent]:
    with connection.cursor() as cursor:
        parameters = page_parameters(scope_of(user)) | {"first": first, "last": last}
        cursor.execute(dashboard_sql.CALENDAR, parameters)
        found = cursor.fetchall()
    for day, event, page_id, key, title, stage, submission in found:
        kind = CalendarEvent(event)
        yield DayEvent(
            uid=_uid(kind.value, submission if kind != CalendarEvent.REVIEW and submission else key),
            day=day,
            title=f"{kind.label}: {title}",
            url=_address(PageStage(stage), page_id, key, submission),
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


def _address(stage: PageStage, page_id: int, key: UUID, submission: int | None) -> str:
    details = StageDetails(stage, page_id, key, submission, None, "", "")
    return f"{settings.WAGTAILADMIN_BASE_URL}{details.next_step(may_edit=False)[1]}"


def _uid(kind: str, about: object) -> str:
    host = urlsplit(admin_url("wagtailadmin_home")).hostname or "localhost"
    return f"{kind}-{about}@{host}"
