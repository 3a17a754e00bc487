"""What happened to a text under review, to whom it matters, and in which words."""

import hashlib
from typing import Any

from django.db.models.functions import Now

from monographs.editions.models import Edition, Signature
from monographs.editions.person import Person
from monographs.editions.queries import current_edition
from monographs.editions.signatures import signatures_for
from monographs.redline import redline
from monographs.review import policy
from monographs.review.models import Notice, Submission
from monographs.review.notes import beside, open_notes
from monographs.review.notifications import recipients
from monographs.review.notifications.events import NoticeEvent
from monographs.review.notifications.messages import Message, address_of, compose, public_address, thread_of
from monographs.review.notifications.outbox import isolate_failures, queue_messages


@isolate_failures
def submitted(submission: Submission) -> None:
    """Ask for signatures: the reviewers it names, else all who may sign."""
    queue_messages(_ask(submission, submission.submitter_person))


@isolate_failures
def returned(submission: Submission, by: Person, reason: str) -> None:
    """Tell whoever submitted and wrote it what must be mended; the notes on it go along."""
    to = recipients.reached(recipients.writers_of(submission), without=by)
    placed = beside(open_notes(submission.key), submission.document).values()
    notes = [note for in_section in placed for note in in_section]
    waiting = Notice.objects.filter(event=NoticeEvent.NOTE_LEFT, sent_at=None, user__in=to)
    waiting.filter(about__startswith=f"{thread_of(submission)}/").update(sent_at=Now())
    edit = address_of("wagtailadmin_pages:edit", submission.page_id) if submission.page_id else ""
    words: dict[str, Any] = {"by": by, "reason": reason, "notes": notes, "edit_address": edit}
    queue_messages(_about(NoticeEvent.RETURNED, submission, to, **words))


@isolate_failures
def signed(signature: Signature, submission: Submission) -> None:
    """Tell the submitter, and ask those whose turn it is, while more signatures are needed.

    The last signature is told with what came of it: see ``scheduled`` and ``published``.
    """
    now = Submission.objects.get(pk=submission.pk)
    task = policy.current_task(now)
    if not now.is_open or task is None:
        return
    signer = Person(signature.user_id, signature.username, signature.name, signature.credentials)
    given = sum(s.step == task.name for s in signatures_for(now.uuid, now.sha256))
    to = recipients.reached([now.submitted_by_id], without=signer)
    words = {"signer": signer, "step": task.name, "missing": task.as_step().needed - given}
    queue_messages(
        _about(NoticeEvent.SIGNED, now, to, f"signature-{signature.pk}", **words), _ask(now, signer, signer)
    )


@isolate_failures
def scheduled(submission: Submission, by: Person) -> None:
    """Tell whoever wrote, submitted and signed it that it waits for its day."""
    people = recipients.writers_of(submission) | recipients.signers_of(submission)
    queue_messages(
        _about(
            NoticeEvent.SCHEDULED,
            submission,
            recipients.reached(people, without=by),
            signatures=signatures_for(submission.uuid, submission.sha256),
        )
    )


@isolate_failures
def published(submission: Submission, edition: Edition, by: Person) -> None:
    """Tell whoever wrote, submitted and signed it that patients read it now."""
    queue_messages(
        _about(
            NoticeEvent.PUBLISHED,
            submission,
            recipients.reached(recipients.makers_of(edition), without=by),
            edition=edition,
            summary=_summary(
                Edition.objects.filter(key=edition.key, number=edition.number - 1).first(), submission
            ),
            public_address=public_address(edition.path),
            address=address_of("review:record", edition.key),
        )
    )


@isolate_failures
def signature_void(signature: Signature, submission: Submission, by: Person, reason: str) -> None:
    """Tell somebody that what they signed was taken back."""
    to = recipients.reached([signature.user_id], without=by)
    which = f"signature-{signature.pk}"
    words = {"signature": signature, "by": by, "reason": reason}
    queue_messages(_about(NoticeEvent.SIGNATURE_VOID, submission, to, which, **words))


@isolate_failures
def withdrawn(edition: Edition, by: Person, note: str) -> None:
    """Tell editors, and whoever wrote, submitted and signed it, that patients no longer have a page."""
    to = recipients.reached(recipients.editors() | recipients.makers_of(edition), without=by)
    act = edition.withdrawals.order_by("-pk").values_list("pk", flat=True).first()
    queue_messages(
        compose(
            NoticeEvent.WITHDRAWN,
            f"page-{edition.key}/withdrawal-{act}",
            to,
            title=edition.title,
            edition=edition,
            by=by,
            note=note,
            address=address_of("review:record", edition.key),
        )
    )


@isolate_failures
def not_published(submission: Submission, why: str) -> None:
    """Tell editors, once for each cause, that a signed text could not be published on its day."""
    cause = hashlib.sha256(why.encode()).hexdigest()[:16]
    to = recipients.reached(recipients.editors())
    queue_messages(_about(NoticeEvent.NOT_PUBLISHED, submission, to, f"cause-{cause}", why=why))


def _summary(before: Edition | None, submission: Submission) -> str:
    """What changed, in a line; the text itself is not mailed."""
    return redline(before.document if before else None, submission.document).summary()


def _ask(submission: Submission, by: Person, signer: Person | None = None) -> Message:
    """Of the step it is at. Who has been asked for that step is not asked again."""
    task = policy.current_task(submission)
    to = recipients.reached(recipients.asked(submission), without=by)
    words = {"signer": signer, "summary": _summary(current_edition(submission.key), submission)}
    return _about(NoticeEvent.ASKED, submission, to, f"step-{task.pk if task else 0}", **words)


def _about(
    event: NoticeEvent, submission: Submission, to: list[Any], which: str = "", **words: Any
) -> Message:
    about = thread_of(submission)
    context = {
        "submission": submission,
        "submitter": submission.submitter_person,
        "address": address_of("review:review", submission.pk),
    }
    return compose(
        event, f"{about}/{which}" if which else about, to, title=submission.title, **context | words
    )
