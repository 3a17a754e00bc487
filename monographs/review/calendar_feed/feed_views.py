"""The page on which a person makes, renews and revokes the address of their calendar, and the calendar."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from monographs.accounts.calendar_keys import READS_WITHIN, TooManyReads, make_key, owner_of_key, revoke_key
from monographs.accounts.models import CalendarFeed
from monographs.core.db_clock import database_now
from monographs.core.users import authenticated_user
from monographs.review.calendar_feed.feed_events import DAYS_AHEAD, DAYS_BACK, feed_events
from monographs.review.calendar_feed.icalendar_text import calendar_text
from monographs.review.page_access import ReviewAccessMixin

UNKNOWN = "No calendar has this address. It was revoked or renewed, or the password was changed since."


@method_decorator(never_cache, name="dispatch")
class FeedAddressView(ReviewAccessMixin, WagtailAdminTemplateMixin, View):
    """The user's own address: whether there is one, and new ones, each shown once."""

    page_title = "Calendar feed"
    template_name = "review/calendar_feed.html"
    header_icon = "calendar-alt"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("wagtailadmin_account"), "label": "Account"},
            {"url": "", "label": self.page_title},
        ]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show whether there is an address."""
        return self._show()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make a new address and show it, or revoke the one there is."""
        user = authenticated_user(request)
        if "revoke" in request.POST:
            if revoke_key(user):
                messages.success(request, "The address is revoked. Programs that read it get nothing more.")
            return redirect("calendar_feed")
        key = make_key(user)
        path = f"{reverse('calendar_feed_file')}?key={key}"
        return self._show(address=f"{settings.WAGTAILADMIN_BASE_URL}{path}")

    def _show(self, **context: Any) -> HttpResponse:
        feed = CalendarFeed.objects.filter(user=authenticated_user(self.request).pk).first()
        days = {"days_back": DAYS_BACK, "days_ahead": DAYS_AHEAD}
        return self.render_to_response(self.get_context_data(feed=feed, **days, **context))


@require_safe
def calendar_file(request: HttpRequest) -> HttpResponse:
    """The calendar of whoever has the key in the query string, where access logs do not have it."""
    try:
        owner = owner_of_key(request.GET.get("key", ""))
    except TooManyReads:
        response = _plain("This calendar was read too often. Ask again later.", status=429)
        response.headers["Retry-After"] = str(int(READS_WITHIN.total_seconds()))
        return response
    if owner is None:
        return _plain(UNKNOWN, status=404)
    name = f"{settings.WAGTAIL_SITE_NAME}: reviews"
    text = calendar_text(name, feed_events(owner), database_now())
    response = _plain(text, status=200)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = 'inline; filename="reviews.ics"'
    return response


def _plain(text: str, *, status: int) -> HttpResponse:
    """Return an answer that nobody keeps, indexes, or passes on in a referrer."""
    response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
