"""What the workflow's task and finish step check, whoever calls them: a view, an API or a script.

Wagtail has many ways to approve a task state; none of them publishes unless the record of signatures
bears it out.
"""

from typing import Any

from wagtail.models import TaskState, WorkflowState

from monographs.editions.signatures import MissingSignatures, check_signed, signatures_for
from monographs.pages.refusals import log_refusal_once
from monographs.review import policy
from monographs.review.contributors import person_of
from monographs.review.models import MedicalReviewTask, Submission, SubmissionStatus
from monographs.review.refusals import ReviewRefused, Rule, log_refusal


def submission_of(workflow_state: WorkflowState | None) -> Submission | None:
    """The submission a workflow state carries, None for one that was started around our own way."""
    return Submission.objects.filter(workflow_state=workflow_state).first() if workflow_state else None


def check_workflow_start(workflow_state: WorkflowState) -> None:
    """Refuse a review that was not opened by a submission of ours."""
    page = workflow_state.content_object
    open_submission = Submission.objects.filter(
        key=page.translation_key, status=SubmissionStatus.IN_REVIEW
    ).first()
    if open_submission is None or open_submission.workflow_state_id not in (None, workflow_state.pk):
        refusal = ReviewRefused(
            Rule.NOT_ALLOWED_HERE,
            "Submit the page with “Submit for review”: reviewers need to know what changed and why.",
        )
        log_refusal_once(refusal, "start of a workflow", person_of(workflow_state.requested_by).username)
        raise refusal


def check_task_action(task: MedicalReviewTask, task_state: TaskState, user: Any, action_name: str) -> str:
    """Refuse, and log, an action on a task state that no signature or return of ours stands behind.

    Returns the comment to keep with it.
    """
    submission = submission_of(task_state.workflow_state)
    try:
        if submission is None or task_state.task_id != task.pk:
            raise ReviewRefused(Rule.NOT_IN_REVIEW, "This review was not opened by a submission.")
        match action_name:
            case "approve":
                _check_step_signed(submission, task, user)
            case "reject" if submission.status == SubmissionStatus.RETURNED:
                pass
            case _:
                raise ReviewRefused(
                    Rule.NOT_ALLOWED_HERE,
                    "Sign or return the text on its review page: both need to be stated there.",
                )
    except ReviewRefused as refusal:
        subject = submission.key if submission else ""
        log_refusal(refusal, person_of(user), f"workflow {action_name}", subject)
        raise
    return submission.outcome


def _check_step_signed(submission: Submission, task: MedicalReviewTask, user: Any) -> None:
    policy.may_review(user, submission).enforce()
    try:
        check_step(submission, task)
    except MissingSignatures as error:
        raise ReviewRefused(Rule.NOT_SIGNED, f"{error} Sign on the review page.") from error


def check_step(submission: Submission, task: MedicalReviewTask) -> None:
    """Raise ``MissingSignatures`` unless ``task``, as it is now, has the signatures it asks for."""
    step = task.as_step()
    signatures = signatures_for(submission.uuid, submission.sha256)
    check_signed(
        [s for s in signatures if s.step == step.step], [step], policy.excluded_users(submission.key)
    )
