"""Statistics of what runs beside readers' requests: jobs, emails, purges, reviews, labels, disks.

Checks judge them, the status page shows them, and `/metrics` exports them.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage, storages
from django.db.models import Count, Max, Min, Q

from monographs.core.db_clock import recent_now
from monographs.editions.models import Checkpoint, TimeStamp
from monographs.label_watch.models import UpdateTask
from monographs.public.models import CachePurge, ListedPage
from monographs.review.models import Notice, Submission, SubmissionStatus
from monographs.review.notifications.delivery import sent_separately, waiting
from monographs.scheduler.job import Job, all_jobs
from monographs.scheduler.models import JobState
from monographs.source_library.models import SourceTask

#: Settings that name a folder to write to, or nothing.
OPTIONAL_FOLDERS = ("BACKUP_FOLDER", "LEDGER_HEADS_FOLDER")
#: A scheduler that runs begins each job within seconds; longer than this, and none runs.
SCHEDULER_SILENCE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Queue:
    """How many things wait, and since when the oldest does."""

    count: int
    oldest: datetime | None

    def age(self, now: datetime) -> timedelta:
        """How long the oldest has waited; zero if nothing waits."""
        return max(now - self.oldest, timedelta(0)) if self.oldest else timedelta(0)


@dataclass(frozen=True, slots=True)
class JobStatistics:
    """A job that this process or another one of the site runs, and its state; None if it never ran."""

    job: Job
    state: JobState | None

    @property
    def interval(self) -> timedelta:
        """The time between two runs by its schedule; zero if it does not run."""
        return self.job.times.interval if self.job.times else timedelta(0)

    def lateness(self, now: datetime) -> timedelta:
        """How long ago it should have begun; zero before that, and for a job that never ran."""
        return max(now - self.state.next_due, timedelta(0)) if self.state else timedelta(0)


@dataclass(frozen=True, slots=True)
class PurgeStatistics:
    """Purges of one cache node in the last days."""

    node: str
    sent: int
    never_accepted: int
    waiting: Queue


@dataclass(frozen=True, slots=True)
class ReviewStatistics:
    """Texts in review, and dates that have passed."""

    in_review: Queue
    overdue_submissions: int
    overdue_pages: int
    overdue_labels: int
    overdue_sources: int


def emails_waiting(now: datetime) -> Queue:
    """Emails that should have been sent, and wait for a mail server. One query if none waits at all."""
    if not Notice.objects.filter(sent_at=None).exists():
        return Queue(0, None)
    rows = waiting(now).filter(sent_separately()).order_by()
    return Queue(**rows.aggregate(count=Count("pk"), oldest=Min("created_at")))


def job_statistics() -> list[JobStatistics]:
    """The jobs that run on this site. One query."""
    states = JobState.objects.in_bulk()
    return [
        JobStatistics(job, states.get(name))
        for name, job in all_jobs().items()
        if not job.why_off or is_run_elsewhere(job, states.get(name))
    ]


def is_run_elsewhere(job: Job, state: JobState | None) -> bool:
    """Whether a scheduler with other settings runs a job that is not needed here, as ``BACKUP_FOLDER``."""
    silent_since = recent_now() - SCHEDULER_SILENCE
    return bool(job.unneeded() and job.times and state and state.next_due > silent_since)


def purge_statistics() -> list[PurgeStatistics]:
    """Purges by cache node. One query, or none without caches."""
    if not settings.CACHE_PURGE_URLS:
        return []
    waits = Q(sent_at=None, expired_at=None)
    rows = (
        CachePurge.objects.filter(node__in=settings.CACHE_PURGE_URLS)
        .values("node")
        .annotate(
            sent=Count("pk", Q(sent_at__isnull=False)),
            lost=Count("pk", Q(expired_at__isnull=False)),
            waits=Count("pk", waits),
            oldest=Min("created_at", filter=waits),
        )
    )
    by_node = {
        row["node"]: PurgeStatistics(
            row["node"], row["sent"], row["lost"], Queue(row["waits"], row["oldest"])
        )
        for row in rows
    }
    nothing = Queue(0, None)
    return [by_node.get(node, PurgeStatistics(node, 0, 0, nothing)) for node in settings.CACHE_PURGE_URLS]


def review_statistics(now: datetime) -> ReviewStatistics:
    """Texts in review, and pages whose review, or answer to a label or source, is overdue. Four queries."""
    today = now.date()
    found = Submission.objects.filter(status=SubmissionStatus.IN_REVIEW).aggregate(
        count=Count("pk"), oldest=Min("submitted_at"), overdue=Count("pk", Q(due_on__lt=today))
    )
    return ReviewStatistics(
        in_review=Queue(found["count"], found["oldest"]),
        overdue_submissions=found["overdue"],
        overdue_pages=ListedPage.objects.filter(withdrawn=False, next_due__lt=today).count(),
        overdue_labels=UpdateTask.objects.filter(closed_at=None, due_on__lt=today).count(),
        overdue_sources=SourceTask.objects.filter(closed_at=None, due_on__lt=today).count(),
    )


def unpublished_texts(now: datetime) -> Queue:
    """Signed texts that are due and not public. One query."""
    due = Submission.objects.filter(status=SubmissionStatus.SCHEDULED, publish_at__lte=now)
    return Queue(**due.aggregate(count=Count("pk"), oldest=Min("publish_at")))


def unstamped_heads() -> Queue:
    """Heads since the last that has a time stamp. Two queries, or none without an authority."""
    if not settings.LEDGER_TSA_URL:
        return Queue(0, None)
    stamped = TimeStamp.objects.aggregate(size=Max("checkpoint_id"))["size"] or 0
    later = Checkpoint.objects.filter(size__gt=stamped)
    return Queue(**later.aggregate(count=Count("pk"), oldest=Min("made_at")))


def written_folders() -> Iterator[tuple[str, Path]]:
    """Yield each folder that the service writes to, with the setting that names it."""
    yield from upload_folders()
    yield from scheduler_folders()


def upload_folders() -> Iterator[tuple[str, Path]]:
    """Yield the folders that web processes write to, with the setting that names it."""
    for name, storage in (
        ("FIGURES_ROOT", storages[settings.FIGURE_STORAGE]),
        ("MEDIA_ROOT", default_storage),
    ):
        if isinstance(storage, FileSystemStorage):
            yield name, Path(storage.location)


def scheduler_folders() -> Iterator[tuple[str, Path]]:
    """Yield the folders that only periodic work writes to, with the setting that names it."""
    for name in OPTIONAL_FOLDERS:
        if folder := getattr(settings, name):
            yield name, Path(folder)


def free_bytes(folder: Path) -> int:
    """Room on the disk of a folder, which need not exist yet."""
    return shutil.disk_usage(folder).free if folder.exists() else free_bytes(folder.parent)
