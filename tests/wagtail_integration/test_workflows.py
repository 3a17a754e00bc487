"""What we rely on in Wagtail's workflows."""

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import wagtail.admin
from django.db import connection, transaction
from django.urls import reverse
from wagtail.admin.urls import workflows as workflow_urls
from wagtail.admin.views.pages import edit as edit_views
from wagtail.admin.views.pages import workflow as workflow_views
from wagtail.locks import WorkflowLock
from wagtail.models import (
    AbstractGroupApprovalTask,
    PageLogEntry,
    ReferenceIndex,
    Task,
    TaskState,
    WorkflowState,
)
from wagtail.signals import (
    page_published,
    published,
    task_approved,
    task_submitted,
    workflow_approved,
    workflow_rejected,
    workflow_submitted,
)

from monographs.models import MonographPage
from monographs.review.actions import step_signature
from monographs.review.models import FrozenLock, MedicalReviewTask, SubmissionStatus
from monographs.review.publication import page_sync, publish
from monographs.review.wagtail_integration import workflow_emails
from tests.factories import make_monograph, read_all, sign, submit

OVERRIDDEN = (
    "start",
    "on_action",
    "get_actions",
    "locked_for_user",
    "user_can_access_editor",
    "user_can_lock",
    "get_task_states_user_can_moderate",
)


def parameters(function: Any) -> list[str]:
    return list(inspect.signature(function).parameters)


def test_overridden_task_methods_have_wagtails_parameters() -> None:
    for name in OVERRIDDEN:
        stock = getattr(AbstractGroupApprovalTask, name)
        assert parameters(getattr(MedicalReviewTask, name)) == parameters(stock), name
    assert hasattr(Task, "lock_class")
    assert callable(AbstractGroupApprovalTask._user_in_groups)


def test_the_editors_approval_calls_on_action() -> None:
    for module in (edit_views, workflow_views):
        source = inspect.getsource(module)
        if "task_state" in source:
            assert "on_action(" in source or "approve(" not in source, module.__name__
    assert "on_action(" in inspect.getsource(edit_views) + inspect.getsource(workflow_views)


@pytest.mark.parametrize("name", ["approve", "reject"])
def test_ending_a_step_takes_user_and_comment_and_is_atomic(name: str) -> None:
    method = getattr(TaskState, name)
    assert {"user", "comment"} <= set(parameters(method))
    assert hasattr(method, "__wrapped__"), "it was decorated with transaction.atomic"


