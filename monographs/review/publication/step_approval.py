"""The end of a step of Wagtail's workflow, once a text has the signatures the step needs."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import IntegerField
from wagtail.models import Task, TaskState, WorkflowState
from wagtail.signals import task_approved, workflow_approved

from monographs.core.compiled_query import CompiledQuery, Parameter
from monographs.core.db_clock import database_now
from monographs.review.publication.page_log import log_page_action
from monographs.review.publication.publish import LockedReview

#: The task that ``WorkflowState.get_next_task`` returns.
_NEXT: CompiledQuery[Task] = CompiledQuery(
    lambda: (
        Task.objects.filter(workflow_tasks__workflow=Parameter("workflow", IntegerField()), active=True)
        .exclude(
            task_states__in=TaskState.objects.filter(
                workflow_state=Parameter("state", IntegerField()),
                status__in=[TaskState.STATUS_APPROVED, TaskState.STATUS_SKIPPED],
            )
        )
        .order_by("workflow_tasks__sort_order")[:1]
    )
)


def approve_step(task_state: TaskState, review: LockedReview, user: User) -> None:
    """Approve a step of ``review``; after the last one ``publish_signed`` is called.

    It stores, logs and sends what ``TaskState.approve`` does, in the caller's transaction. But Wagtail's
    reads every row again, and validates the references of rows of which only the status changes.
    """
    state: Any = review.submission.workflow_state  # there is one: the policy refuses to sign otherwise
    task_state.workflow_state = state
    task_state.status = TaskState.STATUS_APPROVED
    task_state.finished_at, task_state.finished_by, task_state.comment = database_now(), user, ""
    task_state.save(update_fields=["status", "finished_at", "finished_by", "comment"])
    state._meta.get_field("content_object").set_cached_value(state, review.submission.page)
    following = _NEXT.first(workflow=state.workflow_id, state=state.pk)
    if review.draft is not None:
        data = _log_data(state, task_state, following)
        log_page_action(review.draft.page, "wagtail.workflow.approve", user, task_state.revision_id, data)
    if following:
        state.update(user=user, next_task=following)
    else:
        _finish(state, review, user)
    task_approved.send(task_state.specific.__class__, instance=task_state.specific, user=user)


def _finish(state: WorkflowState, review: LockedReview, user: User) -> None:
    """Finish the workflow as ``WorkflowState.finish`` does, and publish."""
    state.status = WorkflowState.STATUS_APPROVED
    WorkflowState.objects.filter(pk=state.pk).update(status=state.status)
    state.locked_review = review
    try:
        state.on_finish(user=user)
    finally:
        del state.locked_review
    workflow_approved.send(WorkflowState, instance=state, user=user)


def _log_data(state: WorkflowState, task_state: TaskState, following: Any) -> dict[str, Any]:
    return {
        "workflow": {
            "id": state.workflow.pk,
            "title": state.workflow.name,
            "status": task_state.status,
            "task_state_id": task_state.pk,
            "task": {"id": task_state.task.pk, "title": task_state.task.name},
            "next": {"id": following.pk, "title": following.name} if following else None,
        },
        "comment": task_state.comment,
    }
