"""Hooks of the review into Wagtail's admin: addresses, menu items, editor buttons."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.models import Page

from monographs.core.admin_stylesheets import add_admin_stylesheets
from monographs.core.user_menu_item import add_menu_item
from monographs.models import ReviewedPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.absences import absence_hooks
from monographs.review.bundles import bundle_hooks
from monographs.review.calendar_feed import feed_hooks
from monographs.review.contributors.direct import copy_contributors
from monographs.review.dashboard import hooks as dashboard_hooks
from monographs.review.due_reviews import due_hooks
from monographs.review.editor.label_reminder import remind_of_label_changes
from monographs.review.handover import handover_hooks
from monographs.review.label_tasks import label_hooks
from monographs.review.models import Submission, SubmissionStatus
from monographs.review.notice_list import notice_hooks
from monographs.review.notifications import preferences  # noqa: F401  # registers its settings panel
from monographs.review.policy import is_editor_or_superuser
from monographs.review.renamed_pages import renamed_hooks
from monographs.review.set_aside.editor_offer import CorrectMenuItem, remind_of_draft_set_aside
from monographs.review.sources import source_hooks
from monographs.review.standard_texts import text_hooks
from monographs.review.team import team_hooks
from monographs.review.wagtail_integration import blocked_routes, edit_question, image_forms
from monographs.review.wagtail_integration.page_lists import chooser_pages

__all__ = [
    "absence_hooks",
    "bundle_hooks",
    "dashboard_hooks",
    "due_hooks",
    "feed_hooks",
    "handover_hooks",
    "label_hooks",
    "notice_hooks",
    "renamed_hooks",
    "source_hooks",
    "team_hooks",
    "text_hooks",
]

SUBMIT = "action-submit-review"
#: Wagtail's own buttons that bypass review; the permission tester refuses them as well.
STOCK_BUTTONS = {*blocked_routes.BLOCKED_BUTTONS, blocked_routes.CANCEL}

image_forms.clean_pictures()


@hooks.register("register_admin_urls")
def review_urls() -> list[URLPattern | URLResolver]:
    """Return the addresses below /admin/review/."""
    return [path("review/", include("monographs.review.urls"))]


@hooks.register("register_admin_urls")
def remove_bulk_publishing() -> list[URLPattern]:
    """Remove bulk actions: the admin's addresses are made after every app has registered its actions."""
    blocked_routes.unregister_bulk_actions()
    return []


@hooks.register("construct_admin_api")
def read_only_page_api(router: Any) -> None:
    """Replace the API by which pages can be published, moved and deleted."""
    router.register_endpoint("pages", blocked_routes.ReviewedPagesAPIViewSet)


@hooks.register("before_create_page")
def keep_new_pages_drafts(request: HttpRequest, parent: Page, page_class: type[Page]) -> None:
    """Make a new page a draft, whichever button was pressed."""
    blocked_routes.remove_publishing_buttons(request)


@hooks.register("before_edit_page")
def keep_edited_pages_drafts(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Save an edited page as a draft, whichever button was pressed; leave a page in review unchanged.

    A reviewer is asked first whether they want to edit the page or sign it. Label changes that wait are said.
    """
    if isinstance(page, ReviewedPage) and (question := edit_question.ask_before_editing(request, page)):
        return question
    blocked_routes.remove_publishing_buttons(request)
    if isinstance(page, ReviewedPage):
        remind_of_label_changes(request, page)
        remind_of_draft_set_aside(request, page)
    return blocked_routes.respond_for_frozen_page(request, page)


@hooks.register("construct_explorer_page_queryset")
def refuse_reordering(parent: Page, pages: Any, request: HttpRequest) -> Any:
    """Refuse the view in which rows are dragged; Wagtail offers it also to users who may not reorder."""
    if request.GET.get("ordering") == "ord":
        raise PolicyError(
            Rule.NOT_ALLOWED_HERE, "Pages have no order of their own here: patients read them by name."
        )
    return pages


hooks.register("construct_page_chooser_queryset", chooser_pages)


@hooks.register("before_bulk_action")
def refuse_partial_bulk_action(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> Any:
    """Refuse a bulk action that is not allowed for all pages; Wagtail would report it as a success."""
    return blocked_routes.respond_to_bulk_action(request, action) if action.model is Page else None


@hooks.register("register_help_menu_item")
def help_for_writers() -> MenuItem:
    """Add the help page for writers."""
    return MenuItem("For writers", reverse("review:help", args=["writers"]), icon_name="help", order=100)


@hooks.register("register_help_menu_item")
def help_for_reviewers() -> MenuItem:
    """Add the help page for reviewers."""
    return MenuItem("For reviewers", reverse("review:help", args=["reviewers"]), icon_name="help", order=200)


@hooks.register("register_help_menu_item")
def version_item() -> MenuItem:
    """Add the version, and what changed in it, to the help menu."""
    address = reverse("review:help", args=["changes"])
    return MenuItem(f"Version {settings.VERSION}", address, name="version", icon_name="history", order=400)


add_menu_item(
    "register_settings_menu_item",
    "Workflow changes",
    "review:workflow_changes",
    icon_name="tasks",
    order=102,
    shown_to=is_editor_or_superuser,
)


add_menu_item(
    "register_settings_menu_item",
    "Dictionary",
    "review:dictionary",
    icon_name="openquote",
    order=103,
    shown_to=is_editor_or_superuser,
)


add_menu_item(
    "register_settings_menu_item",
    "Suggestions",
    "review:suggestion_exemption",
    icon_name="edit",
    order=104,
    shown_to=is_editor_or_superuser,
)


add_menu_item(
    "register_reports_menu_item",
    "Signers",
    "review:signers",
    icon_name="user",
    order=650,
    shown_to=is_editor_or_superuser,
)

add_admin_stylesheets("targets", "review", "review-screen", "suggestions", "listing")


@hooks.register("insert_global_admin_js")
def listing_script() -> str:
    """The script that names the column in each cell of a list."""
    return format_html('<script src="{}" defer></script>', static("js/listing.js"))


@hooks.register("construct_main_menu")
def hide_documents(request: HttpRequest, items: list[MenuItem]) -> None:
    """Hide Wagtail's documents: no text can link to one, so there is no reason to upload any."""
    items[:] = [item for item in items if item.name != "documents"]


class SubmitForReviewMenuItem(ActionMenuItem):
    """Saves the draft, then asks for the kind of review and the reason."""

    label = "Submit for review"
    name = SUBMIT
    icon_name = "resubmit"


class OpenReviewMenuItem(ActionMenuItem):
    """Links from a page in review to its review."""

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
    """Offer only actions that lead through review."""
    items[:] = [item for item in items if item.name not in STOCK_BUTTONS]
    open_review, submit, correct = OpenReviewMenuItem(), SubmitForReviewMenuItem(), CorrectMenuItem()
    if open_review.is_shown(context):
        items.insert(0, open_review)
    if submit.is_shown(context):
        items.append(submit)
    if correct.is_shown(context):
        items.append(correct)


@hooks.register("after_copy_page")
def copy_page_contributors(request: HttpRequest, page: Page, new_page: Page) -> None:
    """Record the original's contributors for the copy, also where its revisions were not copied."""
    copy_contributors(page.translation_key, new_page.translation_key)


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def continue_to_submission(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Go on to the submission form after “Submit for review” has saved the draft."""
    if SUBMIT in request.POST and isinstance(page, ReviewedPage):
        return redirect("review:submit", page.pk)
    return None
