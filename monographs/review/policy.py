"""Who may do what in review, for menu, queue, screens and actions alike.

Being a superuser gives no right to review, to recall or to retire. ``policies`` has further rules, by act.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypedDict

from django.contrib.auth.models import Group, User
from django.db.models import IntegerField, QuerySet

from monographs.accounts import signing_holds
from monographs.accounts.actors import users_with_admin_access
from monographs.accounts.outside_accounts import is_outside
from monographs.core.compiled_query import CompiledQuery, Parameter
from monographs.core.users import AnyUser
from monographs.editions.conflicts import conflicts_now, people_in_conflict
from monographs.editions.contributions import contributors_now
from monographs.editions.models import Signature
from monographs.editions.queries import public_edition
from monographs.editions.signatures import ExcludedUsers, signatures_for
from monographs.models import ReviewedPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.presentation.moments import long_moment_text
from monographs.review import expert_policy
from monographs.review.groups import EDITORS
from monographs.review.models import (
    UNDER_WAY,
    UNEXPLAINED_RECALL,
    MedicalReviewTask,
    ReviewerProfile,
    Submission,
    SubmissionStatus,
)
from monographs.review.signing_facts import SigningFacts, first_failed_rule


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an attempt is allowed; if not, by which rule it is refused and what the user can do."""

    allowed: bool
    rule: Rule | None = None
    message: str = ""

    def enforce(self) -> None:
        """Raise ``PolicyError`` unless allowed."""
        if not self.allowed:
            raise PolicyError(self.rule or Rule.NOT_ALLOWED_HERE, self.message)


ALLOWED = Verdict(True)
INACTIVE = "This account is not active. Ask an editor."
NO_CREDENTIALS = (
    "Your account has no credentials yet, and a signature needs them. Ask an editor to record them."
)
EXPIRED = "Your credentials have expired. Ask an editor to record the renewed ones."
NOT_CONFIRMED = (
    "Patients read your name and credentials, and nobody has confirmed them, or their last day, as they are "
    "now. Ask an editor or an administrator who did not enter them to confirm them under Reports, Signers."
)
#: Said to who has one; ``policies.conflict_policy`` names the reason.
IN_CONFLICT = (
    "A conflict of interest with this page is declared for you, so you cannot sign anything about it. An "
    "editor can end it when it is over."
)
#: Why an account cannot sign anything now, by the rule.
QUALIFICATION_MESSAGES = {
    Rule.NO_CREDENTIALS: NO_CREDENTIALS,
    Rule.EXPIRED: EXPIRED,
    Rule.NOT_CONFIRMED: NOT_CONFIRMED,
}


def current_task(submission: Submission) -> MedicalReviewTask | None:
    """Return the review step ``submission`` is at; None when it is at none."""
    state = submission.workflow_state
    task_state = state.current_task_state if state else None
    task = task_state.task if task_state else None
    # As ``task.specific``, which ``Submission.objects.with_step`` reads with the submission
    return task if isinstance(task, MedicalReviewTask) else getattr(task, "medicalreviewtask", None)


def excluded_users(key: uuid.UUID) -> ExcludedUsers:
    """Return the contributors to the text since its last edition, who may not sign it."""
    return ExcludedUsers.from_contributors(contributors_now(key))


def users_in_conflict(key: uuid.UUID) -> ExcludedUsers:
    """Return those with a conflict of interest with the page ``key`` today, who may not sign it."""
    return people_in_conflict(conflicts_now(key))


def members(task: MedicalReviewTask) -> QuerySet[User]:
    """Return the members of the step's groups who have admin access, by name."""
    return members_of(task.groups.all())


def members_of(groups: Iterable[Group | int] | QuerySet[Group]) -> QuerySet[User]:
    """Return the members of ``groups`` (rows or primary keys) who have admin access, by name."""
    users = users_with_admin_access().filter(groups__in=groups)
    return users.select_related("reviewer_profile").distinct().order_by("last_name", "first_name", "pk")


_MEMBER = CompiledQuery(
    lambda: members_of(Group.objects.filter(medicalreviewtask=Parameter("task", IntegerField()))).filter(
        pk=Parameter("user", IntegerField())
    ),
    exists=True,
)


