"""The review queue and dashboard in Wagtail's admin: URLs, menu, home page panel, page listing button."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import UserObjectsInWorkflowModerationPanel, WorkflowObjectsToModeratePanel
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from monographs.core.admin_stylesheets import add_admin_stylesheets
from monographs.core.db_clock import database_today
from monographs.core.user_menu_item import CountedMenuItem, add_menu_item
from monographs.core.users import AnyUser, authenticated_user
from monographs.label_watch.label_knowledge import label_knowledge
from monographs.models import ReviewedPage
from monographs.review.assignments import MINE, waiting_for
from monographs.review.dashboard import dashboard_sql
from monographs.review.dashboard.page_stage import PageStage
from monographs.review.dashboard.rows import page_parameters
from monographs.review.delegates import absences_today
from monographs.review.labels_of_pages.open_label_tasks import label_tasks_of
from monographs.review.page_access import scope_of, user_can_see_review_screens
from monographs.review.queue.queue_rows import signable_count

#: Wagtail's panels that know workflow tasks but neither submissions nor signatures: they offer to approve
#: what only a signature can, and list submissions of others as the user's own.
MISLEADING_PANELS = (WorkflowObjectsToModeratePanel, UserObjectsInWorkflowModerationPanel)

#: Label changes that the home page lists; their list has them all.
MOST_TASKS_ON_PANEL = 5


@hooks.register("register_admin_urls")
def dashboard_urls() -> list[URLResolver]:
    """Register the URLs below /admin/board/."""
    return [path("board/", include("monographs.review.dashboard.urls"))]


add_admin_stylesheets("dashboard", "dashboard-calendar", "page-history", "label-marks")


class QueueMenuItem(CountedMenuItem):
    """The menu item of the queue, with the number of texts the user can sign now."""

    def count(self, request: HttpRequest) -> tuple[str, str]:
        count = signable_count(authenticated_user(request))
        return str(count or ""), "waiting for your signature"


@hooks.register("register_admin_menu_item")
def queue_menu_item() -> MenuItem:
    """Add the review queue to the menu."""
    return QueueMenuItem(
        "Review",
        reverse("review:queue"),
        name="review",
        icon_name="clipboard-list",
        order=90,
        shown_to=user_can_see_review_screens,
    )


add_menu_item(
    "register_admin_menu_item",
    "Review dashboard",
    "dashboard:index",
    name="dashboard",
    icon_name="table",
    order=91,
    shown_to=user_can_see_review_screens,
)


class ReviewSummaryPanel(Component):
    """A panel of the admin's home page: counts of the texts that need attention."""

    name = "review"
    template_name = "review/dashboard/home_panel.html"
    order = 50

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        parameters = page_parameters(scope_of(self.user)) | {"person": self.user.pk}
        with connection.cursor() as cursor:
            cursor.execute(dashboard_sql.SUMMARY, parameters)
            overdue, scheduled, own, returned = cursor.fetchone()
        waiting = waiting_for(self.user, absences_today()).order_by()
        is_late = Q(due_on__lt=database_today())
        asked = waiting.aggregate(count=Count("pk"), late=Count("pk", filter=is_late))
        due = f"{reverse('due:list')}?show={MINE}"
        queue, dashboard = reverse("review:queue"), reverse("dashboard:index")
        return {
            "items": [
                (signable_count(self.user), "waiting for your signature", queue, False),
                (own, "of your texts in review", f"{queue}#own", False),
                (returned, "of your texts returned", f"{queue}#own", True),
                (overdue, "reviews overdue", f"{dashboard}?stage={PageStage.OVERDUE}", True),
                (scheduled, "signed and scheduled", f"{dashboard}?stage={PageStage.SCHEDULED}", False),
                (asked["count"], "due reviews asked of you", due, asked["late"]),
            ]
        }


class LabelTasksPanel(Component):
    """A panel of the admin's home page: label changes of the user's pages, and how old the knowledge is."""

    name = "labels"
    template_name = "review/label_tasks/home_panel.html"
    order = 60

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        tasks = list(label_tasks_of(self.user)[: MOST_TASKS_ON_PANEL + 1])
        return {
            "tasks": tasks[:MOST_TASKS_ON_PANEL],
            "more": len(tasks) > MOST_TASKS_ON_PANEL,
            "knowledge": label_knowledge(),
        }


@hooks.register("construct_homepage_panels")
def replace_workflow_panels(request: HttpRequest, panels: list[Any]) -> None:
    """Show the review summary instead of Wagtail's workflow panels."""
    panels[:] = [panel for panel in panels if not isinstance(panel, MISLEADING_PANELS)]
    if user_can_see_review_screens(request.user):
        user = authenticated_user(request)
        panels += [ReviewSummaryPanel(user), LabelTasksPanel(user)]


@hooks.register("register_page_listing_more_buttons")
def record_button(page: Page, user: AnyUser, next_url: str | None = None) -> Iterator[Button]:
    """Link a page in a listing to its record, which links to its review."""
    if isinstance(page.specific_deferred, ReviewedPage):
        yield Button(
            "Editions and history",
            reverse("review:record", args=[page.translation_key]),
            icon_name="clipboard-list",
            attrs={"aria-label": f"Editions and history of '{page.get_admin_display_title()}'"},
            priority=45,
        )
