"""How old the knowledge of the followed labels is, and about which of them sources say nothing."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, Q

from monographs.label_watch.followed import followed_labels
from monographs.label_watch.models import LabelCheck
from monographs.label_watch.watched_editions import watch_missing_editions


@dataclass(frozen=True, slots=True)
class LabelKnowledge:
    """Figures of the last complete answers about the labels of the last round of checks.

    ``failing`` are those whose last question failed, ``never`` those about which no answer ever came, and
    ``gone`` those that the source does not know any more.
    """

    followed: int
    oldest: datetime | None
    newest: datetime | None
    failing: int
    failing_since: datetime | None
    never: int
    gone: int


def label_knowledge() -> LabelKnowledge:
    """Return the figures. One query."""
    return LabelKnowledge(
        **LabelCheck.objects.aggregate(
            followed=Count("pk"),
            oldest=Min("checked_at"),
            newest=Max("checked_at"),
            failing=Count("pk", Q(failing_since__isnull=False)),
            failing_since=Min("failing_since"),
            never=Count("pk", Q(checked_at=None)),
            gone=Count("pk", Q(gone_since__isnull=False)),
        )
    )


def begin_round() -> list[str]:
    """Return the set ids that are to be asked for, in order.

    Each gets a state, and no other label keeps one: a label that nobody follows is not asked, and would age.
    """
    watch_missing_editions()
    wanted = followed_labels().keys()
    stored = set(LabelCheck.objects.values_list("set_id", flat=True))
    LabelCheck.objects.filter(set_id__in=stored - wanted).delete()
    LabelCheck.objects.bulk_create(
        (LabelCheck(set_id=set_id) for set_id in sorted(wanted - stored)), ignore_conflicts=True
    )
    return sorted(wanted)
