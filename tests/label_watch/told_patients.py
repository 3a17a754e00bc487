"""A signed sentence for patients, made through the actions."""

from typing import Any

from monographs.editions.models import PreparedSentence
from monographs.label_watch.label_tasks import refresh_label_tasks
from monographs.label_watch.models import FollowedLabel
from monographs.label_watch.storage import store_label
from monographs.labels import read_label
from monographs.review.actions import AskSentence, SignSentence
from tests.factories import PASSWORD
from tests.label_watch.label_service import SET_IDS, label_xml


def tell_patients(key: Any, editor: Any, reviewer: Any) -> PreparedSentence:
    """Let a page follow a label that changes gravely, and its patients be told."""
    FollowedLabel.objects.create(key=key, set_id=SET_IDS[0])
    for version, box in ((1, "Fever can be fatal."), (2, "Fever can kill.")):
        data = label_xml(version, box)
        store_label(data, read_label(data), "here")
    (task,) = refresh_label_tasks([key])
    AskSentence(editor, task).execute()
    return SignSentence(reviewer, task, seen_version=2, password=PASSWORD).execute()
