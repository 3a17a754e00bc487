"""Proposed changes of the review's workflow, and the decision on them."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied

from monographs.core.users import authenticated_user
from monographs.pages.refusals import PolicyError
from monographs.review.models import WorkflowChange, WorkflowChangeStatus
from monographs.review.policy import is_editor_or_superuser
from monographs.review.screens.base import ReviewScreen
from monographs.review.workflow_changes.arrangement import Arrangement, differences
from monographs.review.workflow_changes.decision import (
    ConfirmWorkflowChange,
    DeclineWorkflowChange,
    user_can_decide,
)

#: How many decided changes the list shows.
_MOST_DECIDED = 50


class WorkflowChangesView(ReviewScreen):
    """The list of proposed changes, and the latest decided ones."""

    template_name = "review/workflow_changes.html"
    page_title = "Workflow changes"
    header_icon = "tasks"
    breadcrumb_root = ("review:workflow_changes", "Workflow changes")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_editor_or_superuser(request.user):
            refused: HttpResponseBase = permission_denied(request)
            return refused
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list."""
        user = authenticated_user(request)
        proposed = WorkflowChange.objects.filter(status=WorkflowChangeStatus.PROPOSED)
        decided = WorkflowChange.objects.exclude(status=WorkflowChangeStatus.PROPOSED)[:_MOST_DECIDED]
        return self.render_to_response(
            self.get_context_data(
                proposed=[_row(change, user) for change in proposed],
                decided=[_row(change, user) for change in decided],
            )
        )


class WorkflowChangeDecisionView(WorkflowChangesView):
    """Confirm or decline one change."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Decide, and show the list again."""
        change = get_object_or_404(WorkflowChange, pk=pk)
        confirm = request.POST.get("decision") == "confirm"
        decision = ConfirmWorkflowChange if confirm else DeclineWorkflowChange
        try:
            decision(authenticated_user(request), change).execute()
        except PolicyError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(
                request, "Confirmed and changed." if confirm else "Declined. Nothing was changed."
            )
        return redirect("review:workflow_changes")


def _row(change: WorkflowChange, user: Any) -> dict[str, Any]:
    before, after = (Arrangement.from_record(data) for data in (change.before, change.after))
    return {
        "change": change,
        "differences": differences(before, after),
        "confirmation": user_can_decide(user, change, confirm=True),
    }
