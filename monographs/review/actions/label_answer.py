"""Signing that a page needs no change for a new version of its label."""

import uuid
from typing import Unpack

from django.contrib.auth.models import User

from monographs.editions.models import Edition
from monographs.label_watch.label_answers import answer_text, store_answer
from monographs.label_watch.label_tasks import refresh_label_tasks
from monographs.label_watch.models import LabelAnswer, LabelVersion, UpdateTask
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions.signed_action import Signing
from monographs.review.actions.signed_label_task_action import SignedLabelTaskAction
from monographs.review.policies.label_answer_policy import user_can_answer
from monographs.review.policy import Verdict

#: The step that the signature names.
STEP = "Label change"
#: What it states.
ANSWER_MEANING = (
    "I have compared this version of the label with the page that patients read, and the page needs no "
    "change, for the reason stated. I answer for that."
)


class AnswerLabel(SignedLabelTaskAction[LabelAnswer]):
    """Sign that the page of ``task`` needs no change: one qualified reviewer who did not write it.

    ``seen_version`` is the version of the label on the screen.
    """

    name = "answer label"
    step, meaning = STEP, ANSWER_MEANING

    def __init__(
        self, user: User, task: UpdateTask, *, reason: str, seen_version: int, **signing: Unpack[Signing]
    ) -> None:
        super().__init__(user, task, seen_version=seen_version, **signing)
        self.reason = reason.strip()

    def verdict(self, edition: Edition | None) -> Verdict:
        return user_can_answer(self.user, self.task, edition)

    def check(self) -> tuple[Edition, LabelVersion]:
        checked = super().check()
        if not self.reason:
            raise PolicyError(Rule.NO_REASON, "Say why the page needs no change; the next reviewer reads it.")
        return checked

    def act(self, checked: tuple[Edition, LabelVersion]) -> LabelAnswer:
        edition, label = checked
        act = uuid.uuid4()
        text = answer_text(act, edition, label, self.task.from_version, self.reason)
        signature = self.sign(act, text)
        answer = store_answer(signature, edition, label, self.task.from_version, self.reason, self.actor)
        refresh_label_tasks([edition.key])
        return answer
