"""The review queue: the texts that need a signature, and the label changes that need an answer."""

from typing import Any

from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse

from monographs.core.users import authenticated_user
from monographs.review.open_label_tasks import is_own, open_tasks, with_writer, written_by
from monographs.review.open_source_tasks import source_tasks_of
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

#: Submissions on one screen: as many as a new process can compare with their editions without a long wait.
PER_PAGE = 25
#: Name, heading, and whether the user wrote the pages.
_LABEL_HEADINGS = (
    ("own-labels", "Label changes of your pages", True),
    ("other-labels", "Label changes of other pages", False),
)


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
            label_groups=_label_groups(user, reviewer) if page.number == 1 else [],
            source_tasks=list(source_tasks_of(user)[:PER_PAGE]) if page.number == 1 else [],
            **kwargs,
        )


def _label_groups(user: User, reviewer: bool) -> list[dict[str, Any]]:
    """Return the open label changes of the user's pages; for a reviewer also those of others. One query."""
    tasks = with_writer(open_tasks(), user).order_by("-own", "due_on", "title", "pk")
    found = list((tasks if reviewer else tasks.filter(written_by(user)))[: PER_PAGE + 1])
    shown = found[:PER_PAGE]
    groups: list[dict[str, Any]] = []
    for name, heading, own in _LABEL_HEADINGS:
        of_group = [task for task in shown if is_own(task) is own]
        late = sum(task.is_overdue for task in of_group)
        groups.append({"name": name, "heading": heading, "tasks": of_group, "late": late})
    filled = [group for group in groups if group["tasks"]]
    if filled and len(found) > PER_PAGE:
        filled[-1]["more"] = True
    return filled


def _group_context(group: QueueGroup, rows: list[QueueRow], on_screen: list[QueueRow]) -> dict[str, Any]:
    group_rows = [row for row in on_screen if row.group is group]
    return {
        "name": group.name.lower(),
        "heading": group.value,
        "count": sum(row.group is group for row in rows),
        "late": sum(row.group is group and row.late for row in rows),
        "rows": group_rows,
        "shown": bool(group_rows),
    }