def profile_of(user: AnyUser) -> ReviewerProfile | None:
    """Return the reviewer profile of ``user``; None for an account without credentials."""
    profile: ReviewerProfile | None = getattr(user, "reviewer_profile", None)
    return profile if profile and profile.has_credentials else None


class Qualification(TypedDict):
    """The part of ``SigningFacts`` that an account's credentials decide."""

    qualified: bool
    expired: bool
    confirmed: bool


def qualification(user: AnyUser) -> Qualification:
    """Return whether ``user`` has credentials, expired ones, and ones that a second person confirmed."""
    profile = profile_of(user)
    if profile is None:
        return {"qualified": False, "expired": False, "confirmed": False}
    return {"qualified": True, "expired": profile.expired, "confirmed": profile.is_confirmed}


def eligible_signers(submission: Submission) -> list[User]:
    """Return the accounts that may sign ``submission`` now, of invited outside experts, too."""
    task = current_task(submission)
    if task is None:
        return []
    signatures = signatures_for(submission.uuid, submission.sha256)
    signed_by = {signature.user_id for signature in signatures}
    vouchers = expert_policy.vouchers_of_signers(submission, signatures)
    excluded, in_conflict = excluded_users(submission.key), users_in_conflict(submission.key)
    candidates = members(task)
    on_hold = signing_holds.held_users(candidates)
    base = SigningFacts(in_review=submission.is_open, at_step=True, active=True, member=True)
    invited = expert_policy.invited_signers([submission]).get((submission.pk, task.name), [])
    experts = [expert for expert in invited if user_can_sign(expert, submission).allowed]
    return experts + [
        user
        for user in candidates
        if first_failed_rule(
            replace(
                base,
                **qualification(user),
                contributed=excluded.contains(user.pk, user.get_username()),
                in_conflict=in_conflict.contains(user.pk, user.get_username()),
                vouched=not vouchers.contains(user.pk, user.get_username()),
                signed=user.pk in signed_by,
                on_hold=user.pk in on_hold,
            )
        )
        is None
    ]


def eligible_reviewers(task: MedicalReviewTask, key: uuid.UUID, submitter: AnyUser) -> list[User]:
    """Return the accounts that can be asked to review a text of ``submitter`` at ``task``, its first step.

    These are the accounts that could sign it: qualified members who did not contribute and have no conflict
    of interest, also those who must wait a day after a change of their sign-in facts. Submitting makes
    ``submitter`` a contributor.
    """
    excluded, in_conflict = excluded_users(key), users_in_conflict(key)
    base = SigningFacts(in_review=True, at_step=True, active=True, member=True)
    return [
        user
        for user in members(task)
        if user.pk != submitter.pk
        and first_failed_rule(
            replace(
                base,
                **qualification(user),
                contributed=excluded.contains(user.pk, user.get_username()),
                in_conflict=in_conflict.contains(user.pk, user.get_username()),
            )
        )
        is None
    ]


def user_can_review(user: AnyUser, submission: Submission) -> Verdict:
    """Return whether ``user`` reviews at the step ``submission`` is at; enough to return it or add a note."""
    return _verdict(first_failed_rule(_review_facts(user, submission)), submission)


def user_can_sign(user: AnyUser, submission: Submission) -> Verdict:
    """Return whether ``user`` may sign ``submission`` now."""
    excluded = excluded_users(submission.key)
    signatures = signatures_for(submission.uuid, submission.sha256)
    facts = replace(
        _review_facts(user, submission),
        **qualification(user),
        contributed=user.pk is not None and excluded.contains(user.pk, user.get_username()),
        in_conflict=user_is_in_conflict(user, submission.key),
        signed=user.pk in {signature.user_id for signature in signatures},
        on_hold=signing_holds.is_on_hold(user),
        vouched=_is_vouched_for(user, submission, excluded, signatures),
    )
    rule = first_failed_rule(facts)
    if is_outside(user) and rule in expert_policy.MESSAGES:
        return Verdict(False, rule, expert_policy.MESSAGES[rule])
    if rule == Rule.SIGN_IN_CHANGED:
        return Verdict(False, rule, signing_holds.refusal_message(user))
    return _verdict(rule, submission)


