"""The end of a review: make the edition and publish it, or schedule it; then update Wagtail's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db.models import IntegerField

from monographs.accounts.actors import person_of
from monographs.core.compiled_query import CompiledQuery, Parameter
from monographs.core.db_clock import database_now
from monographs.editions.figure_files import FigureFileError
from monographs.editions.ledger import Event, append_entry
from monographs.editions.models import Edition, ReviewKind, iso
from monographs.editions.person import Person
from monographs.editions.publishing import (
    NameTaken,
    PathTaken,
    check_name_free,
    check_publishable,
    make_edition,
    set_publication,
)
from monographs.editions.signatures import MissingSignatures, ReviewStep
from monographs.editions.standard_texts import StandardTextError
from monographs.pages.refusals import PolicyError, Rule
from monographs.presentation.moments import moment_text
from monographs.review import notifications
from monographs.review.models import (
    MedicalReviewTask,
    Submission,
    SubmissionStatus,
    submission_of,
    submission_with_step,
)
from monographs.review.publication import page_sync
from monographs.review.publication.integrity import StoredDraft, stored_draft, unchanged_draft
from monographs.review.publication.submission_close import close
from monographs.review.publication.whole_bundle import keep_bundle_whole
from monographs.review.record_locks import lock_record
from monographs.review.record_transaction import record_transaction, standard_text_refusal

if TYPE_CHECKING:
    from wagtail.models import WorkflowState


@dataclass(frozen=True)
class LockedReview:
    """A submission and its page's draft, read with the page's record locked in this transaction.

    ``actions.sign`` hands it to the end of the workflow by an attribute of its ``WorkflowState``, because
    Wagtail's code between them passes on nothing else.
    """

    submission: Submission
    draft: StoredDraft | None
    #: Of a bundle: the moment by which it is decided whether its texts are published or scheduled, so that
    #: all are the same also if their date of publication comes while they are signed.
    decided_at: datetime | None = None

    @classmethod
    def of(cls, workflow_state: "WorkflowState") -> "LockedReview":
        """What the signature that ends the workflow has read; or read it, where something else ends it.

        Raises ``PolicyError`` if nothing is in review.
        """
        handed = getattr(workflow_state, "locked_review", None)
        if isinstance(handed, cls) and handed.submission.is_open:
            return handed
        submission = submission_of(workflow_state)
        if submission is not None:
            lock_record(submission.key)
            submission = submission_with_step(submission.pk)
        if submission is None or not submission.is_open:
            raise PolicyError(
                Rule.NOT_SIGNED, "Nothing was submitted in this review, so nothing can be published."
            )
        draft = unchanged_draft(submission) if submission.restores else stored_draft(submission)
        return cls(submission, draft)


def publish_signed(workflow_state: "WorkflowState", user: User | None = None) -> None:
    """Publish or schedule the submission of ``workflow_state``, or raise ``PolicyError``.

    Wagtail calls it when a workflow has no step left: after the last signature, and just as well when a step
    is disabled or its own approval is called directly. So it relies on nothing that was decided before:
    ``make_edition`` and ``check_publishable`` judge the signatures from the submission's own steps, and
    ``wagtail_integration.blocked_routes.refuse_unsigned`` refuses a revision that was rewritten.
    """
    with record_transaction():
        review, actor = LockedReview.of(workflow_state), person_of(user)
        steps = _current_steps(workflow_state)
        publish_at = review.submission.publish_at
        if publish_at and publish_at > (review.decided_at or database_now()):
            schedule(review.submission, review.draft, publish_at, actor, steps)
        else:
            publish(review.submission, review.draft, actor, user, steps)


_TASKS: CompiledQuery[MedicalReviewTask] = CompiledQuery(
    lambda: MedicalReviewTask.objects.filter(
        task_states__workflow_state=Parameter("state", IntegerField())
    ).order_by("task_states__pk")
)


def _current_steps(workflow_state: "WorkflowState") -> list[ReviewStep]:
    """Return the steps that the workflow took, as they are configured now.

    A text must have the signatures of its steps as they were when it was submitted; if one asks for more
    since then, it must have those too.
    """
    steps = list(dict.fromkeys(task.as_step() for task in _TASKS.rows(state=workflow_state.pk)))
    if not steps:
        raise refusal_of(MissingSignatures("The workflow has no steps, so nobody can have signed."))
    return steps


def publish(
    submission: Submission,
    draft: StoredDraft | None,
    actor: Person,
    user: User | None = None,
    steps_now: Sequence[ReviewStep] = (),
) -> Edition:
    """Make the edition of ``submission`` and publish it to patients.

    ``draft`` says the same; None if no draft does. Signatures that ``steps_now`` ask for are needed as well.
    Raises ``PolicyError``; the caller's transaction is then rolled back.
    """
    try:
        edition = make_edition(
            submission.text,
            submission=submission.uuid,
            steps=submission.as_steps(),
            review_kind=ReviewKind(submission.review_kind),
            reason=submission.reason,
            actor=actor,
            restores=submission.restores,
            steps_now=steps_now,
        )
        set_publication(edition, actor=actor)
    except (MissingSignatures, PathTaken, NameTaken, FigureFileError, StandardTextError) as error:
        raise refusal_of(error) from error
    close(submission, SubmissionStatus.SIGNED, actor, f"Edition {edition.number}")
    keep_bundle_whole(submission, SubmissionStatus.SIGNED)
    page_sync.mark_published(submission, draft, user)
    notifications.published(submission, edition, actor)
    return edition


def schedule(
    submission: Submission,
    draft: StoredDraft | None,
    publish_at: datetime,
    actor: Person,
    steps_now: Sequence[ReviewStep],
) -> None:
    """Keep a fully signed submission until ``publish_at``. Raises ``PolicyError`` if it is not."""
    try:
        check_publishable(submission.text, submission.uuid, submission.as_steps(), steps_now)
        check_name_free(submission.document)
    except (MissingSignatures, NameTaken, FigureFileError, StandardTextError) as error:
        raise refusal_of(error) from error
    close(submission, SubmissionStatus.SCHEDULED, actor, f"Public from {moment_text(publish_at)}")
    keep_bundle_whole(submission, SubmissionStatus.SCHEDULED)
    append_entry(
        Event.SCHEDULED,
        actor,
        {
            "submission": str(submission.uuid),
            "sha256": submission.sha256,
            "publish_at": iso(publish_at),
        },
        subject=submission.key,
    )
    page_sync.mark_scheduled(submission, draft)
    notifications.scheduled(submission, actor)


def refusal_of(
    error: MissingSignatures | PathTaken | NameTaken | FigureFileError | StandardTextError,
) -> PolicyError:
    """Return the refusal that states why a text could not be published."""
    match error:
        case MissingSignatures():
            return PolicyError(Rule.NOT_SIGNED, f"{error} Nothing was published.")
        case PathTaken():
            return PolicyError(Rule.PATH_TAKEN, str(error))
        case NameTaken():
            return PolicyError(Rule.NAME_TAKEN, str(error))
        case StandardTextError():
            return standard_text_refusal(error)
    return PolicyError(Rule.STALE, f"A picture is not as it was submitted ({error}). Return the text.")
