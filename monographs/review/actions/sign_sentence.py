"""The prepared sentence for patients: an editor asks for it, a qualified reviewer signs it."""

import uuid

from django.contrib.auth.models import User

from monographs.core.db_clock import database_now
from monographs.core.locks import lock_label
from monographs.editions.ledger import Event, append_entry
from monographs.editions.models import Edition, PreparedSentence
from monographs.editions.prepared_sentences import ChangedLabel, sentence_text, store_sentence
from monographs.editions.queries import public_edition
from monographs.label_watch.models import LabelVersion, UpdateTask
from monographs.review import notifications
from monographs.review.actions.base import Action
from monographs.review.actions.signed_label_task_action import SignedLabelTaskAction
from monographs.review.models import SentenceRequest
from monographs.review.policies.label_answer_policy import (
    open_request,
    user_can_ask_sentence,
    user_can_sign_sentence,
)
from monographs.review.policy import Verdict
from monographs.review.record_locks import lock_rows

#: The step that the signature names.
SENTENCE_STEP = "Sentence for patients"
#: What it states.
SENTENCE_MEANING = (
    "The label of this medicine changed gravely, and the page is not checked yet. Patients shall read the "
    "prepared sentence until it is. I answer for that."
)


def changed_label(label: LabelVersion) -> ChangedLabel:
    """Return the facts of a stored version that a sentence is about; nothing of what the label says."""
    return ChangedLabel(label.set_id, label.version, label.sha256, label.effective)


class AskSentence(Action[SentenceRequest]):
    """Ask for the prepared sentence on the page of ``task``; patients see no change before it is signed."""

    name = "ask sentence"

    def __init__(self, user: User, task: UpdateTask) -> None:
        super().__init__(user)
        self.task = task

    def subject(self) -> uuid.UUID:
        return self.task.key

    def perform(self) -> SentenceRequest:
        lock_rows(self.task.key)
        lock_label(self.task.set_id)
        self.task.refresh_from_db()
        user_can_ask_sentence(self.user, self.task, public_edition(self.task.key)).enforce()
        request = SentenceRequest.objects.create(
            task=self.task, asked_by=self.user, asker=self.actor.as_record(), asked_at=database_now()
        )
        asked = {"request": request.pk, "set_id": self.task.set_id, "version": self.task.to_version}
        append_entry(Event.SENTENCE_ASKED, self.actor, asked, subject=self.task.key)
        notifications.sentence_asked(request)
        return request


class SignSentence(SignedLabelTaskAction[PreparedSentence]):
    """Sign the sentence that an editor asked for: patients read it until the change is answered."""

    name = "sign sentence"
    step, meaning = SENTENCE_STEP, SENTENCE_MEANING

    def verdict(self, edition: Edition | None) -> Verdict:
        return user_can_sign_sentence(self.user, self.task, edition)

    def act(self, checked: tuple[Edition, LabelVersion]) -> PreparedSentence:
        lock_label(self.task.set_id)
        edition, stored = self.check()  # no newer version and no end of the task can come any more
        label = changed_label(stored)
        act = uuid.uuid4()
        signature = self.sign(act, sentence_text(act, edition, label))
        sentence = store_sentence(signature, edition, label, self.actor)
        if request := open_request(self.task):
            request.signed_at = database_now()
            request.save(update_fields=["signed_at"])
        return sentence
