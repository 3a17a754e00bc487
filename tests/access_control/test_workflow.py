"""Bypass routes of the workflow: actions on states, and changes of the workflow during a review."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from wagtail.models import GroupApprovalTask, TaskState, Workflow, WorkflowPage, WorkflowTask

from monographs.accounts.deactivation import ContributorNotDeletable
from monographs.editions.models import Edition, Signature
from monographs.pages.refusals import PolicyError
from monographs.review.models import MedicalReviewTask, ReviewerProfile, Submission, WorkflowChange
from monographs.review.workflow_changes.decision import ConfirmWorkflowChange
from tests.access_control.attempt import REFUSED, Attempt, bypass_attempt
from tests.access_control.populated_site import ROLES, SHELL, user_of, username_of
from tests.factories import PASSWORD, make_user, sign, submit

SORRY = "Sorry, you do not have permission"
ACT = "wagtailadmin_pages:workflow_action"


def state_in_review(attempt: Attempt) -> TaskState:
    return attempt.site.submission().workflow_state.current_task_state


def foreign_state(attempt: Attempt) -> TaskState:
    """Add a state of a stock task, which every group may approve, to the review in progress."""
    task = GroupApprovalTask.objects.create(name="Anybody")
    task.groups.set(Group.objects.all())
    submission = attempt.site.submission()
    return TaskState.objects.create(
        workflow_state=submission.workflow_state,
        task=task,
        revision=attempt.site.page(attempt.site.gamma).latest_revision,
        content_type=state_in_review(attempt).content_type,
        status=TaskState.STATUS_IN_PROGRESS,
    )


def confirm_change() -> None:
    """Confirm the change that was proposed, as an editor."""
    ConfirmWorkflowChange(user_of("editor"), WorkflowChange.objects.get()).execute()


@pytest.mark.parametrize("action", ["approve", "reject"])
@bypass_attempt("workflow action: on the page's own state", *ROLES)
def test_own_state(attempt: Attempt, action: str) -> None:
    state = state_in_review(attempt)
    form = {"comment": "fine", "signatures": "2", "force": "true"}
    attempt.refused(attempt.post(ACT, attempt.site.gamma, action, state.pk, data=form), SORRY)
    assert attempt.site.submission().is_open


@bypass_attempt("workflow action: with another page's state", "writer", "reviewer", "superuser")
def test_another_pages_state(attempt: Attempt) -> None:
    other = submit(attempt.site.page(attempt.site.draft), user_of("writer"))
    state = other.workflow_state.current_task_state
    attempt.refused(attempt.post(ACT, attempt.site.gamma, "approve", state.pk), SORRY)
    other.refresh_from_db()
    assert other.is_open


@bypass_attempt(
    "workflow action: with a state of a stock task", "writer", "reviewer", "superuser who reviews"
)
def test_state_of_a_stock_task(attempt: Attempt) -> None:
    """A stock task lets its group approve; the end of the workflow still requires signatures."""
    state = foreign_state(attempt)
    response = attempt.post(ACT, attempt.site.gamma, "approve", state.pk, data={"comment": "x"})
    attempt.harmless()
    assert not Signature.objects.filter(submission=attempt.site.submission().uuid).exists()
    assert response.status_code == 302


@bypass_attempt("workflow action: only the stock task is left", "reviewer", "superuser who reviews")
def test_a_stock_task_at_the_end(attempt: Attempt) -> None:
    state = foreign_state(attempt)
    submission = attempt.site.submission()
    submission.workflow_state.current_task_state = state
    submission.workflow_state.save()
    submission.workflow_state.workflow.workflow_tasks.all().delete()
    response = attempt.post(ACT, attempt.site.gamma, "approve", state.pk, data={"comment": "x"})
    attempt.refused(response, "Nothing was published")
    assert Edition.objects.filter(key=submission.key).count() == 1


@bypass_attempt("workflow action: after the review was recalled", "reviewer")
def test_after_recall(attempt: Attempt) -> None:
    state = state_in_review(attempt)
    attempt.site.submission().workflow_state.cancel()
    attempt.refused(attempt.post(ACT, attempt.site.gamma, "approve", state.pk), "not currently awaiting")


@bypass_attempt("workflow action: an action nobody defined", "reviewer", "superuser")
def test_unknown_action(attempt: Attempt) -> None:
    state = state_in_review(attempt)
    attempt.refused(attempt.post(ACT, attempt.site.gamma, "publish-now", state.pk), SORRY)


@bypass_attempt("workflow action: collecting its data", "reviewer", "superuser")
def test_collecting_data(attempt: Attempt) -> None:
    address = "wagtailadmin_pages:collect_workflow_action_data"
    state = state_in_review(attempt)
    form = {"comment": "x"}
    attempt.refused(attempt.post(address, attempt.site.gamma, "approve", state.pk, data=form), SORRY)


@bypass_attempt("workflow action: confirming a cancellation", "reviewer", "superuser")
def test_confirming_a_cancellation(attempt: Attempt) -> None:
    """The screen only asks for confirmation."""
    attempt.post("wagtailadmin_pages:confirm_workflow_cancellation", attempt.site.gamma)
    assert attempt.site.submission().is_open
    attempt.harmless()


@bypass_attempt("workflow preview: the revision in review", "writer", "superuser")
def test_preview_for_a_task(attempt: Attempt) -> None:
    task = state_in_review(attempt).task_id
    attempt.refused(attempt.get("wagtailadmin_pages:workflow_preview", attempt.site.gamma, task), SORRY)


@bypass_attempt("task: disabled during review", "superuser", "superuser who reviews")
def test_disabling_the_task(attempt: Attempt) -> None:
    task = state_in_review(attempt).task_id
    response = attempt.post("wagtailadmin_workflows:disable_task", task)
    attempt.refused(response, "Nothing was published")
    assert MedicalReviewTask.objects.get(pk=task).active


@bypass_attempt("task: disabled by those who may not", "writer", "reviewer", "editor")
def test_disabling_the_task_without_right(attempt: Attempt) -> None:
    task = state_in_review(attempt).task_id
    attempt.refused(attempt.post("wagtailadmin_workflows:disable_task", task), SORRY)


@bypass_attempt("workflow: disabled during review", "superuser")
def test_disabling_the_workflow(attempt: Attempt) -> None:
    """Only when a second person confirms it; then its reviews are recalled."""
    workflow = attempt.site.submission().workflow_state.workflow_id
    attempt.post("wagtailadmin_workflows:disable", workflow)
    assert attempt.site.submission().is_open
    confirm_change()
    assert attempt.site.submission().status == "recalled"
    attempt.harmless()


@bypass_attempt("workflow: emptied between two signatures", "superuser")
def test_an_empty_workflow(attempt: Attempt) -> None:
    """The steps at the time of submission still apply."""
    submission = two_signatures(attempt)
    WorkflowTask.objects.all().delete()
    sign(submission, user_of("reviewer"))
    with pytest.raises(PolicyError, match="1 of 2 signatures"):
        submission.workflow_state.finish(user=attempt.user)
    attempt.harmless()


@bypass_attempt("workflow: taken from the page", "superuser")
def test_workflow_removed(attempt: Attempt) -> None:
    home = WorkflowPage.objects.get().page_id
    attempt.post("wagtailadmin_workflows:remove", home)
    assert WorkflowPage.objects.filter(page=home).exists()
    confirm_change()
    form = {"review_kind": "full_review", "reason": "x"}
    response = attempt.post("review:submit", attempt.site.draft, data=form)
    attempt.refused(response, "No medical review is set up")


@bypass_attempt("workflow: another one, with a stock task, for the page", "writer", "superuser")
def test_a_workflow_with_a_stock_task(attempt: Attempt) -> None:
    task = GroupApprovalTask.objects.create(name="Anybody")
    task.groups.set(Group.objects.all())
    workflow = Workflow.objects.create(name="Quick")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowPage.objects.update(workflow=workflow)
    form = {"review_kind": "full_review", "reason": "x"}
    response = attempt.post("review:submit", attempt.site.draft, data=form)
    attempt.refused(response, "No medical review is set up")


@bypass_attempt("workflow: a stock one started by code", SHELL)
def test_starting_a_workflow_by_code(attempt: Attempt) -> None:
    page = attempt.site.page(attempt.site.draft)
    with pytest.raises(PolicyError, match="Submit for review"):
        page.get_workflow().start(page, user_of("superuser"))
    attempt.harmless()


@bypass_attempt("task: its group emptied, or another group added", "superuser")
def test_another_group_at_the_step(attempt: Attempt) -> None:
    """Contributors stay excluded, whatever groups may review."""
    MedicalReviewTask.objects.get().groups.add(Group.objects.get(name="Medical writers"))
    ReviewerProfile.objects.create(user=user_of("writer"), credentials="MD")
    submission = attempt.site.submission()
    with pytest.raises(PolicyError, match="You changed this text"):
        sign(submission, user_of("writer"))
    attempt.harmless()


@bypass_attempt("group: a writer becomes a reviewer after writing", "writer")
def test_a_writer_added_to_the_reviewers(attempt: Attempt) -> None:
    attempt.user.groups.add(Group.objects.get(name="Medical reviewers"))
    ReviewerProfile.objects.create(user=attempt.user, credentials="MD")
    submission = attempt.site.submission()
    form = {"sha256": submission.sha256, "password": PASSWORD}
    attempt.refused(attempt.post("review:sign", submission.pk, data=form), "You changed this text")


@bypass_attempt("group: a reviewer removed during review", "reviewer")
def test_a_reviewer_removed(attempt: Attempt) -> None:
    attempt.user.groups.clear()
    attempt.user.groups.add(Group.objects.get(name="Editors"))
    submission = attempt.site.submission()
    form = {"sha256": submission.sha256, "password": PASSWORD}
    attempt.refused(attempt.post("review:sign", submission.pk, data=form), "Only members of")


@bypass_attempt("group: removed after a first of two signatures", "other reviewer")
def test_a_signature_given_before_removal(attempt: Attempt) -> None:
    """The signature was valid and stands, but the text still needs the second."""
    submission = two_signatures(attempt)
    sign(submission, attempt.user)
    attempt.user.groups.clear()
    submission.refresh_from_db()
    assert submission.is_open
    assert Signature.objects.filter(submission=submission.uuid).count() == 1
    attempt.harmless()


def two_signatures(attempt: Attempt) -> Submission:
    MedicalReviewTask.objects.update(signatures=2)
    return submit(attempt.site.page(attempt.site.draft), user_of("writer"))


@bypass_attempt("account: a contributor deleted", SHELL)
def test_deleting_a_contributor(attempt: Attempt) -> None:
    with pytest.raises(ContributorNotDeletable, match="Not deleted"), transaction.atomic():
        user_of("writer").delete()
    attempt.outcome = REFUSED


@bypass_attempt("account: a contributor renamed by SQL, and created again", SHELL)
def test_an_account_made_anew(attempt: Attempt) -> None:
    get_user_model().objects.filter(username=username_of("writer")).update(username="somebody-else")
    again = make_user(username_of("writer"), "Medical reviewers", credentials="MD")
    attempt.refused_in_code(
        PolicyError, "You changed this text", lambda: sign(attempt.site.submission(), again)
    )
    renamed = get_user_model().objects.get(username="somebody-else")
    renamed.groups.set(again.groups.all())
    ReviewerProfile.objects.create(user=renamed, credentials="MD")
    attempt.refused_in_code(
        PolicyError, "You changed this text", lambda: sign(attempt.site.submission(), renamed)
    )
