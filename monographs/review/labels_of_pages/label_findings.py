"""What a draft leaves unanswered of the changes of its labels, and which of these cannot be checked.

It is said where the writer names the label and its version.
"""

from monographs.label_watch.followed_labels import is_number
from monographs.label_watch.label_knowledge import failing_labels
from monographs.label_watch.models import LabelCheck, UpdateTask
from monographs.label_watch.stored_labels import labels_of_page
from monographs.models import MonographPage, ReviewedPage
from monographs.presentation.moments import long_day_text
from monographs.review.labels_of_pages.open_label_tasks import open_label_tasks_by_page
from monographs.rules.finding import Finding
from monographs.rules.rule import Severity

#: The names of these findings among those of the house rules.
LABEL_CHANGE, LABEL_CHECK = "label-change", "label-check"
#: At most so many failing labels of a page get a finding.
_MOST_FAILING = 5


def unanswered_label_tasks(draft: ReviewedPage) -> list[UpdateTask]:
    """Return the open tasks that ``draft`` would not close if it was signed as it is. One query."""
    if not isinstance(draft, MonographPage) or not draft.pk:
        return []
    tasks = open_label_tasks_by_page([draft.translation_key]).get(draft.translation_key, [])
    return [task for task in tasks if not _names_its_version(draft, task)]


def label_findings(draft: ReviewedPage) -> list[Finding]:
    """Return a piece of advice for each task that the draft leaves open, at the field that would close it.

    And one for each label of the draft whose last check failed.
    """
    return [
        *(_finding(draft, task) for task in unanswered_label_tasks(draft)),
        *(_failing(label) for label in _failing_labels(draft)),
    ]


def _failing_labels(draft: ReviewedPage) -> list[LabelCheck]:
    """Return the labels of a page that fail. Two queries."""
    if not isinstance(draft, MonographPage) or not draft.pk:
        return []
    return failing_labels(_MOST_FAILING, labels_of_page(draft.translation_key, draft.label_set_id))


def _failing(label: LabelCheck) -> Finding:
    since = f" since {long_day_text(label.failing_since)}" if label.failing_since else ""
    message = (
        f"No check of the label {label.set_id} has succeeded{since}, so nobody is told when it changes: "
        f"{label.error}"
    )
    return Finding(LABEL_CHECK, Severity.ADVICE, "Label set id", message, "label_set_id")


def _finding(draft: ReviewedPage, task: UpdateTask) -> Finding:
    found = f"Label changed ({task.change_class}): {task.label_words}. {task.main_reason}".rstrip(".")
    if names_label(draft, task):
        message = (
            f"{found}. Once the text agrees with it, write {task.to_version} here: signing that closes it."
        )
        return Finding(LABEL_CHANGE, Severity.ADVICE, "Label version", message, "label_version")
    message = f"{found}. The page follows this label, too ({task.set_id}): a reviewer signs the answer to it."
    return Finding(LABEL_CHANGE, Severity.ADVICE, "Label set id", message, "label_set_id")


def names_label(draft: ReviewedPage, task: UpdateTask) -> bool:
    """Return whether the label of ``task`` is the one that the draft names, and not one it only follows."""
    return isinstance(draft, MonographPage) and draft.label_set_id.strip().lower() == task.set_id


def _names_its_version(draft: MonographPage, task: UpdateTask) -> bool:
    version = draft.label_version.strip()
    return names_label(draft, task) and is_number(version) and int(version) >= task.to_version
