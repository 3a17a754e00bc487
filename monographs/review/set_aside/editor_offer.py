"""What the editor says and offers about an unpublished draft, and about one set aside."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem

from monographs.editions.queries import public_edition
from monographs.models import ReviewedPage
from monographs.presentation.moments import long_day_text
from monographs.review.draft_state.draft_difference import draft_differs
from monographs.review.models import SetAsideDraft
from monographs.review.policies.set_aside_policy import open_set_aside

_KNOWN = "draft_set_aside"


def _set_aside_of(request: HttpRequest, page: ReviewedPage) -> SetAsideDraft | None:
    """Return the draft of ``page`` that is set aside. One query for each request."""
    if not hasattr(request, _KNOWN):
        setattr(request, _KNOWN, open_set_aside(page.translation_key) if page.first_published_at else None)
    row: SetAsideDraft | None = getattr(request, _KNOWN)
    return row


def remind_of_draft_set_aside(request: HttpRequest, page: ReviewedPage) -> None:
    """Say above the editor that a draft is set aside, once for each time it opens."""
    if request.method != "GET" or not request.accepts("text/html"):
        return
    row = _set_aside_of(request, page)
    if row is None:
        return
    buttons = [messages.button(reverse("review:set_aside:draft", args=[page.pk]), "See it")]
    if not page.is_frozen:
        merge = reverse("review:set_aside:merge", args=[page.pk])
        buttons.append(messages.button(merge, "Merge the draft set aside"))
    messages.warning(
        request,
        f"A draft of this page was set aside by {row.setter_person.name} on {long_day_text(row.at)}. This "
        "is another draft, which began as the text that patients read.",
        buttons=buttons,
    )


class CorrectMenuItem(ActionMenuItem):
    """Links from a page with an unpublished draft to the screen on which it is set aside."""

    label = "Correct the public text"
    name = "correct-public-text"
    icon_name = "edit"

    def is_shown(self, context: dict[str, Any]) -> bool:
        page = context.get("page")
        if not (isinstance(page, ReviewedPage) and page.live and page.has_unpublished_changes):
            return False
        if _set_aside_of(context["request"], page) is not None:
            return False
        # The editor's page is its draft
        return draft_differs(page, public_edition(page.translation_key)).waits

    def get_url(self, parent_context: dict[str, Any]) -> str:
        return reverse("review:set_aside:correct", args=[parent_context["page"].pk])
