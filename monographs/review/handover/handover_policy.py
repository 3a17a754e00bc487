"""Who hands over the work of an account that leaves, and who can take over what."""

from dataclasses import replace

from django.contrib.auth.models import User

from monographs.core.users import AnyUser
from monographs.models import ReviewedPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions.open_review import workflow_of
from monographs.review.handover.leavers_work import WorkItem, WorkKind
from monographs.review.models import Submission
from monographs.review.policies.assignment_policy import reviewer_obstacle
from monographs.review.policies.editor_policy import editor_or_superuser
from monographs.review.policies.unchanged_policy import facts_of_pages
from monographs.review.policy import ALLOWED, Verdict
from monographs.review.publication.page_sync import pages_of
from monographs.review.queue.submission_facts import (
    SubmissionFacts,
    members_by_workflow_task,
)
from monographs.review.signing_facts import first_failed_rule, obstacle_text

NOT_FOR_YOU = "Only editors and administrators hand over somebody’s work. Ask one of them."


def user_can_hand_over(user: AnyUser, leaver: User) -> Verdict:
    """Return whether ``user`` may hand over the work of ``leaver``, whose account ends with it."""
    verdict = editor_or_superuser(user, NOT_FOR_YOU)
    return editor_can_end_account(user, leaver) if verdict.allowed else verdict


def editor_can_end_account(user: AnyUser, leaver: User) -> Verdict:
    """Return whether ``user``, an editor or administrator, may end the account of ``leaver``. No query."""
    if user.pk == leaver.pk:
        return Verdict(
            False, Rule.OWN_PROPOSAL, "This is your own account: another editor or administrator ends it."
        )
    if leaver.is_superuser and not user.is_superuser:
        return Verdict(False, Rule.NOT_ALLOWED_HERE, "Only an administrator ends an administrator’s account.")
    if not leaver.is_active:
        return Verdict(False, Rule.NOTHING_CHANGED, "This account is not active any more.")
    return ALLOWED


class Successors:
    """Whether each person can take over each item; facts are read once for all of them."""

    def __init__(self, items: list[WorkItem], people: list[User]) -> None:
        under_way = [item.pk for item in items if item.kind in (WorkKind.SUBMITTED, WorkKind.REVIEW)]
        found = Submission.objects.filter(pk__in=under_way).defer("canonical").prefetch_related("reviewers")
        submissions = list(found.with_workflow_task())
        self.submissions = {submission.pk: submission for submission in submissions}
        tasks = {task for submission in submissions if (task := submission.workflow_task)}
        self.members = {
            task: {user.pk for user in members} for task, members in members_by_workflow_task(tasks).items()
        }
        self.facts = SubmissionFacts.of(submissions, people)
        self.pages = pages_of({item.key for item in items if item.kind != WorkKind.REVIEW})
        due = {item.key for item in items if item.kind == WorkKind.DUE}
        self.due = facts_of_pages(due) if due else {}

    def obstacle(self, item: WorkItem, person: User, submitter: User | None = None) -> str:
        """Return why ``person`` cannot take over ``item``, as the end of a sentence; empty if they can.

        ``submitter`` is who takes over having submitted the same text, if anybody.
        """
        if item.kind == WorkKind.REVIEW:
            if submitter == person:
                return "becomes its submitter"
            return self._obstacle_to_review(self.submissions[item.pk], person)
        if item.kind == WorkKind.DUE:
            return self._obstacle_to_due_review(item, person)
        if item.kind == WorkKind.SUBMITTED:
            submission = self.submissions[item.pk]
            if person in submission.reviewers.all():
                return "is asked to review it"
            if person.pk in self.facts.texts[submission.pk].signers:
                return "has signed it"
        page = self.pages.get(item.key)
        return "" if page is None or can_edit_as_owner(page, person) else "may not edit this page"

    def _obstacle_to_due_review(self, item: WorkItem, person: User) -> str:
        page = self.pages.get(item.key)
        if page is None:
            return "cannot review it: the page was deleted"
        try:
            _, tasks = workflow_of(page)
        except PolicyError:
            return "cannot review it: no review of the page is set up"
        return reviewer_obstacle(person, self.due[item.key], tasks[0])

    def _obstacle_to_review(self, submission: Submission, person: User) -> str:
        if not submission.is_open:
            return ""  # nobody reviews it any more; the request is only dropped
        if person.pk == submission.submitted_by_id:
            return "submitted it"
        member = person.pk in self.members.get(submission.workflow_task or 0, set())
        facts = self.facts.signing_facts(person, submission, member=member)
        rule = first_failed_rule(replace(facts, on_hold=False))  # they can sign once the wait is over
        return obstacle_text(rule) if rule else ""


def can_edit_as_owner(page: ReviewedPage, person: User) -> bool:
    """Return whether ``person`` could edit ``page`` if it were theirs."""
    page.owner = person
    return bool(page.permissions_for_user(person).can_edit())