def test_an_error_at_the_finish_rolls_the_approval_back(
    writer: Any, reviewer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[Any] = []

    def fail(workflow_state: WorkflowState, user: Any = None) -> None:
        calls.append((workflow_state.pk, user, connection.in_atomic_block))
        raise ValueError("not published")

    state = submit(make_monograph(by=writer), writer).workflow_state
    monkeypatch.setattr(publish, "publish_signed", fail)
    with pytest.raises(ValueError, match="not published"):
        state.current_task_state.approve(user=reviewer)
    assert calls == [(state.pk, reviewer, True)]
    assert WorkflowState.objects.get(pk=state.pk).status == WorkflowState.STATUS_IN_PROGRESS
    assert TaskState.objects.get(workflow_state=state).status == TaskState.STATUS_IN_PROGRESS


def test_a_cancelled_workflow_recalls_its_submission(writer: Any) -> None:
    submission = submit(make_monograph(by=writer), writer)
    submission.workflow_state.cancel(user=writer)
    submission.refresh_from_db()
    assert submission.status == SubmissionStatus.RECALLED


def test_a_page_in_review_is_locked_by_our_lock(writer: Any, superuser: Any) -> None:
    page = make_monograph(by=writer)
    submit(page, writer)
    lock = MonographPage.objects.get(pk=page.pk).get_lock()
    assert isinstance(lock, FrozenLock)
    assert lock.for_user(superuser)
    for name in ("for_user", "get_message", "get_locked_by", "get_description"):
        assert parameters(getattr(FrozenLock, name)) == parameters(getattr(WorkflowLock, name)), name


def test_our_notifiers_replace_wagtails() -> None:
    """Wagtail connects one notifier for emails to each of these signals, under a name that we know."""
    for signal in (task_submitted, workflow_submitted, workflow_approved, workflow_rejected):
        named = [entry[0][0] for entry in signal.receivers if "email_notification" in str(entry[0][0])]
        ours = [uid for known, _, uid, _ in workflow_emails._NOTIFIERS if known is signal]
        assert named == ours
        for entry in signal.receivers:
            if entry[0][0] in ours:
                receiver = entry[1]()
                assert type(receiver).__module__ == workflow_emails.__name__


def test_wagtail_changes_workflows_nowhere_but_below_their_list() -> None:
    """The guard compares the workflows before and after a request to these addresses."""
    admin = Path(wagtail.admin.__file__).parent
    changes = re.compile(r"workflowpage\.delete|WorkflowPage\.objects|WorkflowPagesFormSet|\.deactivate\(")
    found = {
        str(path.relative_to(admin))
        for path in [*admin.rglob("*.py"), *admin.parent.joinpath("users").rglob("*.py")]
        if "tests" not in path.parts and changes.search(path.read_text())
    }
    assert found == {"views/workflows.py", "forms/workflows.py"}
    folder = reverse("wagtailadmin_workflows:index").removesuffix("list/")
    for pattern in workflow_urls.urlpatterns:
        arguments = dict.fromkeys(pattern.pattern.converters, 1)
        assert reverse(f"wagtailadmin_workflows:{pattern.name}", kwargs=arguments).startswith(folder)


def stored_by(sign_it: Callable[[], Any], page: MonographPage) -> dict[str, Any]:
    """What Wagtail's tables hold of a page after ``sign_it``, which is undone; without times and new keys."""
    with transaction.atomic():
        sign_it()
        row = MonographPage.objects.filter(pk=page.pk).values().get()
        moments = {"first_published_at", "last_published_at", "latest_revision_created_at"}
        entries = PageLogEntry.objects.filter(page=page.pk, action__in=LOGGED).order_by("pk")
        fields = ("action", "label", "user", "revision", "data", "content_changed", "content_type", "uuid")
        steps = TaskState.objects.filter(workflow_state__object_id=str(page.pk)).order_by("pk")
        found = {
            "row": {name: value is None if name in moments else value for name, value in row.items()},
            "log": list(entries.values_list(*fields)),
            "workflow": list(WorkflowState.objects.order_by("pk").values_list("status")),
            "steps": list(steps.values_list("status", "finished_by", "comment", "task", "revision")),
            "index": list(ReferenceIndex.objects.filter(object_id=str(page.pk)).values_list("to_object_id")),
        }
        transaction.set_rollback(True)
    return found


LOGGED = ("wagtail.workflow.approve", "wagtail.publish", "wagtail.rename")


def test_signing_ends_a_step_as_wagtails_approval_does(
    published_medicine: MonographPage, writer: Any, reviewer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wagtail's rows, log and signals are the same as if its own methods had stored them."""
    draft = published_medicine.get_latest_revision_as_object()
    draft.title, draft.change_note = "renamedumab", "Another name."
    draft.save_revision(user=writer)
    submission = submit(MonographPage.objects.get(pk=draft.pk), writer)
    read_all(submission, reviewer)
    sent: list[str] = []

    def note(sender: Any, signal: Any, **kwargs: Any) -> None:
        sent.append(f"{sender.__name__} {NOTED[signal]}")

    for signal in NOTED:
        signal.connect(note)
    try:
        ours = stored_by(lambda: sign(submission, reviewer), draft)
        signals, sent[:] = list(sent), []
        monkeypatch.setattr(step_signature, "approve_step", wagtails_approval)
        monkeypatch.setattr(page_sync, "_make_live", wagtails_publication)
        assert stored_by(lambda: sign(submission, reviewer), draft) == ours
    finally:
        for signal in NOTED:
            signal.disconnect(note)
    assert signals == sent
    assert [entry[0] for entry in ours["log"]][-3:] == [
        "wagtail.workflow.approve",
        "wagtail.rename",
        "wagtail.publish",
    ]


NOTED = {
    task_approved: "task approved",
    workflow_approved: "workflow approved",
    page_published: "page published",
    published: "published",
}


def wagtails_approval(task_state: TaskState, review: Any, user: Any) -> None:
    task_state.approve(user=user)


def wagtails_publication(draft: Any, user: Any) -> None:
    draft.revision.publish(user=user, skip_permission_checks=True)
