"""The queue: what waits for a signature."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse

from monographs.review.policy import is_reviewer
from monographs.review.queue import (
    QueueGroup,
    QueueRow,
    details,
    queue,
    returned_to,
    scheduled_of,
)
from monographs.review.screens.base import ReviewScreen

#: Submissions on one screen: as many as a cold process can compare with their editions while somebody waits.
PER_PAGE = 25


class QueueView(ReviewScreen):
    """Everything in review, what this person can sign first."""

    page_title = "Review"
    template_name = "review/queue.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the queue."""
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        rows = queue(user)
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("p"))
        shown = details(user, list(page.object_list))
        returned = list(returned_to(user)[:PER_PAGE]) if page.number == 1 else []
        scheduled = list(scheduled_of(user)[:PER_PAGE]) if page.number == 1 else []
        parts = {part: _part(part, rows, shown) for part in QueueGroup}
        parts[QueueGroup.OWN]["shown"] |= bool(returned or scheduled)
        # Whoever signs reads that there is nothing to sign; a writer only when nothing else is theirs
        reviewer = is_reviewer(user)
        parts[QueueGroup.SIGN]["shown"] |= page.number == 1 and (
            reviewer or not parts[QueueGroup.OWN]["shown"]
        )
        return super().get_context_data(
            page=page,
            parts=list(parts.values()),
            returned=returned,
            scheduled=scheduled,
            reviewer=reviewer,
            **kwargs,
        )


def _part(part: QueueGroup, rows: list[QueueRow], shown: list[QueueRow]) -> dict[str, Any]:
    here = [row for row in shown if row.part is part]
    return {
        "name": part.name.lower(),
        "heading": part.value,
        "count": sum(row.part is part for row in rows),
        "late": sum(row.part is part and row.late for row in rows),
        "rows": here,
        "shown": bool(here),
    }
