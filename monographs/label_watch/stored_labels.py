"""The newest stored versions of labels, read once per process, for those who write and for house rules."""

import uuid
from collections.abc import Collection
from functools import lru_cache

from monographs.label_watch.models import FollowedLabel, LabelVersion
from monographs.labels import Label, read_label
from monographs.labels.spl import SET_ID

#: Labels that a process keeps, of one to five megabytes each: a writer opens section after section.
_KEPT = 4


def labels_of_page(key: uuid.UUID, named: str) -> list[str]:
    """Return the set ids that a page follows: first the one that its text names. One query."""
    others = FollowedLabel.objects.filter(key=key).order_by("pk").values_list("set_id", flat=True)
    return [each for each in dict.fromkeys([named.strip().lower(), *others]) if SET_ID.fullmatch(each)]


def newest_versions(set_ids: Collection[str]) -> list[LabelVersion]:
    """Return the newest stored version of each label, without bytes, in the given order. One query."""
    if not set_ids:
        return []
    rows = LabelVersion.objects.filter(set_id__in=set_ids).order_by("set_id", "-version", "id")
    found = {row.set_id: row for row in rows.distinct("set_id").defer("data")}
    return [found[set_id] for set_id in set_ids if set_id in found]


@lru_cache(maxsize=_KEPT)
def label_of(sha256: str) -> Label:
    """Return the stored version with this hash as a label. One query the first time."""
    return read_label(bytes(LabelVersion.objects.values_list("data", flat=True).get(sha256=sha256)))
