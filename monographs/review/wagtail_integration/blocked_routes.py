"""Wagtail's own ways to publish, unpublish or move a page, blocked with a message for the user.

Patients do not read Wagtail's pages, so none of these routes leads to patients anyway. They are blocked so
that the admin never shows something as public, or withdrawn, that is not.
"""

from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.models import Page, Revision

from monographs.accounts.actors import current_actor
from monographs.core.users import authenticated_user
from monographs.editions.queries import current_edition
from monographs.models import ReviewedPage
from monographs.pages.base import before_publish
from monographs.pages.permissions import reason_to_keep
from monographs.pages.refusals import PolicyError, Rule, capture_refusal
from monographs.review.actions import Recall
from monographs.review.models import submission_of
from monographs.review.publication.integrity import StoredDraft
from monographs.review.refusals import record_refusal

NOBODY_PUBLISHES = (
    "Nobody publishes by hand: a text becomes public when reviewers have signed it. Use “Submit for review”."
)
NOT_FROM_HERE = "Pages are changed in the editor and published by review; this address changes nothing."
SIGNED_ON_ITS_PAGE = "A text is signed or returned on its review page, and nowhere else."
SAVED_AS_DRAFT = "Your changes were saved as a draft."
IN_REVIEW = "This page is in review, so nothing was changed. Recall it, or ask the reviewer to return it."
NOT_IN_REVIEW = "This page is no longer in review, so there was nothing to cancel. Nothing was changed."
CANCEL = "action-cancel-workflow"
#: Buttons of Wagtail's forms that bypass review, and the message for each.
BLOCKED_BUTTONS = {
    "action-publish": NOBODY_PUBLISHES,
    "action-submit": NOBODY_PUBLISHES,
    "action-restart-workflow": NOBODY_PUBLISHES,
    "action-unpublish": "Nobody unpublishes by hand: what patients read is withdrawn on its history.",
    "action-workflow-action": SIGNED_ON_ITS_PAGE,
}
#: Bulk actions that would be refused for every page.
BLOCKED_BULK_ACTIONS = ("publish", "unpublish", "move")


def remove_publishing_buttons(request: HttpRequest) -> None:
    """Remove blocked buttons from a posted form and tell the user; the changes are still saved as a draft."""
    blocked = [name for name in BLOCKED_BUTTONS if name in request.POST]
    if not blocked:
        return
    form = request.POST.copy()
    for name in blocked:
        del form[name]
    request.POST = form  # type: ignore[assignment]  # a copy is a QueryDict like the original
    for message in dict.fromkeys(BLOCKED_BUTTONS[name] for name in blocked):
        refuse_with_message(request, f"{message} {SAVED_AS_DRAFT}")


def respond_for_frozen_page(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Return the response to a form posted for a page in review; Wagtail's cancellation is our recall."""
    if request.method != "POST" or not isinstance(page, ReviewedPage):
        return None
    if CANCEL in request.POST:
        return _recall(request, page)
    if page.is_frozen:
        capture_refusal(IN_REVIEW)
    return None


def _recall(request: HttpRequest, page: ReviewedPage) -> HttpResponse:
    user = authenticated_user(request)
    state = page.current_workflow_state
    submission = submission_of(state)
    try:
        if submission is not None and submission.is_open:
            Recall(user, submission).execute()
        elif state is not None and state.is_active and state.user_can_cancel(user):
            state.cancel(user=user)
        else:
            raise PolicyError(Rule.NOT_IN_REVIEW, NOT_IN_REVIEW)
        messages.success(request, f"Recalled: {page.get_admin_display_title()} can be changed again.")
    except PolicyError as refusal:
        messages.error(request, refusal.message)
    return redirect("wagtailadmin_pages:edit", page.pk)


def refuse_with_message(request: HttpRequest, message: str) -> None:
    """Show ``message`` to the user, and capture it for the log and the ledger."""
    capture_refusal(message)
    messages.error(request, message)


def unregister_bulk_actions() -> None:
    """Remove the blocked bulk actions; Wagtail offers every registered one to every user."""
    bulk_action_registry.get_bulk_actions_for_model("wagtailcore", "page")  # fills it
    for name in BLOCKED_BULK_ACTIONS:
        bulk_action_registry.actions["wagtailcore"]["page"].pop(name, None)


def refuse_bulk_action(request: HttpRequest, action: str) -> NoReturn:
    """Refuse a request to the address of a removed bulk action."""
    message = NOBODY_PUBLISHES if action != "move" else "Pages are not moved: their lists are fixed."
    raise PolicyError(Rule.NOT_ALLOWED_HERE, message)


def respond_to_bulk_action(request: HttpRequest, action: Any) -> HttpResponse | None:
    """Refuse a bulk action as a whole if one of its pages does not allow it."""
    denied = action.get_actionable_objects()[1].get("items_with_no_access", [])
    if not denied:
        return None
    names = ", ".join(f"“{page.specific_deferred.get_admin_display_title()}”" for page in denied)
    reason = ""
    if action.action_type == "delete":
        paths = Q()
        for page in denied:
            paths |= Q(path__startswith=page.path)
        reason = reason_to_keep(Page.objects.filter(paths))
    refuse_with_message(
        request,
        f"Nothing was done, because it is not allowed for {names}. {reason or 'It is public or in review.'}",
    )
    return redirect(action.next_url)


class ReviewedPagesAPIViewSet(PagesAdminAPIViewSet):
    """The admin's page API, read-only. Nothing on Wagtail's screens uses its actions."""

    actions: dict[str, Any] = {}

    def action_view(self, request: HttpRequest, pk: int, action_name: str) -> NoReturn:
        raise PermissionDenied(NOT_FROM_HERE)


@receiver(before_publish, dispatch_uid="only_signed_text_becomes_wagtails_live_page")
def refuse_unsigned(
    page: ReviewedPage, revision: Revision, draft: StoredDraft | None = None, **kwargs: Any
) -> None:
    """Refuse to publish, even in the admin, a revision that is not the text of the newest edition.

    ``draft`` is what becomes the live page, if it was read from the revision before.
    """
    newest = current_edition(page.translation_key)
    try:
        signed = newest is not None and (draft or revision.as_object()).matches_hash(newest.sha256)
    except ValueError:
        signed = False
    if not signed:
        refusal = PolicyError(Rule.NOT_SIGNED, NOBODY_PUBLISHES)
        record_refusal(refusal, current_actor(), "publish in the admin", page.translation_key)
        raise refusal
