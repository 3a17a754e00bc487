"""How old the knowledge of the followed labels is, and about which of them sources say nothing."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, Q

from monographs.label_watch.followed import followed_labels
from monographs.label_watch.models import FollowedLabel, LabelCheck, LabelNotice, WatchedEdition
from monographs.label_watch.stored_labels import newest_versions
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
