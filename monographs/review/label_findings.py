"""What a draft leaves unanswered of the changes of its labels: said where the writer names the version."""

from monographs.label_watch.followed import is_number
from monographs.label_watch.models import UpdateTask
from monographs.models import MonographPage, ReviewedPage
from monographs.review.open_label_tasks import open_tasks_by_page
from monographs.rules.finding import Finding
from monographs.rules.rule import Severity

#: The name of these findings among those of the house rules.
LABEL_CHANGE = "label-change"


def unanswered_tasks(draft: ReviewedPage) -> list[UpdateTask]:
    """Return the open tasks that ``draft`` would not close if it was signed as it is. One query."""
    if not isinstance(draft, MonographPage) or not draft.pk:
        return []
    tasks = open_tasks_by_page([draft.translation_key]).get(draft.translation_key, [])
    return [task for task in tasks if not _names_its_version(draft, task)]


def label_findings(draft: ReviewedPage) -> list[Finding]:
    """Return a piece of advice for each task that the draft leaves open, at the field that would close it."""
    return [_finding(draft, task) for task in unanswered_tasks(draft)]


def _finding(draft: ReviewedPage, task: UpdateTask) -> Finding:
    found = f"The label has version {task.to_version} ({task.change_class}). {task.main_reason}".rstrip(".")
    if _names_label(draft, task):
        message = (
            f"{found}. Once the text agrees with it, write {task.to_version} here: signing that closes it."
        )
        return Finding(LABEL_CHANGE, Severity.ADVICE, "Label version", message, "label_version")
    message = f"{found}. The page follows this label, too ({task.set_id}): a reviewer signs the answer to it."
    return Finding(LABEL_CHANGE, Severity.ADVICE, "Label set id", message, "label_set_id")


def _names_label(draft: ReviewedPage, task: UpdateTask) -> bool:
    return isinstance(draft, MonographPage) and draft.label_set_id.strip().lower() == task.set_id


def _names_its_version(draft: MonographPage, task: UpdateTask) -> bool:
    version = draft.label_version.strip()
    return _names_label(draft, task) and is_number(version) and int(version) >= task.to_version