def _review_facts(user: AnyUser, submission: Submission) -> SigningFacts:
    task = current_task(submission)
    return SigningFacts(
        in_review=submission.is_open,
        at_step=task is not None,
        active=bool(user.is_active),
        member=task is not None and user.pk is not None and _is_member(user, submission, task),
    )


def _is_vouched_for(
    user: AnyUser, submission: Submission, excluded: ExcludedUsers, signatures: Sequence[Signature]
) -> bool:
    """Return whether those who vouch for ``user`` stand apart, and ``user`` vouches for nobody who signed."""
    if not is_outside(user):
        vouchers = expert_policy.vouchers_of_signers(submission, signatures)
        return user.pk is None or not vouchers.contains(user.pk, user.get_username())
    task = current_task(submission)
    invitation = expert_policy.invitation_of(user, submission, task.name) if task else None
    signers = expert_policy.signers_of(signatures)
    return invitation is not None and expert_policy.is_vouched_for(user, invitation, excluded, signers)


def _is_member(user: AnyUser, submission: Submission, task: MedicalReviewTask) -> bool:
    """Return whether ``user`` signs at the step, or is invited to sign exactly this text at it."""
    if is_outside(user):
        return expert_policy.invitation_of(user, submission, task.name) is not None
    return _MEMBER.any(task=task.pk, user=user.pk)


def _contributed(user: AnyUser, key: uuid.UUID) -> bool:
    return user.pk is not None and excluded_users(key).contains(user.pk, user.get_username())


def user_is_in_conflict(user: AnyUser, key: uuid.UUID) -> bool:
    """Return whether ``user`` has a conflict of interest with the page ``key`` today."""
    return user.pk is not None and users_in_conflict(key).contains(user.pk, user.get_username())


def has_signed(user: AnyUser, submission: Submission) -> bool:
    """Return whether ``user`` has signed the text of ``submission``."""
    return user.pk in {signature.user_id for signature in signatures_for(submission.uuid, submission.sha256)}


def _verdict(rule: Rule | None, submission: Submission) -> Verdict:
    match rule:
        case None:
            return ALLOWED
        case Rule.NOT_IN_REVIEW:
            message = _not_in_review_message(submission)
        case Rule.INACTIVE:
            message = INACTIVE
        case rule if rule in QUALIFICATION_MESSAGES:
            message = f"{QUALIFICATION_MESSAGES[rule]} {_eligible_names(submission)}"
        case Rule.NOT_A_REVIEWER:
            task = current_task(submission)
            groups = ", ".join(task.groups.values_list("name", flat=True)) if task else ""
            message = f"Only members of {groups} may review at this step. {_eligible_names(submission)}"
        case Rule.CONTRIBUTED:
            message = (
                "You changed this text since its last edition, or words of yours are in it, so somebody else "
                "must sign it. "
                f"{_eligible_names(submission)}"
            )
        case Rule.CONFLICT_OF_INTEREST | Rule.NOT_VOUCHED:
            why = IN_CONFLICT if rule == Rule.CONFLICT_OF_INTEREST else expert_policy.VOUCHED_FOR_SIGNER
            message = f"{why} {_eligible_names(submission)}"
        case _:
            message = f"You have signed this text. {_eligible_names(submission)}"
    return Verdict(False, rule, message)


def _eligible_names(submission: Submission) -> str:
    names = [expert_policy.name_of_signer(user) for user in eligible_signers(submission)]
    if not names:
        return "Nobody can sign it now: ask an editor to add a reviewer who did not work on the text."
    return f"Who may sign it: {', '.join(names)}."


def _not_in_review_message(submission: Submission) -> str:
    if submission.is_open:
        return "This text is at no step of review; recall it and submit it again."
    closer = submission.closer_person
    by = f" by {closer.name}" if closer else ""
    ended = f"This text is no longer in review: {submission.get_status_display().lower()}{by}."
    if submission.status == SubmissionStatus.RECALLED and submission.outcome != UNEXPLAINED_RECALL:
        why = submission.outcome.rstrip(".")
        return f"{ended} {why}. If it should become public, it has to be submitted again."
    return ended


