"""Notifications about submissions, signatures, publications and withdrawals."""

import hashlib
from typing import Any

from django.contrib.auth.models import User

from monographs.core.db_clock import database_now
from monographs.editions.models import Edition, Signature
from monographs.editions.person import Person
from monographs.editions.queries import current_edition, edition_before
from monographs.editions.record.expert_rules import OUTSIDE
from monographs.editions.signatures import signatures_for
from monographs.editions.standard_texts import KIND as STANDARD_TEXT
from monographs.review import policy
from monographs.review.mentions import mentioned
from monographs.review.models import Notice, RetirementProposal, Submission
from monographs.review.notes import notes_by_section, open_notes
from monographs.review.notifications import recipients
from monographs.review.notifications.about_drafts import merge_requests
from monographs.review.notifications.events import NoticeEvent
from monographs.review.notifications.messages import Message, admin_url, compose, public_url, thread_of
from monographs.review.notifications.outbox import isolate_failures, queue_messages
from monographs.review.progress import compared_texts
from monographs.review.replacement.where_used import pages_with_other_words


@isolate_failures
def submitted(submission: Submission) -> None:
    """Ask the named reviewers of the submission to sign, or all who may sign if none are named."""
    by = submission.submitter_person
    asked = _request(submission, by)
    told = {user.pk for message in asked for user in message.to}
    queue_messages(*asked, *_mentions(submission, by, submission.reason, "why-submitted", told))


@isolate_failures
def returned(submission: Submission, by: Person, reason: str) -> None:
    """Notify submitter and writers of what must be fixed, with the open notes.

    Emails about single notes that have not been sent yet are dropped: this one contains the notes.
    """
    to = recipients.reachable_accounts(recipients.writers_of(submission), without=by)
    placed = notes_by_section(open_notes(submission.key), submission.document).values()
    notes = [note for group in placed for note in group]
    unsent = Notice.objects.filter(event=NoticeEvent.NOTE_LEFT, sent_at=None, user__in=to)
    unsent.filter(about__startswith=f"{thread_of(submission)}/").update(sent_at=database_now())
    edit = admin_url("wagtailadmin_pages:edit", submission.page_id) if submission.page_id else ""
    context: dict[str, Any] = {"by": by, "reason": reason, "notes": notes, "edit_url": edit}
    queue_messages(
        *_about(NoticeEvent.RETURNED, submission, to, **context),
        *_mentions(submission, by, reason, "why-returned", {user.pk for user in to}),
    )


@isolate_failures
def signed(signature: Signature, submission: Submission) -> None:
    """Notify the submitter and ask the next signers, while more signatures are needed.

    The last signature is part of the notification of its outcome: see ``scheduled`` and ``published``.
    """
    if not submission.is_open:
        return
    now = Submission.objects.with_step().get(pk=submission.pk)
    task = policy.current_task(now)
    if not now.is_open or task is None:
        return
    signer = Person(signature.user_id, signature.username, signature.name, signature.credentials)
    given = sum(s.step == task.name for s in signatures_for(now.uuid, now.sha256))
    to = recipients.reachable_accounts([now.submitted_by_id], without=signer)
    context = {"signer": signer, "step": task.name, "missing": task.as_step().needed - given}
    queue_messages(
        *_about(NoticeEvent.SIGNED, now, to, f"signature-{signature.pk}", **context),
        *_request(now, signer, signer),
    )


@isolate_failures
def scheduled(submission: Submission, by: Person) -> None:
    """Notify writers, submitter and signers that the text is scheduled."""
    people = recipients.writers_of(submission) | recipients.signers_of(submission)
    queue_messages(
        *_about(
            NoticeEvent.SCHEDULED,
            submission,
            recipients.reachable_accounts(people, without=by),
            signatures=signatures_for(submission.uuid, submission.sha256),
        )
    )


