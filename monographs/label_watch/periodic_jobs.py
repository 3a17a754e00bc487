"""Periodic work on labels: new versions, and the tasks that follow from them."""

from collections import Counter
from datetime import timedelta

from monographs.label_watch.check import CheckResult, check_service
from monographs.label_watch.configured_source import configured_service
from monographs.label_watch.followed import followed_labels
from monographs.label_watch.update_tasks import refresh_tasks
from monographs.scheduler.job import JobFailed, periodic_job


@periodic_job(
    "check_labels",
    every="04:00",
    title="Asks for new versions of the labels that monographs rest on, and opens update tasks",
    limit=timedelta(hours=6),
    own_process=True,
)
def check_followed_labels() -> str:
    """Ask the service of ``LABEL_SOURCE`` for every followed label; without one, only look at tasks again."""
    service = configured_service()
    lines = list(check_service(service, sorted(followed_labels()))) if service else []
    refresh_tasks()
    counts = Counter(line.result for line in lines)
    found = ", ".join(f"{counts[result]} {result.value}" for result in CheckResult if counts[result])
    if failed := [line for line in lines if line.failed]:
        raise JobFailed(f"{found}; {failed[0].set_id}: {failed[0].detail}")
    return found or "no label to ask for"
