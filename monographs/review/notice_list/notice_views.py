"""The list of a person's notices, and marking them as read."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages

from monographs.core.posted_keys import posted_key
from monographs.core.users import authenticated_user
from monographs.review.notice_list.unread_notices import mark_read, notices_of
from monographs.review.screens.base import ReviewScreen

#: Notices on one screen.
PER_PAGE = 50


class NoticesView(ReviewScreen):
    """The notices of the user, newest first, and the form that marks them as read."""

    page_title = "Notices"
    template_name = "review/notices.html"
    header_icon = "bell"
    breadcrumb_root = ("notices:list", "Notices")

    def get(self, request: HttpRequest) -> HttpResponse:
        """Render the list, or what is unread of it."""
        notices = notices_of(authenticated_user(request))
        unread_only = request.GET.get("show") == "unread"
        shown = notices.filter(read_at=None) if unread_only else notices
        page = Paginator(shown.defer("html"), PER_PAGE).get_page(request.GET.get("p"))
        context = self.get_context_data(
            page=page,
            unread_only=unread_only,
            query="show=unread" if unread_only else "",
            any_unread=any(notice.read_at is None for notice in page),
        )
        return self.render_to_response(context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Mark one notice as read and open what it is about, or mark all."""
        notices = notices_of(authenticated_user(request))
        which = request.POST.get("notice", "")
        if not which:
            count = mark_read(notices)
            messages.success(request, f"{count} notice{'' if count == 1 else 's'} marked as read.")
            return redirect("notices:list")
        notice = notices.filter(pk=posted_key(which)).first()
        if notice is None:
            messages.error(request, "There is no such notice of yours.")
            return redirect("notices:list")
        mark_read(notices.filter(pk=notice.pk))
        return redirect(notice.path or "notices:list")
