"""Signing that a page needs no change for a new version of its label."""

import uuid

from django.contrib.auth.models import User
from django.http import HttpRequest

from monographs.document.canonical import sha256_hex
from monographs.editions.models import Edition
from monographs.editions.queries import public_edition
from monographs.label_watch.label_answers import answer_text, store_answer
from monographs.label_watch.models import LabelAnswer, LabelVersion, UpdateTask
from monographs.label_watch.storage import stored_version
from monographs.label_watch.update_tasks import refresh_tasks
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions.base import Action
from monographs.review.actions.reauthentication import ReauthCredentials, create_signature
from monographs.review.label_answer_policy import user_can_answer
from monographs.review.record_locks import lock_rows
from monographs.review.signer_identity import check_signer_seen, locked_signer

#: The step that the signature names.
STEP = "Label change"
#: What it states.
ANSWER_MEANING = (
    "I have compared this version of the label with the page that patients read, and the page needs no "
    "change, for the reason stated. I answer for that."
)


class AnswerLabel(Action[LabelAnswer]):
    """Sign that the page of ``task`` needs no change: one qualified reviewer who did not write it.

    ``seen_version`` is the version of the label on the screen; ``seen_signer`` as for other signatures.
    """

    name = "answer label"

    def __init__(
        self,
        user: User,
        task: UpdateTask,
        *,
        reason: str,
        seen_version: int,
        password: str,
        seen_signer: str = "",
        code: str = "",
        request: HttpRequest | None = None,
    ) -> None:
        super().__init__(user)
        self.task = task
        self.reason = reason.strip()
        self.seen_version = seen_version
        self.seen_signer = seen_signer
        self.credentials = ReauthCredentials(user, password, code, request)

    def subject(self) -> uuid.UUID:
        return self.task.key

    def prepare(self) -> None:
        self._check()
        self.credentials.confirm()

    def perform(self) -> LabelAnswer:
        lock_rows(self.task.key)
        self.user = locked_signer(self.user)
        self.task.refresh_from_db()
        edition, label = self._check()
        self.credentials.check_account(self.user)
        act = uuid.uuid4()
        text = answer_text(act, edition, label, self.task.from_version, self.reason)
        signature = create_signature(
            self.user,
            self.actor,
            self.credentials.method,
            submission=act,
            key=edition.key,
            sha256=sha256_hex(text.encode()),
            step=STEP,
            meaning=ANSWER_MEANING,
        )
        answer = store_answer(signature, edition, label, self.task.from_version, self.reason, self.actor)
        refresh_tasks([edition.key])
        return answer

    def _check(self) -> tuple[Edition, LabelVersion]:
        """Return the edition and the label's version. Raises ``PolicyError`` unless the user may answer."""
        edition = public_edition(self.task.key)
        user_can_answer(self.user, self.task, edition).enforce()
        label = stored_version(self.task.set_id, self.task.to_version)
        if edition is None or label is None or label.version != self.seen_version:
            raise PolicyError(
                Rule.STALE,
                "The label has a newer version than the one on your screen. Reload the page and compare it.",
            )
        if not self.reason:
            raise PolicyError(Rule.NO_REASON, "Say why the page needs no change; the next reviewer reads it.")
        check_signer_seen(self.user, self.seen_signer, step=STEP, meaning=ANSWER_MEANING)
        return edition, label