@isolate_failures
def published(submission: Submission, edition: Edition, by: Person) -> None:
    """Notify writers, submitter and signers that the text is published; of a standard text, editors, too.

    Those who wrote a draft that is set aside are asked to merge it.
    """
    is_kept = edition.kind == STANDARD_TEXT
    people = recipients.people_of_edition(edition) | (recipients.editors() if is_kept else set())
    queue_messages(
        *_about(
            NoticeEvent.PUBLISHED,
            submission,
            recipients.reachable_accounts(people, without=by),
            edition=edition,
            is_kept=is_kept,
            older=pages_with_other_words([edition]).get(edition.key, 0) if is_kept else 0,
            summary=_summary(edition_before(edition), submission),
            public_url=public_url(edition.path),
            url=admin_url("standard_texts:text" if is_kept else "review:record", edition.key),
        ),
        *merge_requests(edition),
    )


@isolate_failures
def signature_void(signature: Signature, submission: Submission, by: Person, reason: str) -> None:
    """Notify a signer that their signature is void because the text was recalled or returned."""
    to = recipients.reachable_accounts([signature.user_id], without=by)
    context = {"signature": signature, "by": by, "reason": reason}
    queue_messages(
        *_about(NoticeEvent.SIGNATURE_VOID, submission, to, f"signature-{signature.pk}", **context)
    )


@isolate_failures
def withdrawn(edition: Edition, by: Person, note: str) -> None:
    """Notify editors, writers, submitter and signers that a page is withdrawn from patients."""
    to = recipients.reachable_accounts(
        recipients.editors() | recipients.people_of_edition(edition), without=by
    )
    withdrawal = edition.withdrawals.order_by("-pk").values_list("pk", flat=True).first()
    queue_messages(
        *compose(
            NoticeEvent.WITHDRAWN,
            f"page-{edition.key}/withdrawal-{withdrawal}",
            to,
            title=edition.title,
            edition=edition,
            by=by,
            note=note,
            url=admin_url("review:record", edition.key),
        )
    )


@isolate_failures
def retirement_proposed(proposal: RetirementProposal) -> None:
    """Notify reviewers, who may sign it, and editors that it is proposed to retire a page."""
    edition = current_edition(proposal.key)
    by = proposal.proposer_person
    to = recipients.reachable_accounts(recipients.editors() | recipients.reviewers(), without=by)
    queue_messages(
        *compose(
            NoticeEvent.RETIREMENT_PROPOSED,
            f"page-{proposal.key}/retirement-{proposal.pk}",
            to,
            title=edition.title if edition else "",
            proposal=proposal,
            by=by,
            url=admin_url("review:record", proposal.key),
        )
    )


@isolate_failures
def not_published(submission: Submission, why: str) -> None:
    """Notify editors, once for each cause, that a scheduled text could not be published."""
    cause = hashlib.sha256(why.encode()).hexdigest()[:16]
    to = recipients.reachable_accounts(recipients.editors())
    queue_messages(*_about(NoticeEvent.NOT_PUBLISHED, submission, to, f"cause-{cause}", why=why))


def _summary(before: Edition | None, submission: Submission) -> str:
    """Return a one-line summary of the changes; the text itself is not emailed."""
    return compared_texts(before.canonical if before else None, submission.canonical).summary()


def _request(submission: Submission, by: Person, signer: Person | None = None) -> list[Message]:
    """Return the request to sign at the current step. Nobody is asked twice for one step."""
    task = policy.current_task(submission)
    to = recipients.reachable_accounts(recipients.requested_signers(submission), without=by)
    context = {"signer": signer, "summary": _summary(current_edition(submission.key), submission)}
    return _about(NoticeEvent.ASKED, submission, to, f"step-{task.pk if task else 0}", **context)


def _mentions(submission: Submission, by: Person, reason: str, subject: str, told: set[int]) -> list[Message]:
    """Return the messages to those whom a reason mentions, without those who are ``told`` of it in any case.

    An outside expert mentions nobody, as in notes.
    """
    people = [] if by.username.startswith(OUTSIDE) else mentioned(submission.key, reason)[0]
    to = recipients.reachable_accounts({user.pk for user in people} - told, without=by)
    return _about(NoticeEvent.MENTIONED, submission, to, subject, by=by, words=reason)


def _about(
    event: NoticeEvent, submission: Submission, to: list[User], subject: str = "", **context: Any
) -> list[Message]:
    thread = thread_of(submission)
    defaults = {
        "submission": submission,
        "submitter": submission.submitter_person,
        "url": admin_url("review:review", submission.pk),
    }
    return compose(
        event, f"{thread}/{subject}" if subject else thread, to, title=submission.title, **defaults | context
    )
