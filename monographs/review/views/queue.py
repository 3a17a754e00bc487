"""The queue: what waits for a signature."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from monographs.review.queue import queue
from monographs.review.views.base import ReviewScreen


class QueueView(ReviewScreen):
    """Everything in review, what this person can sign first."""

    page_title = "Review"
    template_name = "review/queue.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the queue."""
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = queue(self.request.user)
        return super().get_context_data(
            mine=[row for row in rows if not row.blocked],
            others=[row for row in rows if row.blocked],
            **kwargs,
        )
