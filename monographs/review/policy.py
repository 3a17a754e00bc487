"""Who may do what in review. The one place: menu, queue, view, task and finish step ask here.

Being a superuser gives no right here.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from monographs.accounts.actors import users_with_admin_access
from monographs.editions.contributions import contributors_since
from monographs.editions.queries import current_edition, public_edition
from monographs.editions.signatures import ExcludedUsers, signatures_for
from monographs.review.groups import EDITORS
from monographs.review.models import (
    UNDER_WAY,
    MedicalReviewTask,
    Note,
    ReviewerProfile,
    Submission,
    SubmissionStatus,
)
from monographs.review.refusals import ReviewRefused, Rule
from monographs.review.wagtail_integration.page_sync import page_of


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether somebody may, and if not by which rule and what they can do."""

    allowed: bool
    rule: Rule | None = None
    message: str = ""

    def enforce(self) -> None:
        """Raise ``ReviewRefused`` unless allowed."""
        if not self.allowed:
            raise ReviewRefused(self.rule or Rule.NOT_ALLOWED_HERE, self.message)


YES = Verdict(True)
INACTIVE = "This account is not active. Ask an editor."
NO_CREDENTIALS = (
    "Your account has no credentials yet, and a signature needs them. Ask an editor to record them."
)
EXPIRED = "Your credentials have expired. Ask an editor to record the renewed ones."


def current_task(submission: Submission) -> MedicalReviewTask | None:
    """The step a submission is at, None when it is at none."""
    state = submission.workflow_state
    task_state = state.current_task_state if state else None
    task = task_state.task.specific if task_state else None
    return task if isinstance(task, MedicalReviewTask) else None


def excluded_users(key: Any) -> ExcludedUsers:
    """Those who contributed to the text since the last edition."""
    return ExcludedUsers.from_contributors(contributors_since(key, current_edition(key)))


def members(task: MedicalReviewTask) -> QuerySet[Any]:
    """Members of the step's groups to whom the desk is open, by name."""
    return members_of(task.groups.all())


def members_of(groups: Any) -> QuerySet[Any]:
    """Members of ``groups`` (rows or primary keys) to whom the desk is open, by name."""
    users = users_with_admin_access().filter(groups__in=groups)
    return users.select_related("reviewer_profile").distinct().order_by("last_name", "first_name", "pk")


def profile_of(user: Any) -> ReviewerProfile | None:
    """What qualifies ``user``; None for an account without credentials."""
    profile: ReviewerProfile | None = getattr(user, "reviewer_profile", None)
    return profile if profile and profile.credentials.strip() else None


def eligible_signers(submission: Submission) -> list[Any]:
    """Accounts that may sign now."""
    task = current_task(submission)
    if task is None:
        return []
    given = {s.user_id for s in signatures_for(submission.uuid, submission.sha256)}
    kept_out = excluded_users(submission.key)
    here = SigningFacts(in_review=submission.is_open, at_step=True, active=True, member=True)
    return [
        user
        for user in members(task)
        if first_failed_rule(
            replace(
                here,
                **qualification(user),
                contributed=kept_out.contains(user.pk, user.get_username()),
                signed=user.pk in given,
            )
        )
        is None
    ]


def eligible_reviewers(task: MedicalReviewTask, key: Any, submitter: Any) -> list[Any]:
    """Accounts that can be named as reviewers of a text ``submitter`` puts before ``task``, its first step.

    Those who could sign it: qualified members who did not contribute. Submitting makes a contributor.
    """
    kept_out = excluded_users(key)
    here = SigningFacts(in_review=True, at_step=True, active=True, member=True)
    return [
        user
        for user in members(task)
        if user.pk != submitter.pk
        and first_failed_rule(
            replace(here, **qualification(user), contributed=kept_out.contains(user.pk, user.get_username()))
        )
        is None
    ]


def qualification(user: Any) -> dict[str, bool]:
    """The part of a ``SigningFacts`` that an account's credentials decide."""
    profile = profile_of(user)
    return {"qualified": profile is not None, "expired": profile is not None and profile.expired}


def _names(submission: Submission) -> str:
    names = [user.get_full_name() or user.get_username() for user in eligible_signers(submission)]
    if not names:
        return "Nobody can sign it now: ask an editor to add a reviewer who did not work on the text."
    return f"Who may sign it: {', '.join(names)}."


@dataclass(frozen=True, slots=True)
class SigningFacts:
    """How somebody stands to a submission; all that the decision rests on."""

    in_review: bool
    at_step: bool
    active: bool
    member: bool
    qualified: bool = True
    expired: bool = False
    contributed: bool = False
    signed: bool = False


