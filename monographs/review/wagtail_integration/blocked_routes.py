"""Wagtail's own ways to a public page, closed, with words for whoever tries them.

No patient reads Wagtail's pages, so none of these ways leads to patients anyway. They are closed so that the
desk never says that something is public, or gone, which is not.
"""

from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page, Revision

from monographs.editions.queries import current_edition
from monographs.models import ReviewedPage
from monographs.pages.base import before_publish
from monographs.pages.refusals import PolicyError, capture_refusal
from monographs.review.actions import Recall
from monographs.review.contributors import person_of
from monographs.review.refusals import ReviewRefused, Rule, log_refusal
from monographs.review.wagtail_integration.workflow_guard import submission_of

NOBODY_PUBLISHES = (
    "Nobody publishes by hand: a text becomes public when reviewers have signed it. Use “Submit for review”."
)
NOT_FROM_HERE = "Pages are changed in the editor and published by review; this address changes nothing."
SIGNED_ON_ITS_PAGE = "A text is signed or returned on its review page, and nowhere else."
SAVED_AS_DRAFT = "Your changes were saved as a draft."
IN_REVIEW = "This page is in review, so nothing was changed. Recall it, or ask the reviewer to return it."
NOT_IN_REVIEW = "This page is no longer in review, so there was nothing to cancel. Nothing was changed."
CANCEL = "action-cancel-workflow"
#: What Wagtail's forms may send to get around review, and what to say.
BLOCKED_BUTTONS = {
    "action-publish": NOBODY_PUBLISHES,
    "action-submit": NOBODY_PUBLISHES,
    "action-restart-workflow": NOBODY_PUBLISHES,
    "action-unpublish": "Nobody unpublishes by hand: what patients read is withdrawn on its record.",
    "action-workflow-action": SIGNED_ON_ITS_PAGE,
}
#: Bulk actions whose every use would be refused page by page.
BLOCKED_BULK_ACTIONS = ("publish", "unpublish", "move")


def remove_publishing_buttons(request: HttpRequest) -> None:
    """Drop closed buttons from a posted form and say so; what was typed is saved as a draft all the same."""
    closed = [name for name in BLOCKED_BUTTONS if name in request.POST]
    if not closed:
        return
    form = request.POST.copy()
    for name in closed:
        del form[name]
    request.POST = form  # type: ignore[assignment]  # a copy is a QueryDict like the original
    for words in dict.fromkeys(BLOCKED_BUTTONS[name] for name in closed):
        refuse_with_message(request, f"{words} {SAVED_AS_DRAFT}")


def respond_for_frozen_page(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The answer to a form posted for a page in review; Wagtail's cancellation is our recall."""
    if request.method != "POST" or not isinstance(page, ReviewedPage):
        return None
    if CANCEL in request.POST:
        return _recall(request, page)
    if page.is_frozen:
        capture_refusal(IN_REVIEW)
    return None


def _recall(request: HttpRequest, page: ReviewedPage) -> HttpResponse:
    state = page.current_workflow_state
    submission = submission_of(state)
    try:
        if submission is not None and submission.is_open:
            Recall(request.user, submission).execute()
        elif state is not None and state.is_active and state.user_can_cancel(request.user):
            state.cancel(user=request.user)
        else:
            raise PolicyError(NOT_IN_REVIEW)
        messages.success(request, f"Recalled: {page.get_admin_display_title()} can be changed again.")
    except PolicyError as refusal:
        messages.error(request, refusal.message)
    return redirect("wagtailadmin_pages:edit", page.pk)


def refuse_with_message(request: HttpRequest, words: str) -> None:
    """Tell the person, and note it for the record."""
    capture_refusal(words)
    messages.error(request, words)


def unregister_bulk_actions() -> None:
    """Neither offered nor answered: Wagtail lists every bulk action whoever asks."""
    bulk_action_registry.get_bulk_actions_for_model("wagtailcore", "page")  # fills it
    for name in BLOCKED_BULK_ACTIONS:
        bulk_action_registry.actions["wagtailcore"]["page"].pop(name, None)


def refuse_bulk_action(request: HttpRequest, action: str) -> NoReturn:
    """The view at the addresses of bulk actions that were taken away."""
    raise PolicyError(NOBODY_PUBLISHES if action != "move" else "Pages are not moved: their lists are fixed.")


def respond_to_bulk_action(request: HttpRequest, action: Any) -> HttpResponse | None:
    """A bulk action that may not touch all of its pages touches none."""
    denied = action.get_actionable_objects()[1].get("items_with_no_access", [])
    if not denied:
        return None
    names = ", ".join(f"“{page.specific_deferred.get_admin_display_title()}”" for page in denied)
    refuse_with_message(
        request, f"Nothing was done, because it is not allowed for {names}: public or in review."
    )
    return redirect(action.next_url)


class ReviewedPagesAPIViewSet(PagesAdminAPIViewSet):
    """The desk's API, for reading only. Nothing on Wagtail's screens uses its actions."""

    actions: dict[str, Any] = {}

    def action_view(self, request: HttpRequest, pk: int, action_name: str) -> NoReturn:
        raise PermissionDenied(NOT_FROM_HERE)


@receiver(before_publish, dispatch_uid="only_signed_text_becomes_wagtails_live_page")
def refuse_unsigned(page: ReviewedPage, revision: Revision, **kwargs: Any) -> None:
    """Refuse to publish, even on the desk, a revision that is not the text of the newest edition."""
    edition = current_edition(page.translation_key)
    try:
        signed = edition is not None and revision.as_object().document_hash() == edition.sha256
    except ValueError:
        signed = False
    if not signed:
        refusal = ReviewRefused(Rule.NOT_SIGNED, NOBODY_PUBLISHES)
        actor = person_of(getattr(get_active_log_context(), "user", None))
        log_refusal(refusal, actor, "publish on the desk", page.translation_key)
        raise refusal
