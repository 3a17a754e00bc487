"""Where review meets Wagtail's admin: addresses, menu, editor buttons."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.models import Page

from monographs.models import ReviewedPage
from monographs.pages.refusals import PolicyError
from monographs.review.contribution_tracking import copy_contributors
from monographs.review.dashboard import hooks as dashboard_hooks
from monographs.review.models import Submission, SubmissionStatus
from monographs.review.notifications import preferences  # noqa: F401  # registers a panel
from monographs.review.wagtail_integration import blocked_routes

__all__ = ["dashboard_hooks"]

SUBMIT = "action-submit-review"
#: Wagtail's own buttons that lead around review; the permission tester refuses them as well.
STOCK_BUTTONS = {*blocked_routes.BLOCKED_BUTTONS, blocked_routes.CANCEL}


@hooks.register("register_admin_urls")
def review_urls() -> list[URLPattern | URLResolver]:
    """Everything below /admin/review/."""
    return [path("review/", include("monographs.review.urls"))]


@hooks.register("register_admin_urls")
def no_bulk_publishing() -> list[URLPattern]:
    """Called when the desk's addresses are made, and so after every app has registered its actions."""
    blocked_routes.unregister_bulk_actions()
    return []


@hooks.register("construct_admin_api")
def api_for_reading(router: Any) -> None:
    """In the place of the API with which pages can be published, moved and deleted."""
    router.register_endpoint("pages", blocked_routes.ReviewedPagesAPIViewSet)


@hooks.register("before_create_page")
def nothing_created_in_public(request: HttpRequest, parent: Page, page_class: type[Page]) -> None:
    """A new page is a draft, whichever button made it."""
    blocked_routes.remove_publishing_buttons(request)


@hooks.register("before_edit_page")
def nothing_published_by_hand(request: HttpRequest, page: Page) -> HttpResponse | None:
    """An edited page is a draft, whichever button was pressed; a page in review stays as it is."""
    blocked_routes.remove_publishing_buttons(request)
    return blocked_routes.respond_for_frozen_page(request, page)


@hooks.register("construct_explorer_page_queryset")
def no_order_of_its_own(parent: Page, pages: Any, request: HttpRequest) -> Any:
    """Wagtail shows handles to drag rows by, also to those who may not reorder them."""
    if request.GET.get("ordering") == "ord":
        raise PolicyError("Pages have no order of their own here: patients read them by name.")
    return pages


@hooks.register("before_bulk_action")
def all_or_nothing(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> Any:
    """Wagtail would report that none were deleted as a success."""
    return blocked_routes.respond_to_bulk_action(request, action) if action.model is Page else None


@hooks.register("register_help_menu_item")
def help_for_writers() -> MenuItem:
    """What writers ask."""
    return MenuItem("For writers", reverse("review:help", args=["writers"]), icon_name="help", order=100)


@hooks.register("register_help_menu_item")
def help_for_reviewers() -> MenuItem:
    """What reviewers ask."""
    return MenuItem("For reviewers", reverse("review:help", args=["reviewers"]), icon_name="help", order=200)


@hooks.register("insert_global_admin_css")
def admin_css() -> str:
    """Styles of the screens this project adds."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/review.css"))


@hooks.register("construct_main_menu")
def hide_documents(request: HttpRequest, items: list[MenuItem]) -> None:
    """No text of ours can point to an uploaded document, so nobody is led to upload one."""
    items[:] = [item for item in items if item.name != "documents"]


class SubmitForReviewMenuItem(ActionMenuItem):
    """Save, then ask what reviewers need to know."""

    label = "Submit for review"
    name = SUBMIT
    icon_name = "resubmit"


class OpenReviewMenuItem(ActionMenuItem):
    """The way from a frozen page to its review."""

    label = "Open its review"
    name = "open-review"
    icon_name = "clipboard-list"

    def is_shown(self, context: dict[str, Any]) -> bool:
        return bool(context.get("page") and _open_submission(context["page"]))

    def get_url(self, parent_context: dict[str, Any]) -> str | None:
        submission = _open_submission(parent_context["page"])
        return reverse("review:review", args=[submission.pk]) if submission else None


def _open_submission(page: Page) -> Submission | None:
    return Submission.objects.filter(page_id=page.pk, status=SubmissionStatus.IN_REVIEW).first()


@hooks.register("construct_page_action_menu")
def action_menu(items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]) -> None:
    """Only ways that lead through review."""
    items[:] = [item for item in items if item.name not in STOCK_BUTTONS]
    opening, submitting = OpenReviewMenuItem(), SubmitForReviewMenuItem()
    if opening.is_shown(context):
        items.insert(0, opening)
    if submitting.is_shown(context):
        items.append(submitting)


@hooks.register("after_copy_page")
def authors_go_along(request: HttpRequest, page: Page, new_page: Page) -> None:
    """A copy has the authors of what was copied, also where its revisions were not."""
    copy_contributors(page.translation_key, new_page.translation_key)


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def ask_reviewers_questions(request: HttpRequest, page: Page) -> HttpResponse | None:
    """After “Submit for review” has saved the draft, go on to the questions."""
    if SUBMIT in request.POST and isinstance(page, ReviewedPage):
        return redirect("review:submit", page.pk)
    return None
