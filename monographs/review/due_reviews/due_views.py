"""The list of due reviews, from which a reviewer begins a review round."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages

from monographs.core.users import authenticated_user
from monographs.review.assignments import MINE
from monographs.review.due_reviews.due_rows import due_rows
from monographs.review.due_reviews.due_selection import DueSelection
from monographs.review.due_reviews.review_round import MOST_PAGES, ReviewRound
from monographs.review.policy import is_editor_or_superuser, is_reviewer
from monographs.review.screens.base import ListScreen, ReviewScreen


class DueReviewsView(ListScreen):
    """The pages whose review is due, with who is asked for it, and what keeps each from being signed."""

    page_title = "Reviews due"
    template_name = "review/due_reviews/list.html"
    header_icon = "calendar-check"
    breadcrumb_root = ("dashboard:index", "Review dashboard")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = authenticated_user(self.request)
        chosen = DueSelection.read(self.request.GET, ("", "overdue", "year", MINE))
        page = chosen.page(user, self.request.GET.get("p"))
        rows = due_rows(user, list(page.object_list))
        return super().get_context_data(
            page=page,
            rows=rows,
            month=chosen.month,
            lists=chosen.tabs(),
            query=chosen.query,
            may_review=is_reviewer(user),
            sees_assignments=is_editor_or_superuser(user),
            ticked=self.request.GET.get("tick") != "none",
            ready=sum(row.ready for row in rows),
            **kwargs,
        )


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
