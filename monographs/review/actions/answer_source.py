"""Answering that a source of a page is still right, although it changed or does not answer."""

import uuid

from django.contrib.auth.models import User

from monographs.core.db_clock import database_now
from monographs.core.locks import lock_source_tasks
from monographs.editions.ledger import Event, append_entry
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions.base import Action
from monographs.review.page_access import user_can_see_review_screens
from monographs.review.policy import ALLOWED, Verdict
from monographs.review.sources_of_pages.source_tasks import faults_hash
from monographs.source_library.models import SourceOutcome, SourceTask


def user_can_answer_source(user: User, task: SourceTask) -> Verdict:
    """Whether ``user`` may answer ``task``: all who write or review, since nothing is published by it."""
    if not user.is_active or not user_can_see_review_screens(user):
        return Verdict(False, Rule.NOT_ALLOWED_HERE, "Only who writes or reviews answers for a source.")
    if task.closed_at is not None:
        return Verdict(False, Rule.STALE, "It was answered, or the page changed. Nothing is left.")
    return ALLOWED


class AnswerSource(Action[SourceTask]):
    """Answer, with a reason, that the page of ``task`` may go on showing its source, which closes it.

    ``seen_faults`` is the hash of what was wrong with it on the screen (``faults_hash``). The answer is in
    the ledger; the task opens again when anything else happens to the source.
    """

    name = "answer source"

    def __init__(self, user: User, task: SourceTask, *, reason: str, seen_faults: str) -> None:
        super().__init__(user)
        self.task = task
        self.reason = reason.strip()
        self.seen_faults = seen_faults

    def subject(self) -> uuid.UUID:
        return self.task.key

    def perform(self) -> SourceTask:
        lock_source_tasks()
        task = SourceTask.objects.select_related("source").get(pk=self.task.pk)
        user_can_answer_source(self.user, task).enforce()
        if not self.reason:
            raise PolicyError(Rule.NO_REASON, "Say why it is still right; the next reviewer reads it.")
        if faults_hash(task) != self.seen_faults:
            raise PolicyError(
                Rule.STALE, "Something else happened to the source since you opened this. Read it again."
            )
        task.closed_at, task.outcome = database_now(), SourceOutcome.ANSWERED
        task.reason, task.answerer = self.reason, self.actor.as_record()
        task.save()
        data = {
            "source": task.source_id,
            "title": str(task.source),
            "edition": task.edition,
            "faults": task.faults,
            "reason": self.reason,
        }
        append_entry(Event.SOURCE_ANSWERED, self.actor, data, subject=task.key)
        return task
