"""The list of due reviews, from which a reviewer begins a review round."""

from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from wagtail.admin import messages

from monographs.core.db_clock import database_today
from monographs.core.users import authenticated_user
from monographs.editions.dates import add_months
from monographs.review.dashboard.calendar_month import first_day_of
from monographs.review.due_reviews.due_rows import due_publications, due_rows
from monographs.review.due_reviews.review_round import MOST_PAGES, ReviewRound
from monographs.review.policy import is_reviewer
from monographs.review.screens.base import ListScreen, ReviewScreen

#: Rows of one screen.
PER_PAGE = 50
#: How far ahead the list looks, by the name in the query string: the label, and days from today.
HORIZONS = {"": ("In the next 90 days", 90), "overdue": ("Overdue", -1), "year": ("In the next year", 365)}


class DueReviewsView(ListScreen):
    """The pages whose review is due, with what keeps each from being signed as it is."""

    page_title = "Reviews due"
    template_name = "review/due_reviews/list.html"
    header_icon = "calendar-check"
    breadcrumb_root = ("dashboard:index", "Review dashboard")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = authenticated_user(self.request)
        name, month = self.request.GET.get("show", ""), self.request.GET.get("month", "")
        name = name if name in HORIZONS else ""
        page = Paginator(due_publications(_until(name, month)), PER_PAGE).get_page(self.request.GET.get("p"))
        rows = due_rows(user, list(page.object_list))
        return super().get_context_data(
            page=page,
            rows=rows,
            month=first_day_of(month) if month else None,
            horizons=[
                {"label": label, "query": urlencode({"show": key}), "selected": key == name and not month}
                for key, (label, _) in HORIZONS.items()
            ],
            query=urlencode({key: value for key, value in (("show", name), ("month", month)) if value}),
            may_review=is_reviewer(user),
            ticked=self.request.GET.get("tick") != "none",
            ready=sum(row.ready for row in rows),
            **kwargs,
        )


def _until(name: str, month: str) -> date:
    """Return the last day that is listed: that of a month given as YYYY-MM, or of a horizon."""
    if month:
        return add_months(first_day_of(month), 1) - timedelta(days=1)
    return database_today() + timedelta(days=HORIZONS[name][1])


class BeginView(ReviewScreen):
    """Begin a review round with the pages that were ticked; a GET form, because nothing is changed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Redirect to the first page of the review round."""
        chosen = request.GET.getlist("page")
        review_round = ReviewRound.read(".".join(chosen))
        if not review_round.pages:
            messages.error(request, "Tick the pages that you want to review.")
            return redirect("due:list")
        if len(set(chosen)) > MOST_PAGES:
            messages.warning(request, f"A review round has at most {MOST_PAGES} pages; these are the first.")
        return redirect(review_round.address(review_round.pages[0]))