def user_can_recall(user: AnyUser, submission: Submission) -> Verdict:
    """Return whether ``user`` may recall ``submission``: its submitter, its contributors and editors may.

    Once it is signed and scheduled, its signers may as well.
    """
    if not (submission.is_open or submission.is_scheduled):
        return Verdict(False, Rule.NOT_IN_REVIEW, _not_in_review_message(submission))
    if not user.is_active:
        return Verdict(False, Rule.INACTIVE, INACTIVE)
    involved = user.pk == submission.submitted_by_id or _contributed(user, submission.key)
    if submission.is_scheduled:
        involved = involved or has_signed(user, submission)
    if involved or is_editor(user):
        return ALLOWED
    name = submission.submitter_person.name
    return Verdict(
        False, Rule.NOT_ALLOWED_HERE, f"Only {name}, those who wrote the text, or an editor may recall it."
    )


def user_can_submit(user: AnyUser, page: ReviewedPage) -> Verdict:
    """Return whether ``user`` may submit ``page`` for review."""
    if page.alias_of_id:
        return Verdict(False, Rule.NOT_ALLOWED_HERE, "This page mirrors another one: submit that one.")
    if not user.is_active or not page.permissions_for_user(user).can_edit():
        return Verdict(False, Rule.NOT_ALLOWED_HERE, "You may not edit this page, so you cannot submit it.")
    under_way = Submission.objects.filter(key=page.translation_key, status__in=UNDER_WAY).first()
    if under_way and under_way.is_scheduled and under_way.publish_at:
        return Verdict(
            False,
            Rule.SCHEDULED,
            f"A signed text of this page becomes public on {long_moment_text(under_way.publish_at)}. "
            "Recall it first to change it.",
        )
    if under_way or page.is_frozen:
        return Verdict(False, Rule.IN_REVIEW, "This page is in review already. Recall it to change it.")
    return ALLOWED


def user_can_withdraw(user: AnyUser, key: uuid.UUID) -> Verdict:
    """Return whether ``user`` may withdraw the page ``key``: any qualified reviewer may, also its writer.

    Withdrawing only ever removes unsafe text, so neither having written it nor changed sign-in facts are a
    reason to wait.
    """
    verdict = user_can_withdraw_any(user)
    if verdict.allowed and public_edition(key) is None:
        return Verdict(False, Rule.NOT_PUBLIC, "This page is not public, so there is nothing to withdraw.")
    return verdict


def user_can_withdraw_any(user: AnyUser) -> Verdict:
    """Return whether ``user`` is a qualified reviewer, who may withdraw any public page."""
    return qualified_reviewer(
        user, "Only reviewers may withdraw a page. If it could harm a patient, call a reviewer now."
    )


def qualified_reviewer(user: AnyUser, not_a_reviewer: str) -> Verdict:
    """Return whether ``user`` is a qualified reviewer; others are refused, e.g. with ``not_a_reviewer``."""
    if not user.is_active:
        return Verdict(False, Rule.INACTIVE, INACTIVE)
    if not is_reviewer(user):
        return Verdict(False, Rule.NOT_A_REVIEWER, not_a_reviewer)
    facts = SigningFacts(in_review=True, at_step=True, active=True, member=True, **qualification(user))
    if rule := first_failed_rule(facts):
        return Verdict(False, rule, QUALIFICATION_MESSAGES[rule])
    return ALLOWED


def is_editor(user: AnyUser) -> bool:
    """Return whether ``user`` is a member of the group Editors."""
    return bool(user.groups.filter(name=EDITORS).exists())


def is_editor_or_superuser(user: AnyUser) -> bool:
    """Return whether ``user`` is active, and an editor or a superuser."""
    return bool(user.is_active and (user.is_superuser or is_editor(user)))


def is_reviewer(user: AnyUser) -> bool:
    """Return whether ``user`` reviews at any step of any workflow."""
    return MedicalReviewTask.objects.filter(active=True, groups__in=user.groups.all()).exists()
