"""What runs beside readers' requests: periodic jobs, emails, purges, publications that are due.

None of it makes a web process unfit to serve, so `/readyz` reports it and answers 200.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from monographs.core.db_clock import database_now
from monographs.label_watch.label_knowledge import label_knowledge
from monographs.label_watch.mass_absence import unconfirmed_labels
from monographs.scheduler.job import all_jobs, schedule_mistakes
from monographs.scheduler.models import JobState
from monographs.scheduler.schedule import Schedule, parse_schedule
from monographs.site_checks.service_statistics import (
    SCHEDULER_SILENCE,
    JobStatistics,
    emails_waiting,
    is_run_elsewhere,
    job_statistics,
    purge_statistics,
    unpublished_texts,
    unstamped_heads,
)
from monographs.site_checks.site_check import site_check

#: A job that failed so often in a row needs a person: the pauses between are minutes by then.
FAILURES = 3
#: Emails are tried again every five minutes, purges every two seconds until they are of no use.
EMAILS_STUCK, PURGES_STUCK = timedelta(hours=1), timedelta(seconds=30)
#: A text that is due is published within two seconds.
PUBLICATION_LATE = timedelta(minutes=1)
#: A head is stamped when it is noted, or on the next day.
STAMP_AGE = timedelta(hours=26)
#: How much later than its interval a job may succeed, and what it does.
BACKUP_MARGIN = (timedelta(hours=2), "The last backup was made")
NO_BACKUP = (
    "Set BACKUP_FOLDER to a folder on another disk, at least for the scheduler. If something else makes "
    'backups, say so: SCHEDULE={"backup": "off"}.'
)
HEAD_MARGIN = (timedelta(hours=2), "The ledger's head was last noted")
#: How much older than the interval of checks an answer about a label may be: the service may be away for a
#: weekend.
LABEL_MARGIN = timedelta(days=2)


@site_check(at_start=True)
def schedule_setting() -> Iterator[CheckMessage]:
    """SCHEDULE names jobs and when they run."""
    for mistake in schedule_mistakes():
        yield Error(mistake, hint="`manage.py scheduler --list` shows the jobs; docs/operators/settings.md.")


@site_check(is_quick=True, manual="The scheduler does not run")
def scheduler_runs() -> Iterator[CheckMessage]:
    """A scheduler runs: signed texts are published when they are due, and emails are sent."""
    now, jobs = database_now(), job_statistics()
    if not any(each.state for each in jobs):
        yield Warning("No scheduler ever ran.", hint="Start `manage.py scheduler` beside the web processes.")
        return
    late = [each for each in jobs if each.lateness(now) > SCHEDULER_SILENCE and not _runs(each)]
    if late:
        longest = max(each.lateness(now) for each in late)
        names = ", ".join(each.job.name for each in late)
        yield Error(
            f"No scheduler does its work: {names} should have run {_words(longest)} ago.",
            hint="Start `manage.py scheduler` again, and see its log for why it ended.",
        )


def _runs(statistics: JobStatistics) -> bool:
    return bool(statistics.state and statistics.state.has_begun)


@site_check(is_quick=True, manual="A job fails")
def jobs_succeed() -> Iterator[CheckMessage]:
    """No periodic job fails again and again; backups were made, and labels answered for, lately."""
    for statistics in job_statistics():
        state = statistics.state
        if statistics.job.name == "backup":
            yield from _old_success(statistics, *BACKUP_MARGIN)
        if statistics.job.name == "check_labels":
            yield from _old_labels(statistics.interval)
        if state and state.consecutive_failures >= FAILURES:
            yield Warning(
                f"{state.name} ({statistics.job.title}) failed {state.consecutive_failures} times: "
                f"{state.last_error}",
                hint=f"Correct what it says; `manage.py scheduler --once {state.name}` tries it at once.",
            )


def _old_success(statistics: JobStatistics, margin: timedelta, words: str) -> Iterator[CheckMessage]:
    """Warn if a job's last success is older than its interval and ``margin``."""
    succeeded_at = statistics.state and statistics.state.succeeded_at
    age = database_now() - succeeded_at if succeeded_at else timedelta(0)
    if age > statistics.interval + margin:
        yield Warning(
            f"{words} {_words(age)} ago.",
            hint=f"`manage.py scheduler --once {statistics.job.name}` does it now, or says why it cannot.",
        )


@site_check(is_quick=True, manual="Backup and restore")
def backups_are_made() -> Iterator[CheckMessage]:
    """Backups are made here, or SCHEDULE says that they are made elsewhere."""
    if settings.BACKUP_FOLDER or settings.DEBUG:
        return
    # A scheduler may have the folder, and this process not
    state, schedule = JobState.objects.filter(pk="backup").first(), _backup_schedule()
    if schedule and is_run_elsewhere(all_jobs()["backup"], state):
        return  # `jobs_succeed` says how it goes there
    if state and state.succeeded_at:
        age = database_now() - state.succeeded_at
        if schedule and age > schedule.interval + BACKUP_MARGIN[0]:
            yield Warning(f"The last backup was made {_words(age)} ago.", hint=NO_BACKUP)
    elif settings.BACKUP_KEYS:
        yield Warning(
            "BACKUP_KEYS is set and BACKUP_FOLDER is not, so no backup is made that could be encrypted.",
            hint="Set BACKUP_FOLDER to a folder on another disk, or remove BACKUP_KEYS.",
        )
    elif schedule:
        yield Warning("No backups are made here: who loses the database loses the site.", hint=NO_BACKUP)


