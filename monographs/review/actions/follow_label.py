"""Letting a page follow a label besides the one that its edition names, and ending that."""

import uuid

from django.contrib.auth.models import User

from monographs.editions.ledger import Event, append_entry
from monographs.label_watch.followed_labels import followings
from monographs.label_watch.label_tasks import refresh_label_tasks
from monographs.label_watch.models import FollowedLabel, LabelCheck
from monographs.labels.spl import SET_ID
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions.base import Action
from monographs.review.policies.label_answer_policy import user_can_choose_labels


class _FollowAction(Action[None]):
    """An attempt to change which labels the page with ``key`` follows."""

    def __init__(self, user: User, key: uuid.UUID, set_id: str, *, reason: str) -> None:
        super().__init__(user)
        self.key = key
        self.set_id = set_id.strip().lower()
        self.reason = reason.strip()

    def subject(self) -> uuid.UUID:
        return self.key

    def check(self) -> None:
        """Raise ``PolicyError`` unless the user may choose labels and says why."""
        user_can_choose_labels(self.user).enforce()
        if not self.reason:
            raise PolicyError(Rule.NO_REASON, "Say why; whoever looks at the page's labels next reads it.")

    def record(self, event: Event) -> None:
        """Write the ledger entry, and look at the page's label tasks again."""
        append_entry(event, self.actor, {"set_id": self.set_id, "reason": self.reason}, subject=self.key)
        refresh_label_tasks([self.key])


class FollowLabel(_FollowAction):
    """Add a label that the page follows; the next check requests it."""

    name = "follow label"

    def perform(self) -> None:
        self.check()
        if not SET_ID.fullmatch(self.set_id):
            raise PolicyError(Rule.NOT_ALLOWED_HERE, "This is no set id.")
        named = {each.set_id for each in followings([self.key])}
        known = FollowedLabel.objects.filter(key=self.key, set_id=self.set_id).exists()
        if known or self.set_id in named:
            raise PolicyError(Rule.NOT_ALLOWED_HERE, "The page follows this label already.")
        FollowedLabel.objects.create(key=self.key, set_id=self.set_id)
        LabelCheck.objects.get_or_create(set_id=self.set_id)
        self.record(Event.LABEL_FOLLOWED)


class UnfollowLabel(_FollowAction):
    """Remove a label that the page follows; its open label task closes."""

    name = "unfollow label"

    def perform(self) -> None:
        self.check()
        removed, _ = FollowedLabel.objects.filter(key=self.key, set_id=self.set_id).delete()
        if not removed:
            raise PolicyError(Rule.NOT_ALLOWED_HERE, "The page does not follow this label any more.")
        self.record(Event.LABEL_UNFOLLOWED)
