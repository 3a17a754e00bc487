"""Base class of what reviewers sign about the label task of a label."""

import uuid
from abc import abstractmethod
from typing import TypeVar, Unpack

from django.contrib.auth.models import User

from monographs.editions.models import Edition
from monographs.editions.queries import public_edition
from monographs.label_watch.models import LabelVersion, UpdateTask
from monographs.label_watch.storage import stored_version
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions.signed_action import SignedAction, Signing
from monographs.review.policy import Verdict

#: What is said when the task has moved on to a newer version than the signer has seen.
OTHER_VERSION = "The label has a newer version than the one on your screen. Reload the page and compare it."

Result = TypeVar("Result")


class SignedLabelTaskAction(SignedAction[tuple[Edition, LabelVersion], Result]):
    """An attempt to sign something about the edition that patients read and the label's version of ``task``.

    ``seen_version`` is the version of the label on the screen.
    """

    def __init__(
        self, user: User, task: UpdateTask, *, seen_version: int, **signing: Unpack[Signing]
    ) -> None:
        super().__init__(user, **signing)
        self.task = task
        self.seen_version = seen_version

    @abstractmethod
    def verdict(self, edition: Edition | None) -> Verdict:
        """Return whether the user may sign it, with the edition that patients read."""

    def subject(self) -> uuid.UUID:
        return self.task.key

    def check(self) -> tuple[Edition, LabelVersion]:
        """Return the edition and the label's version. Raises ``PolicyError`` unless the user may sign."""
        self.task.refresh_from_db()
        edition = public_edition(self.task.key)
        self.verdict(edition).enforce()
        label = stored_version(self.task.set_id, self.task.to_version)
        if edition is None or label is None or label.version != self.seen_version:
            raise PolicyError(Rule.STALE, OTHER_VERSION)
        return edition, label
