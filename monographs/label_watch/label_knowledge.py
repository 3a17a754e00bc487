"""How old the knowledge of the followed labels is, and about which of them services say nothing."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q, QuerySet

from monographs.label_watch.followed_labels import followed_labels
from monographs.label_watch.models import FollowedLabel, LabelCheck, LabelNotice, WatchedEdition
from monographs.label_watch.stored_labels import newest_versions
from monographs.label_watch.watched_editions import watch_missing_editions


@dataclass(frozen=True, slots=True)
class LabelKnowledge:
    """Age and failures of the answers about labels in the last round of checks.

    ``failing`` are those whose last question failed, ``never`` those about which no answer ever came, and
    ``gone`` those that the service does not know any more.
    """

    followed: int
    oldest: datetime | None
    newest: datetime | None
    failing: int
    failing_since: datetime | None
    never: int
    gone: int

    def age(self, now: datetime) -> timedelta:
        """How old the oldest answer is; where none ever came, since when questions fail."""
        since = self.oldest or self.failing_since
        return max(now - since, timedelta(0)) if since else timedelta(0)


def label_knowledge() -> LabelKnowledge:
    """Return the facts. One query."""
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


@dataclass(frozen=True, slots=True)
class NoticedLabel:
    """What was noticed about a followed label: ``label_title`` is empty if no version of it is stored."""

    notice: LabelNotice
    label_title: str
    keys: frozenset[uuid.UUID]


def recent_notices(most: int = 20, set_ids: Collection[str] | None = None) -> list[NoticedLabel]:
    """Return what was noticed last about labels that are followed, or some of them. Four queries at most."""
    followed = LabelCheck.objects.values("set_id")
    found = LabelNotice.objects.filter(set_id__in=followed if set_ids is None else set_ids)[:most]
    concerned = {notice.set_id for notice in found}
    titles = {version.set_id: version.title for version in newest_versions(concerned)}
    pages: defaultdict[str, set[uuid.UUID]] = defaultdict(set)
    for model in (WatchedEdition, FollowedLabel) if concerned else ():
        for set_id, key in model.objects.filter(set_id__in=concerned).values_list("set_id", "key"):
            pages[set_id].add(key)
    return [
        NoticedLabel(notice, titles.get(notice.set_id, ""), frozenset(pages[notice.set_id]))
        for notice in found
    ]


def failing_labels(most: int, set_ids: Collection[str] | None = None) -> list[LabelCheck]:
    """Return labels whose last question failed, those that fail longest first. One query.

    Not those that are said to be gone, all at once: that is about the service.
    """
    found = LabelCheck.objects.filter(failing_since__isnull=False, doubted_since=None)
    found = found if set_ids is None else found.filter(set_id__in=set_ids)
    return list(found.order_by("failing_since", "set_id")[:most])


def answered_since(time: datetime | None) -> QuerySet[LabelCheck]:
    """Return the labels that were wholly answered at a time or later; none if it is None."""
    if time is None:
        return LabelCheck.objects.none()
    return LabelCheck.objects.filter(checked_at__gte=time, failing_since=None)


def begin_round(since: datetime | None = None) -> list[str]:
    """Return the set ids that are to be asked for: those that fail last, so that they keep no other waiting.

    Each gets a state, and no other label keeps one: a label that nobody follows is not asked, and would age.
    With ``since``, when the round began, labels that were answered in it are left out.
    """
    watch_missing_editions()
    wanted = followed_labels().keys()
    stored = set(LabelCheck.objects.values_list("set_id", flat=True))
    LabelCheck.objects.filter(set_id__in=stored - wanted).delete()
    LabelCheck.objects.bulk_create(
        (LabelCheck(set_id=set_id) for set_id in sorted(wanted - stored)), ignore_conflicts=True
    )
    failing = set(LabelCheck.objects.filter(failing_since__isnull=False).values_list("set_id", flat=True))
    answered = set(answered_since(since).values_list("set_id", flat=True))
    return sorted(wanted - answered, key=lambda set_id: (set_id in failing, set_id))
