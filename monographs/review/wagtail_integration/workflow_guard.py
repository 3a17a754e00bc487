"""Wagtail's screens for workflows and groups, kept from weakening the review by one person's decision.

A request that would do so is undone as a whole and becomes a proposal for a second person. Comparing the
state before and after the request covers every form, button and modal of these screens alike. Commands and
code are not covered: they are recorded (``accounts/audit_log.py``), or found by ``audit_accounts``.
"""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from monographs.core.users import authenticated_user
from monographs.review.wagtail_integration.refusal_middleware import SAFE_METHODS
from monographs.review.workflow_changes.arrangement import Arrangement, current_arrangement, lock_arrangement
from monographs.review.workflow_changes.decision import ProposeWorkflowChange
from monographs.review.workflow_changes.two_person_rule import reasons_for_two

#: URL names of the first screens below which Wagtail changes workflows, steps and groups.
GUARDED_SCREENS = ("wagtailadmin_workflows:index", "wagtailusers_groups:index")


class WorkflowGuardMiddleware:
    """Turns a request that would weaken the review into a proposal."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in SAFE_METHODS or not _is_guarded(request):
            return self.get_response(request)
        with transaction.atomic():
            lock_arrangement()
            before = current_arrangement()
            response = self.get_response(request)
            after = current_arrangement()
            reasons = reasons_for_two(before, after)
            if reasons:
                transaction.set_rollback(True)
        return _propose(request, before, after, reasons) if reasons else response


def _is_guarded(request: HttpRequest) -> bool:
    if not request.user.is_authenticated:
        return False
    return any(request.path.startswith(_folder(reverse(name))) for name in GUARDED_SCREENS)


def _folder(path: str) -> str:
    """The path of the screens: Wagtail's list of workflows is at “list/” below it."""
    return path.removesuffix("list/")


def _propose(
    request: HttpRequest, before: Arrangement, after: Arrangement, reasons: list[str]
) -> HttpResponse:
    user: User = authenticated_user(request)
    ProposeWorkflowChange(user, before, after).execute()
    list(messages.get_messages(request))  # what Wagtail reports was undone
    messages.warning(
        request,
        f"Nothing has changed yet, because {'; '.join(reasons)}. That is decided by two people: your change "
        "was proposed, and another editor or superuser can confirm it here.",
    )
    return redirect("review:workflow_changes")