def first_failed_rule(standing: SigningFacts) -> Rule | None:
    """The first rule that keeps somebody of this standing from signing; None if they may.

    A member who contributed, or whose credentials expired, may still return the text: ask with the rest
    left out.
    """
    rules = (
        (standing.in_review and standing.at_step, Rule.NOT_IN_REVIEW),
        (standing.active, Rule.INACTIVE),
        (standing.member, Rule.NOT_A_REVIEWER),
        (standing.qualified, Rule.NO_CREDENTIALS),
        (not standing.expired, Rule.EXPIRED),
        (not standing.contributed, Rule.CONTRIBUTED),
        (not standing.signed, Rule.ALREADY_SIGNED),
    )
    return next((rule for kept, rule in rules if not kept), None)


def may_review(user: Any, submission: Submission) -> Verdict:
    """Whether ``user`` is a reviewer of the step ``submission`` is at; enough to return it."""
    return _verdict(first_failed_rule(_standing(user, submission)), submission)


def may_sign(user: Any, submission: Submission) -> Verdict:
    """Whether ``user`` may sign ``submission`` now."""
    standing = replace(
        _standing(user, submission),
        **qualification(user),
        contributed=excluded_users(submission.key).contains(user.pk, user.get_username()),
        signed=user.pk in {s.user_id for s in signatures_for(submission.uuid, submission.sha256)},
    )
    return _verdict(first_failed_rule(standing), submission)


def _standing(user: Any, submission: Submission) -> SigningFacts:
    task = current_task(submission)
    return SigningFacts(
        in_review=submission.is_open,
        at_step=task is not None,
        active=bool(user.is_active),
        member=task is not None and members(task).filter(pk=user.pk).exists(),
    )


def _verdict(rule: Rule | None, submission: Submission) -> Verdict:
    match rule:
        case None:
            return YES
        case Rule.NOT_IN_REVIEW:
            message = _closed(submission)
        case Rule.INACTIVE:
            message = INACTIVE
        case Rule.NO_CREDENTIALS:
            message = f"{NO_CREDENTIALS} {_names(submission)}"
        case Rule.EXPIRED:
            message = f"{EXPIRED} {_names(submission)}"
        case Rule.NOT_A_REVIEWER:
            task = current_task(submission)
            groups = ", ".join(task.groups.values_list("name", flat=True)) if task else ""
            message = f"Only members of {groups} may review at this step. {_names(submission)}"
        case Rule.CONTRIBUTED:
            message = (
                "You changed this text since its last edition, so somebody else must sign it. "
                f"{_names(submission)}"
            )
        case _:
            message = f"You have signed this text. {_names(submission)}"
    return Verdict(False, rule, message)


def may_recall(user: Any, submission: Submission) -> Verdict:
    """Whether ``user`` may take ``submission`` back: who submitted it, who wrote in it, or an editor.

    Once it is signed and only waits for its day, those who signed it may as well.
    """
    if not (submission.is_open or submission.is_scheduled):
        return Verdict(False, Rule.NOT_IN_REVIEW, _closed(submission))
    if not user.is_active:
        return Verdict(False, Rule.INACTIVE, INACTIVE)
    own = user.pk == submission.submitted_by_id or excluded_users(submission.key).contains(
        user.pk, user.get_username()
    )
    if submission.is_scheduled:
        own = own or user.pk in {s.user_id for s in signatures_for(submission.uuid, submission.sha256)}
    if own or user.is_superuser or user.groups.filter(name=EDITORS).exists():
        return YES
    name = submission.submitter_person.name
    return Verdict(
        False, Rule.NOT_ALLOWED_HERE, f"Only {name}, those who wrote the text, or an editor may recall it."
    )


def may_submit(user: Any, page: Any) -> Verdict:
    """Whether ``user`` may put ``page`` before reviewers."""
    if page.alias_of_id:
        return Verdict(False, Rule.NOT_ALLOWED_HERE, "This page mirrors another one: submit that one.")
    if not user.is_active or not page.permissions_for_user(user).can_edit():
        return Verdict(False, Rule.NOT_ALLOWED_HERE, "You may not edit this page, so you cannot submit it.")
    under_way = Submission.objects.filter(key=page.translation_key, status__in=UNDER_WAY).first()
    if under_way and under_way.is_scheduled:
        return Verdict(
            False,
            Rule.SCHEDULED,
            f"A signed text of this page becomes public on {under_way.publish_at:%Y-%m-%d at %H:%M} UTC. "
            "Recall it first to change it.",
        )
    if under_way or page.is_frozen:
        return Verdict(False, Rule.IN_REVIEW, "This page is in review already. Recall it to change it.")
    return YES


