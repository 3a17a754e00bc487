"""Fetching the newest version of a label at once, for a writer whose draft names it."""

from django.db import transaction

from monographs.imports.from_label.label_source import fetched_label
from monographs.label_watch.label_checks import CheckedLabel, stored_line
from monographs.label_watch.label_tasks import refresh_label_tasks
from monographs.label_watch.models import FollowedLabel, WatchedEdition
from monographs.label_watch.storage import newest_stored, store_label


def fetch_and_store(set_id: str) -> CheckedLabel:
    """Ask the service of the settings for a label, store its newest version, and look at the label tasks.

    One attempt, within 20 s. Raises ``ImportRefused`` with what to do. It marks nothing as checked: only a
    check asks which versions there are.
    """
    found = fetched_label(set_id, takes_files=False)
    with transaction.atomic():
        before = newest_stored(set_id)
        store_label(found.data, found.label, found.origin)
        line = stored_line(set_id, before)
    named = WatchedEdition.objects.filter(set_id=set_id).values_list("key", flat=True)
    followed = FollowedLabel.objects.filter(set_id=set_id).values_list("key", flat=True)
    if keys := {*named, *followed}:
        refresh_label_tasks(keys)
    return line
