"""Periodic work on labels: new versions, and the tasks that follow from them."""

from collections import Counter
from datetime import timedelta

from monographs.label_watch.check import CheckResult, check_service
from monographs.label_watch.configured_source import configured_service
from monographs.label_watch.label_knowledge import begin_round
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
    counts: Counter[CheckResult] = Counter()
    failure = ""
    followed = begin_round()
    for line in check_service(service, followed) if service else ():
        counts[line.result] += 1
        failure = failure or (f"{line.set_id}: {line.detail}" if line.failed else "")
    refresh_tasks()
    found = ", ".join(f"{counts[result]} {result.value}" for result in CheckResult if counts[result])
    if failure:
        raise JobFailed(f"{found}; {failure}")
    return found or "no label to ask for"
