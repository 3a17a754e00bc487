"""Doors of the workflow: acting on states, and changing the workflow under a review."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from wagtail.models import GroupApprovalTask, TaskState, Workflow, WorkflowPage, WorkflowTask

from monographs.accounts.deactivation import ContributorNotDeletable
from monographs.editions.models import Edition, Signature
from monographs.pages.refusals import PolicyError
from monographs.review.models import MedicalReviewTask, ReviewerProfile, Submission
from tests.access_control.attempt import REFUSED, Attempt, attempt_at
from tests.access_control.populated_site import PEOPLE, SHELL, account, person
from tests.factories import PASSWORD, make_user, sign, submit

SORRY = "Sorry, you do not have permission"
ACT = "wagtailadmin_pages:workflow_action"


def state_in_review(attempt: Attempt) -> TaskState:
    return attempt.world.submission().workflow_state.current_task_state


def foreign_state(attempt: Attempt) -> TaskState:
    """A state of a stock task that everybody may approve, hung under the review in progress."""
    task = GroupApprovalTask.objects.create(name="Anybody")
    task.groups.set(Group.objects.all())
    submission = attempt.world.submission()
    return TaskState.objects.create(
        workflow_state=submission.workflow_state,
        task=task,
        revision=attempt.world.page(attempt.world.gamma).latest_revision,
        content_type=state_in_review(attempt).content_type,
        status=TaskState.STATUS_IN_PROGRESS,
    )


@pytest.mark.parametrize("action", ["approve", "reject"])
@attempt_at("workflow action: on the page's own state", *PEOPLE)
def test_own_state(attempt: Attempt, action: str) -> None:
    state = state_in_review(attempt)
    form = {"comment": "fine", "signatures": "2", "force": "true"}
    attempt.refused(attempt.post(ACT, attempt.world.gamma, action, state.pk, data=form), SORRY)
    assert attempt.world.submission().is_open


@attempt_at("workflow action: with another page's state", "writer", "reviewer", "superuser")
def test_another_pages_state(attempt: Attempt) -> None:
    other = submit(attempt.world.page(attempt.world.draft), person("writer"))
    state = other.workflow_state.current_task_state
    attempt.refused(attempt.post(ACT, attempt.world.gamma, "approve", state.pk), SORRY)
    other.refresh_from_db()
    assert other.is_open


@attempt_at("workflow action: with a state of a stock task", "writer", "reviewer", "superuser who reviews")
def test_state_of_a_stock_task(attempt: Attempt) -> None:
    """A stock task lets its group approve; the end of the workflow still finds no signature."""
    state = foreign_state(attempt)
    response = attempt.post(ACT, attempt.world.gamma, "approve", state.pk, data={"comment": "x"})
    attempt.harmless()
    assert not Signature.objects.filter(submission=attempt.world.submission().uuid).exists()
    assert response.status_code == 302


@attempt_at("workflow action: the stock task is all that is left", "reviewer", "superuser who reviews")
def test_a_stock_task_at_the_end(attempt: Attempt) -> None:
    state = foreign_state(attempt)
    submission = attempt.world.submission()
    submission.workflow_state.current_task_state = state
    submission.workflow_state.save()
    submission.workflow_state.workflow.workflow_tasks.all().delete()
    response = attempt.post(ACT, attempt.world.gamma, "approve", state.pk, data={"comment": "x"})
    attempt.refused(response, "Nothing was published")
    assert Edition.objects.filter(key=submission.key).count() == 1


@attempt_at("workflow action: after the review was recalled", "reviewer")
def test_after_recall(attempt: Attempt) -> None:
    state = state_in_review(attempt)
    attempt.world.submission().workflow_state.cancel()
    attempt.refused(attempt.post(ACT, attempt.world.gamma, "approve", state.pk), "not currently awaiting")


@attempt_at("workflow action: an action nobody defined", "reviewer", "superuser")
def test_unknown_action(attempt: Attempt) -> None:
    state = state_in_review(attempt)
    attempt.refused(attempt.post(ACT, attempt.world.gamma, "publish-now", state.pk), SORRY)


@attempt_at("workflow action: collecting its data", "reviewer", "superuser")
def test_collecting_data(attempt: Attempt) -> None:
    address = "wagtailadmin_pages:collect_workflow_action_data"
    state = state_in_review(attempt)
    form = {"comment": "x"}
    attempt.refused(attempt.post(address, attempt.world.gamma, "approve", state.pk, data=form), SORRY)


@attempt_at("workflow action: confirming a cancellation", "reviewer", "superuser")
def test_confirming_a_cancellation(attempt: Attempt) -> None:
    """It only asks; nothing is cancelled by it."""
    attempt.post("wagtailadmin_pages:confirm_workflow_cancellation", attempt.world.gamma)
    assert attempt.world.submission().is_open
    attempt.harmless()


@attempt_at("workflow preview: the revision in review", "writer", "superuser")
def test_preview_for_a_task(attempt: Attempt) -> None:
    task = state_in_review(attempt).task_id
    attempt.refused(attempt.get("wagtailadmin_pages:workflow_preview", attempt.world.gamma, task), SORRY)


@attempt_at("task: disabled in mid-review", "superuser", "superuser who reviews")
def test_disabling_the_task(attempt: Attempt) -> None:
    task = state_in_review(attempt).task_id
    response = attempt.post("wagtailadmin_workflows:disable_task", task)
    attempt.refused(response, "Nothing was published")
    assert MedicalReviewTask.objects.get(pk=task).active


@attempt_at("task: disabled by those who may not", "writer", "reviewer", "editor")
def test_disabling_the_task_without_right(attempt: Attempt) -> None:
    task = state_in_review(attempt).task_id
    attempt.refused(attempt.post("wagtailadmin_workflows:disable_task", task), SORRY)


@attempt_at("workflow: disabled in mid-review", "superuser")
def test_disabling_the_workflow(attempt: Attempt) -> None:
    """Its reviews are recalled, as the screen says beforehand."""
    workflow = attempt.world.submission().workflow_state.workflow_id
    attempt.post("wagtailadmin_workflows:disable", workflow)
    assert attempt.world.submission().status == "recalled"
    attempt.harmless(logged="wagtail.workflow.cancel")


@attempt_at("workflow: emptied between two signatures", "superuser")
def test_an_empty_workflow(attempt: Attempt) -> None:
    """The steps that were in force when the text was submitted still count."""
    submission = two_signatures(attempt)
    WorkflowTask.objects.all().delete()
    sign(submission, person("reviewer"))
    with pytest.raises(PolicyError, match="1 of 2 signatures"):
        submission.workflow_state.finish(user=attempt.user)
    attempt.harmless()


@attempt_at("workflow: taken from the page", "superuser")
def test_workflow_removed(attempt: Attempt) -> None:
    home = WorkflowPage.objects.get().page_id
    attempt.post("wagtailadmin_workflows:remove", home)
    form = {"review_kind": "full_review", "reason": "x"}
    response = attempt.post("review:submit", attempt.world.draft, data=form)
    attempt.refused(response, "No medical review is set up")


@attempt_at("workflow: another one, with a stock task, for the page", "writer", "superuser")
def test_a_workflow_with_a_stock_task(attempt: Attempt) -> None:
    task = GroupApprovalTask.objects.create(name="Anybody")
    task.groups.set(Group.objects.all())
    workflow = Workflow.objects.create(name="Quick")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowPage.objects.update(workflow=workflow)
    form = {"review_kind": "full_review", "reason": "x"}
    response = attempt.post("review:submit", attempt.world.draft, data=form)
    attempt.refused(response, "No medical review is set up")


@attempt_at("workflow: a stock one started by code", SHELL)
def test_starting_a_workflow_by_code(attempt: Attempt) -> None:
    page = attempt.world.page(attempt.world.draft)
    with pytest.raises(PolicyError, match="Submit for review"):
        page.get_workflow().start(page, person("superuser"))
    attempt.harmless()


@attempt_at("task: its group emptied, or another group added", "superuser")
def test_another_group_at_the_step(attempt: Attempt) -> None:
    """Who wrote the text stays barred, whatever groups may review."""
    MedicalReviewTask.objects.get().groups.add(Group.objects.get(name="Medical writers"))
    ReviewerProfile.objects.create(user=person("writer"), credentials="MD")
    submission = attempt.world.submission()
    with pytest.raises(PolicyError, match="You changed this text"):
        sign(submission, person("writer"))
    attempt.harmless()


@attempt_at("group: a writer becomes a reviewer after writing", "writer")
def test_a_writer_added_to_the_reviewers(attempt: Attempt) -> None:
    attempt.user.groups.add(Group.objects.get(name="Medical reviewers"))
    ReviewerProfile.objects.create(user=attempt.user, credentials="MD")
    submission = attempt.world.submission()
    form = {"sha256": submission.sha256, "password": PASSWORD}
    attempt.refused(attempt.post("review:sign", submission.pk, data=form), "You changed this text")


@attempt_at("group: a reviewer removed in mid-review", "reviewer")
def test_a_reviewer_removed(attempt: Attempt) -> None:
    attempt.user.groups.clear()
    attempt.user.groups.add(Group.objects.get(name="Editors"))
    submission = attempt.world.submission()
    form = {"sha256": submission.sha256, "password": PASSWORD}
    attempt.refused(attempt.post("review:sign", submission.pk, data=form), "Only members of")


@attempt_at("group: removed after a first of two signatures", "other reviewer")
def test_a_signature_given_before_removal(attempt: Attempt) -> None:
    """It was true when it was given and stands, but it is one: the text still waits for the second."""
    submission = two_signatures(attempt)
    sign(submission, attempt.user)
    attempt.user.groups.clear()
    submission.refresh_from_db()
    assert submission.is_open
    assert Signature.objects.filter(submission=submission.uuid).count() == 1
    attempt.harmless()


def two_signatures(attempt: Attempt) -> Submission:
    MedicalReviewTask.objects.update(signatures=2)
    return submit(attempt.world.page(attempt.world.draft), person("writer"))


@attempt_at("account: a contributor deleted", SHELL)
def test_deleting_a_contributor(attempt: Attempt) -> None:
    with pytest.raises(ContributorNotDeletable, match="Not deleted"), transaction.atomic():
        person("writer").delete()
    attempt.outcome = REFUSED


@attempt_at("account: a contributor renamed by SQL, and made anew", SHELL)
def test_an_account_made_anew(attempt: Attempt) -> None:
    get_user_model().objects.filter(username=account("writer")).update(username="somebody-else")
    again = make_user(account("writer"), "Medical reviewers", credentials="MD")
    attempt.refused_in_code(
        PolicyError, "You changed this text", lambda: sign(attempt.world.submission(), again)
    )
    renamed = get_user_model().objects.get(username="somebody-else")
    renamed.groups.set(again.groups.all())
    ReviewerProfile.objects.create(user=renamed, credentials="MD")
    attempt.refused_in_code(
        PolicyError, "You changed this text", lambda: sign(attempt.world.submission(), renamed)
    )
