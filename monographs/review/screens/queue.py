"""The review queue: the texts that need a signature, and what else waits for the user."""

from typing import Any

from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from monographs.core.db_clock import database_today
from monographs.core.users import authenticated_user
from monographs.review.assignments import asked_reviews, waiting_for
from monographs.review.delegates import absences_today
from monographs.review.labels_of_pages.open_label_tasks import open_label_tasks, written_by
from monographs.review.policy import is_reviewer
from monographs.review.queue.queue_rows import (
    QueueGroup,
    QueueRow,
    add_details,
    queue_for,
    returned_to,
    scheduled_of,
)
from monographs.review.screens.base import ReviewScreen
from monographs.review.sources_of_pages.open_source_tasks import source_tasks_of

#: Submissions on one screen: as many as a new process can compare with their editions without a long wait.
PER_PAGE = 25


class QueueView(ReviewScreen):
    """Every submission in review, those the user can sign first."""

    page_title = "Review"
    template_name = "review/queue.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Render the queue."""
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = authenticated_user(self.request)
        rows = queue_for(user)
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("p"))
        on_screen = add_details(user, list(page.object_list))
        returned = list(returned_to(user)[:PER_PAGE]) if page.number == 1 else []
        scheduled = list(scheduled_of(user)[:PER_PAGE]) if page.number == 1 else []
        groups = {group: _group_context(group, rows, on_screen) for group in QueueGroup}
        groups[QueueGroup.OWN]["shown"] |= bool(returned or scheduled)
        # Reviewers are told that there is nothing to sign; writers only when nothing else is listed
        reviewer = is_reviewer(user)
        groups[QueueGroup.SIGN]["shown"] |= page.number == 1 and (
            reviewer or not groups[QueueGroup.OWN]["shown"]
        )
        return super().get_context_data(
            page=page,
            groups=list(groups.values()),
            returned=returned,
            scheduled=scheduled,
            reviewer=reviewer,
            task_groups=_task_groups(user, reviewer) if page.number == 1 else [],
            **kwargs,
        )


def _task_groups(user: User, reviewer: bool) -> list[dict[str, Any]]:
    """Return what the user is asked to do besides signing, at most ``PER_PAGE`` of each kind, with counts.

    Due reviews, and open tasks about labels and sources of the user's pages; for a reviewer also the label
    changes of others. Two queries for a group, and two more for due reviews.
    """
    labels, own = open_label_tasks(), written_by(user)
    other = labels.exclude(own) if reviewer else labels.none()
    groups = [
        _due_group(user),
        _task_group("own-labels", "Label changes of your pages", labels.filter(own), _LABELS),
        _task_group("other-labels", "Label changes of other pages", other, _LABELS),
        _task_group("own-sources", "Sources of your pages to look at again", source_tasks_of(user), _SOURCES),
    ]
    return [group for group in groups if group.get("tasks")]


#: How the tasks of a kind are shown, and the list of all of them.
_LABELS = {"card": "review/label_tasks/card.html", "all": "All label changes", "list": "labels:tasks"}
_SOURCES = {
    "card": "review/sources/card.html",
    "all": "All sources to look at again",
    "list": "sources:tasks",
}
_DUE = {"card": "review/due_reviews/card.html", "all": "All reviews due", "list": "due:list"}


def _due_group(user: User) -> dict[str, Any]:
    """Return the due reviews that ``user`` is asked for, or stands in for, by name."""
    waiting = waiting_for(user, absences_today())
    group = _task_group("due-reviews", "Due reviews that you are asked for", waiting, _DUE)
    if group["tasks"]:
        group["tasks"] = asked_reviews(group["tasks"])
    return group


def _task_group(name: str, heading: str, tasks: QuerySet[Any], shown_by: dict[str, str]) -> dict[str, Any]:
    is_late = Q(due_on__lt=database_today())
    counts = tasks.aggregate(count=Count("pk"), late=Count("pk", filter=is_late))
    shown = list(tasks[:PER_PAGE]) if counts["count"] else []
    left = counts["count"] - len(shown)
    url = reverse(shown_by["list"])
    return {"name": name, "heading": heading, "tasks": shown, "left": left, "url": url, **shown_by, **counts}


def _group_context(group: QueueGroup, rows: list[QueueRow], on_screen: list[QueueRow]) -> dict[str, Any]:
    group_rows = [row for row in on_screen if row.group is group]
    return {
        "name": group.name.lower(),
        "heading": group.value,
        "count": sum(row.group is group for row in rows),
        "late": sum(row.group is group and row.late for row in rows),
        "rows": group_rows,
        "claimable": group is QueueGroup.SIGN,
        "shown": bool(group_rows),
    }
