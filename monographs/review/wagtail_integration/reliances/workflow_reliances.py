"""What relies on an inside of Wagtail: workflows."""

from monographs.review.wagtail_integration.reliances.reliance import HERE, Reliance

WORKFLOWS = (
    Reliance(
        "wagtail.models.AbstractGroupApprovalTask",
        "Overridden: starting a step, acting on it, its menu, its lock.",
        "monographs.review.models.task",
        "test_workflows::test_overridden_task_methods_have_wagtails_parameters",
    ),
    Reliance(
        "wagtail.models.Task.on_action",
        "Overridden to refuse: the editor's approval calls it.",
        "monographs.review.models.task",
        "test_workflows::test_the_editors_approval_calls_on_action",
    ),
    Reliance(
        "wagtail.models.TaskState.approve",
        "What it stores, logs and sends is repeated after the step's last signature.",
        "monographs.review.publication.step_approval",
        "test_workflows::test_signing_ends_a_step_as_wagtails_approval_does",
    ),
    Reliance(
        "wagtail.models.TaskState.reject",
        "Called by ``Return``, in its transaction.",
        "monographs.review.actions.recall",
        "test_workflows::test_ending_a_step_takes_user_and_comment_and_is_atomic",
    ),
    Reliance(
        "wagtail.models.WorkflowState.finish",
        "Calls ``WAGTAIL_FINISH_WORKFLOW_ACTION`` inside a transaction, which its error rolls back.",
        f"{HERE}.workflow_finish",
        "test_workflows::test_an_error_at_the_finish_rolls_the_approval_back",
    ),
    Reliance(
        "wagtail.signals.workflow_cancelled",
        "Sent by every cancellation, so that the submission is recalled with it.",
        f"{HERE}.workflow_signals",
        "test_workflows::test_a_cancelled_workflow_recalls_its_submission",
    ),
    Reliance(
        "wagtail.locks.WorkflowLock",
        "Overridden: a page in review is locked for everybody.",
        "monographs.review.models.task",
        "test_workflows::test_a_page_in_review_is_locked_by_our_lock",
    ),
    Reliance(
        "wagtail.admin.signal_handlers.register_signal_handlers",
        "Its notifiers are replaced under the names by which it connects them.",
        f"{HERE}.workflow_emails",
        "test_workflows::test_our_notifiers_replace_wagtails",
    ),
    Reliance(
        "wagtail.admin.views.workflows",
        "Every screen that changes workflows and steps is below its list, so a middleware can undo what a "
        "second person must confirm.",
        f"{HERE}.workflow_guard",
        "test_workflows::test_wagtail_changes_workflows_nowhere_but_below_their_list",
    ),
)