def _backup_schedule() -> Schedule | None:
    """When backups are made; None if SCHEDULE says that something else makes them, or is wrong."""
    try:
        return parse_schedule(settings.SCHEDULE.get("backup", all_jobs()["backup"].usual))
    except ValueError:  # which has a check of its own
        return None


def _old_labels(interval: timedelta) -> Iterator[CheckMessage]:
    """Warn if the oldest answer about a followed label is older than the ``interval`` of checks and more.

    A site that asks no service is warned as well while files have told nothing of any label.
    """
    known = label_knowledge()
    age = known.age(database_now())
    unread = settings.LABEL_SOURCE == "none" and 0 < known.followed == known.never
    if age > interval + LABEL_MARGIN or unread:
        how_old = f"{_words(age)} old" if known.oldest else "still missing"
        yield Warning(
            f"The oldest answer about a label is {how_old}: of {known.followed} that are followed, "
            f"{known.failing} fail, and {known.never} were never answered.",
            hint="`manage.py check_labels` asks the service, or reads newer files (`--from FOLDER`): it "
            "says what fails.",
        )


@site_check(is_quick=True, manual="Emails are not sent")
def emails_are_sent() -> Iterator[CheckMessage]:
    """No email waits for a mail server."""
    now = database_now()
    queue = emails_waiting(now)
    if queue.age(now) > EMAILS_STUCK:
        yield Warning(
            f"{queue.count} emails about reviews wait, the oldest for {_words(queue.age(now))}.",
            hint="`manage.py doctor` asks the mail server and says what is wrong; they are sent afterwards.",
        )


@site_check(is_quick=True, manual="A cache is not told of publications")
def purges_are_accepted() -> Iterator[CheckMessage]:
    """Every cache accepts what it is told of publications."""
    now = database_now()
    for node in purge_statistics():
        if node.waiting.age(now) > PURGES_STUCK or node.never_accepted:
            yield Warning(
                f"The cache {node.node} does not accept purges: {node.waiting.count} wait, "
                f"{node.never_accepted} were never accepted in seven days.",
                hint="Start it, or remove it from CACHE_PURGE_URLS if it serves nobody any more.",
            )


@site_check(is_quick=True, manual="A signed text is not published")
def due_texts_are_published() -> Iterator[CheckMessage]:
    """Every signed text is public on its date."""
    now = database_now()
    queue = unpublished_texts(now)
    if queue.age(now) > PUBLICATION_LATE:
        yield Error(
            f"{queue.count} signed texts are due, but not public; the oldest for {_words(queue.age(now))}.",
            hint="`manage.py publish_scheduled` says why, and so does an email to editors.",
        )


@site_check(is_quick=True, manual="The ledger's head is old")
def head_is_noted() -> Iterator[CheckMessage]:
    """The ledger's head was noted when it was due, for a later verification to compare with."""
    job = next((each for each in job_statistics() if each.job.name == "ledger_head"), None)
    if job:
        yield from _old_success(job, *HEAD_MARGIN)


@site_check(is_quick=True, manual="Evidence")
def head_is_kept_elsewhere() -> Iterator[CheckMessage]:
    """The ledger's head is kept out of the database's reach."""
    if not (settings.LEDGER_HEADS_FOLDER or settings.LEDGER_HEAD_TO) and not settings.DEBUG:
        yield Warning(
            "The ledger's head is kept nowhere but in this database.",
            hint="Set LEDGER_HEAD_TO, or LEDGER_HEADS_FOLDER to a folder out of database users' reach.",
        )


@site_check(is_quick=True, manual="The ledger's head has no time stamp")
def head_is_stamped() -> Iterator[CheckMessage]:
    """The time stamping authority stamps the ledger's heads, if there is one."""
    now = database_now()
    heads = unstamped_heads()
    if heads.age(now) > STAMP_AGE:
        yield Warning(
            f"{heads.count} heads of the ledger have no time stamp, the oldest for {_words(heads.age(now))}.",
            hint="`manage.py scheduler --once ledger_head` asks the authority, and says why it refuses.",
        )


@site_check(is_quick=True, manual="Many labels are gone at once")
def labels_are_published() -> Iterator[CheckMessage]:
    """The service of labels does not say of many labels at once that they are gone."""
    count, since = unconfirmed_labels()
    if since is not None:
        yield Warning(
            f"{count} followed labels are said to be gone, since {_words(database_now() - since)}. Of so "
            "many at once it is unconfirmed: none was marked, and no change of them is noticed.",
            hint="Open one there, and see LABEL_SOURCE; `manage.py check_labels` asks again.",
        )


def _words(duration: timedelta) -> str:
    """Return a duration in its largest unit."""
    seconds = int(duration.total_seconds())
    for size, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} seconds"
