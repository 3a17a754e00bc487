"""Periodic work on labels: new versions, and the tasks that follow from them."""

from collections import Counter
from datetime import datetime, timedelta

from monographs.core.db_clock import database_now
from monographs.label_watch.configured_source import configured_service
from monographs.label_watch.label_checks import CheckResult, check_service
from monographs.label_watch.label_knowledge import begin_round, label_knowledge
from monographs.label_watch.label_tasks import refresh_label_tasks
from monographs.scheduler.job import JobFailed, periodic_job
from monographs.scheduler.models import JobState

JOB = "check_labels"
#: An answer that is older does not count as one of the same round, however long attempts have failed.
_LONGEST_ROUND = timedelta(days=1)


@periodic_job(
    JOB,
    every="04:00",
    title="Asks for new versions of the labels that monographs rest on, and opens label tasks",
    limit=timedelta(hours=6),
    own_process=True,
)
def check_followed_labels() -> str:
    """Ask the service of ``LABEL_SOURCE`` for every followed label; without one, only look at tasks again.

    It fails, and is tried again for the labels that were not answered, if the service is away or nothing was
    learned. A label that fails by itself waits for the next round: ``label_knowledge.failing_labels``.
    """
    service, since = configured_service(), _round_start()
    counts: Counter[CheckResult] = Counter()
    failure = away = ""
    asked = begin_round(since)
    for line in check_service(service, asked, since=since) if service else ():
        counts[line.result] += 1
        if line.service_away:
            away = away or line.detail
        elif line.failed:
            failure = failure or f"{line.set_id}: {line.detail}"
    refresh_label_tasks()
    found = ", ".join(f"{counts[result]} {result.value}" for result in CheckResult if counts[result])
    answers = sum(counts.values()) - counts[CheckResult.FAILED] - counts[CheckResult.NOT_ASKED]
    learned = answers or len(asked) < label_knowledge().followed
    if away or (failure and not learned):
        raise JobFailed(f"{found}; {away or failure}")
    return "; ".join(filter(None, [found or "no label to ask for", failure]))


def _round_start() -> datetime | None:
    """Return since when answers belong to the round that an attempt goes on with; None for the first one."""
    state = JobState.objects.filter(pk=JOB).first()
    if state is None or not state.consecutive_failures:
        return None
    longest_ago = database_now() - _LONGEST_ROUND
    return max(state.succeeded_at or longest_ago, longest_ago)
