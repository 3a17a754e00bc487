"""Where the queue and the board meet Wagtail's admin: addresses, menu, dashboard, page lists."""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLResolver, include, path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import UserObjectsInWorkflowModerationPanel, WorkflowObjectsToModeratePanel
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from monographs.models import ReviewedPage
from monographs.review.dashboard import dashboard_sql
from monographs.review.dashboard.page_access import may_see_review_screens, scope_of
from monographs.review.dashboard.page_status import PageStatus
from monographs.review.dashboard.rows import desk_parameters
from monographs.review.queue import signable

#: Lists of Wagtail's that know task states but neither submissions nor signatures: they offer to approve
#: what only a signature can, and show as one's own what others submitted.
MISLEADING = (WorkflowObjectsToModeratePanel, UserObjectsInWorkflowModerationPanel)


@hooks.register("register_admin_urls")
def board_urls() -> list[URLResolver]:
    """Everything below /admin/board/."""
    return [path("board/", include("monographs.review.dashboard.urls"))]


@hooks.register("insert_global_admin_css")
def board_css() -> str:
    """Styles of queue, board, calendar and record, and of the count in the menu."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/dashboard.css"))


class ReviewerMenuItem(MenuItem):
    """An entry for those who write or review."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_review_screens(request.user)


class ReviewMenuItem(ReviewerMenuItem):
    """The queue, with the number of texts one can sign now."""

    def render_component(self, request: HttpRequest) -> Any:
        component = super().render_component(request)
        waiting = signable(request.user)
        if waiting:
            said = f"{self.label}: {waiting} waiting for your signature"
            component.attrs = {**self.attrs, "data-board-count": str(waiting), "aria-label": said}
        return component


@hooks.register("register_admin_menu_item")
def review_menu_item() -> MenuItem:
    """The queue, one click away."""
    return ReviewMenuItem(
        "Review", reverse("review:queue"), name="review", icon_name="clipboard-list", order=90
    )


@hooks.register("register_admin_menu_item")
def board_menu_item() -> MenuItem:
    """Every page by stage."""
    return ReviewerMenuItem("Board", reverse("dashboard:board"), name="board", icon_name="table", order=91)


class ReviewPanel(Component):
    """What waits, on the first screen after signing in. Two queries beside the permissions."""

    name = "review"
    template_name = "review/dashboard/panel.html"
    order = 50

    def __init__(self, user: Any) -> None:
        self.user = user

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        asked = desk_parameters(scope_of(self.user)) | {"person": self.user.pk}
        with connection.cursor() as cursor:
            cursor.execute(dashboard_sql.SUMMARY, asked)
            overdue, scheduled, own, returned = cursor.fetchone()
        queue, board = reverse("review:queue"), reverse("dashboard:board")
        return {
            "items": [
                (signable(self.user), "waiting for your signature", queue, False),
                (own, "of your texts in review", f"{queue}#own", False),
                (returned, "of your texts returned", f"{queue}#own", True),
                (overdue, "reviews overdue", f"{board}?stage={PageStatus.OVERDUE}", True),
                (scheduled, "signed and scheduled", f"{board}?stage={PageStatus.SCHEDULED}", False),
            ]
        }


@hooks.register("construct_homepage_panels")
def dashboard(request: HttpRequest, panels: list[Any]) -> None:
    """Ours in the place of those that mislead."""
    panels[:] = [panel for panel in panels if not isinstance(panel, MISLEADING)]
    if may_see_review_screens(request.user):
        panels.append(ReviewPanel(request.user))


@hooks.register("register_page_listing_more_buttons")
def record_button(page: Page, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """From a list of pages to a page's record, which leads on to its review."""
    if isinstance(page.specific_deferred, ReviewedPage):
        yield Button(
            "Editions and history",
            reverse("review:record", args=[page.translation_key]),
            icon_name="clipboard-list",
            attrs={"aria-label": f"Editions and history of '{page.get_admin_display_title()}'"},
            priority=45,
        )