def may_withdraw(user: Any, key: Any) -> Verdict:
    """Whether ``user`` may take the page ``key`` from patients: any qualified reviewer, its writer too.

    Withdrawing only ever takes unsafe text away, so having written it is no reason to wait.
    """
    if not user.is_active:
        return Verdict(False, Rule.INACTIVE, INACTIVE)
    if not is_reviewer(user):
        return Verdict(
            False,
            Rule.NOT_A_REVIEWER,
            "Only reviewers may withdraw a page. If it could harm a patient, call a reviewer now.",
        )
    standing = qualification(user)
    if not standing["qualified"]:
        return Verdict(False, Rule.NO_CREDENTIALS, NO_CREDENTIALS)
    if standing["expired"]:
        return Verdict(False, Rule.EXPIRED, EXPIRED)
    if public_edition(key) is None:
        return Verdict(False, Rule.NOT_PUBLIC, "This page is not public, so there is nothing to withdraw.")
    return YES


def is_reviewer(user: Any) -> bool:
    """Whether ``user`` reviews at any step of any workflow."""
    return MedicalReviewTask.objects.filter(active=True, groups__in=user.groups.all()).exists()


def may_note(user: Any, submission: Submission) -> Verdict:
    """Whether ``user`` may leave notes on ``submission``: a reviewer of its step, who wrote in it too."""
    return may_review(user, submission)


@dataclass(frozen=True, slots=True)
class NoteFacts:
    """How somebody stands to the notes of a page: what the decisions below rest on.

    ``signs`` is a reviewer who wrote nothing in the text, and so could sign it. ``scheduled``: a signed text
    of the page waits for its day.
    """

    user_id: int
    active: bool
    edits: bool
    reviews: bool
    signs: bool
    scheduled: bool


def note_facts(user: Any, key: Any) -> NoteFacts:
    """How ``user`` stands to the notes of the page whose text has ``key``."""
    page = page_of(key)
    reviews = is_reviewer(user)
    return NoteFacts(
        user_id=user.pk,
        active=bool(user.is_active),
        edits=page is not None and page.permissions_for_user(user).can_edit(),
        reviews=reviews,
        signs=reviews and not excluded_users(key).contains(user.pk, user.get_username()),
        scheduled=Submission.objects.filter(key=key, status=SubmissionStatus.SCHEDULED).exists(),
    )


def may_answer(part: NoteFacts, note: Note) -> Verdict:
    """Whether a note may be answered: by reviewers, and by those who may edit the page."""
    return _takes_part(part) if note.is_open else _settled(note)


def may_resolve(part: NoteFacts, note: Note) -> Verdict:
    """Whether somebody may say that what a note asks for is done: its author, or a writer of the page.

    Who could sign the text does not clear another reviewer's note.
    """
    if not note.is_open:
        return _settled(note)
    verdict = _takes_part(part)
    if verdict.allowed and part.signs and part.user_id != note.author_id:
        name = note.author_person.name
        return Verdict(
            False,
            Rule.NOT_ALLOWED_HERE,
            f"Another reviewer’s note is not yours to settle. A writer resolves it, or {name} withdraws it.",
        )
    return verdict


def may_withdraw_note(part: NoteFacts, note: Note) -> Verdict:
    """Whether somebody may take a note back: its author only."""
    if not note.is_open:
        return _settled(note)
    if part.active and part.user_id == note.author_id:
        return YES
    name = note.author_person.name
    return Verdict(False, Rule.NOT_ALLOWED_HERE, f"Only {name} may withdraw this note. You can answer it.")


def may_reopen(part: NoteFacts, note: Note) -> Verdict:
    """Whether a settled note may be opened again: by whoever takes part.

    Not while a signed text waits for its day: nobody would sign it again.
    """
    if note.is_open:
        return Verdict(False, Rule.NOTE_OPEN, "This note is open.")
    if part.scheduled:
        return Verdict(
            False,
            Rule.SCHEDULED,
            "A signed text of this page waits for its day. Recall it first to change it.",
        )
    return _takes_part(part)


def _takes_part(part: NoteFacts) -> Verdict:
    """A reviewer, or somebody who may edit the page."""
    if not part.active:
        return Verdict(False, Rule.INACTIVE, INACTIVE)
    if part.reviews or part.edits:
        return YES
    return Verdict(
        False,
        Rule.NOT_ALLOWED_HERE,
        "Only reviewers, and those who may edit the page, take part in its notes.",
    )


def _settled(note: Note) -> Verdict:
    who = note.closer_person
    by = f" by {who.name}" if who else ""
    return Verdict(
        False,
        Rule.NOTE_CLOSED,
        f"This note is {note.get_status_display().lower()}{by}. Reopen it to say more.",
    )


def _closed(submission: Submission) -> str:
    if submission.is_open:
        return "This text is at no step of review; recall it and submit it again."
    who = submission.closer_person
    by = f" by {who.name}" if who else ""
    return f"This text is no longer in review: {submission.get_status_display().lower()}{by}."
